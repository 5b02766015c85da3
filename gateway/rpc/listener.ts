import { constants } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer as createPlainServer } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { guardHandshakes, type HandshakeLimits } from './guard/handshakes.ts';
import { faultFields, type RpcLog } from './log.ts';

/** PEM, as in the files. */
export interface TlsMaterial {
  readonly ca: Buffer | string;
  readonly cert: Buffer | string;
  readonly key: Buffer | string;
}

export type Sharing = 'none' | 'first' | 'joining';

export interface ListenerOptions extends HandshakeLimits {
  /** `host:port`, `[::1]:port`; port 0 takes a free one. A name is listened to at all its addresses. */
  readonly address: string;
  readonly tls: TlsMaterial;
  readonly handshakeMs: number;
  readonly connections: number;
  /**
   * `none`: the port is this listener's alone. Otherwise threads of this process listen at one port, and the kernel spreads the
   * connections: `first`, where nobody else may be there yet, then `joining`.
   */
  readonly sharing: Sharing;
  readonly accept: (socket: TLSSocket) => void;
  /** Told of a connection that was closed before its handshake. */
  readonly onTurnedAway: () => void;
  readonly log: RpcLog;
}

export interface Listener {
  /** Resolves to the port. */
  listen(): Promise<number>;
  /** Takes no new connections; those accepted live on. */
  close(): void;
}

/** About refused handshakes. */
const LINES_A_SECOND = 10;

/** Listens for mutual TLS 1.3 with HTTP/2 and hands over the connections whose client certificate the CA has signed. */
export function createListener(options: ListenerOptions): Listener {
  const servers: Server[] = [];
  async function listenAt(host: string, port: number): Promise<number> {
    if (options.sharing === 'first' && port !== 0) await mustBeFree(host, port);
    const server = tlsServer(options);
    server.listen({ host, port, reusePort: options.sharing !== 'none' });
    await once(server, 'listening');
    server.on('error', (fault) => options.log.error(faultFields(fault), 'the listener failed'));
    servers.push(server);
    return (server.address() as AddressInfo).port;
  }
  return {
    async listen() {
      const { host, port } = splitAddress(options.address);
      let bound = port;
      for (const { address } of await lookup(host, { all: true })) {
        bound = await listenAt(address, bound).catch((fault) => skipAbsentFamily(fault, bound));
      }
      if (servers.length === 0) throw new Error('no address of that host is on this machine');
      return bound;
    },
    close() {
      for (const server of servers) server.close();
    },
  };
}

function tlsServer(options: ListenerOptions): Server {
  const { tls, handshakeMs, connections, accept, log, onTurnedAway } = options;
  const server = createServer({
    ...tls,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['h2'],
    handshakeTimeout: handshakeMs,
    noDelay: true,
    // A resumed session would skip the check of the certificate, which may have expired since.
    secureOptions: constants.SSL_OP_NO_TICKET,
  });
  server.maxConnections = connections;
  guardHandshakes(server, options, { nowMs: () => performance.now(), onTurnedAway });
  server.on('secureConnection', accept);
  // Strangers do not fill the log: some lines a second, and how many there were since the one before.
  let refused = 0;
  let lines = 0;
  let second = 0;
  server.on('tlsClientError', (fault: Error) => {
    refused += 1;
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) [second, lines] = [now, 0];
    if (++lines > LINES_A_SECOND) return;
    log.warn({ ...faultFields(fault), count: refused }, 'a TLS handshake was refused');
    refused = 0;
  });
  return server;
}

/** Whoever asks to share a port is let in beside another process that did so too, and would take half of its connections. */
async function mustBeFree(host: string, port: number): Promise<void> {
  const probe = createPlainServer().listen({ host, port });
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

/** Splits at the last colon; brackets around an IPv6 host are dropped. */
export function splitAddress(address: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || port > 65_535) throw new Error('an address has the form host:port');
  return { host, port };
}

/** A name may have an IPv6 address on a machine without IPv6. */
function skipAbsentFamily(fault: NodeJS.ErrnoException, bound: number): number {
  if (fault.code === 'EADDRNOTAVAIL' || fault.code === 'EAFNOSUPPORT') return bound;
  throw fault;
}
