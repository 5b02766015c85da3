/** Between a gateway and PostgreSQL: counts the statements that its connections for calls run. Reads no more than the protocol's frames. */
import { createServer, type Socket, connect as tcpConnect } from 'node:net';

export interface StatementCounter {
  /** The database through the counter. */
  readonly url: string;
  /** Since the last `reset`. */
  readonly count: number;
  reset(): void;
  close(): void;
}

/** Connections that work for calls; others look after leases, clocks and agreements all the time. */
const OF_CALLS = /application_name\0lienthong-(gateway|log)\0/;
const QUERY = 'Q'.charCodeAt(0);
const EXECUTE = 'E'.charCodeAt(0);

export async function countStatements(databaseUrl: string): Promise<StatementCounter> {
  const url = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let count = 0;

  /** Frontend messages: the first one without a type, each with its length. */
  function watch(socket: Socket): void {
    let waiting = Buffer.alloc(0);
    let started = false;
    let counts = false;
    socket.on('data', (bytes: Buffer) => {
      waiting = Buffer.concat([waiting, bytes]);
      for (;;) {
        const at = started ? 1 : 0;
        if (waiting.length < at + 4) return;
        const end = at + waiting.readInt32BE(at);
        if (waiting.length < end) return;
        if (!started) counts = OF_CALLS.test(waiting.toString('latin1', 0, end));
        else if (counts && (waiting[0] === QUERY || waiting[0] === EXECUTE)) count += 1;
        started = true;
        waiting = waiting.subarray(end);
      }
    });
  }

  const server = createServer((socket) => {
    const onwards = tcpConnect(Number(url.port), url.hostname);
    watch(socket);
    for (const [from, into] of [
      [socket, onwards],
      [onwards, socket],
    ] as const) {
      sockets.add(from);
      from.pipe(into);
      from.on('error', () => into.destroy());
      from.on('close', () => into.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const through = new URL(databaseUrl);
  through.hostname = '127.0.0.1';
  through.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  return {
    url: through.toString(),
    get count() {
      return count;
    },
    reset() {
      count = 0;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
