/**
 * A greedy reader's proxy: it takes whatever a gateway gives to the kernel, at once, and knows of every message at which byte of the
 * connection it ended. It opens the connection as the agency and serves it in clear on the other side. It can stop reading, too.
 */
import { createServer, type Socket, connect as tcpConnect } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import type { Arrival, Progress } from './arrivals.ts';
import { readMessages } from './grpc-messages.ts';
import type { KernelQueues } from './kernel-queues.ts';
import { alignRecords, createRecordReader } from './tls-records.ts';

export interface TapTarget {
  readonly port: number;
  /** PEM. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  /** The number of the next connection, one for all taps that are looked at together. */
  readonly connection: () => number;
}

export interface Tap {
  readonly port: number;
  /** Reads nothing any more, from so many bytes on. */
  stall(afterBytes?: number): void;
  flow(): void;
  /** True where it has stopped reading. */
  readonly stalled: boolean;
  /** How far each connection is, by its number, where the queues were read in this turn. */
  progress(queues: KernelQueues): [number, Progress][];
  /** All whole messages so far. */
  arrivals(): Arrival[];
  close(): Promise<void>;
}

/** At once: by at most so much it takes more than it is told to. */
const READ_BYTES = 4096;

interface Tapped {
  readonly connection: number;
  readonly raw: Socket;
  readonly near: Socket;
  readonly records: ReturnType<typeof createRecordReader>;
  readonly plain: Buffer[];
}

export async function startTap(to: TapTarget): Promise<Tap> {
  const all: Tapped[] = [];
  /** Bytes that are still read; undefined for all. */
  let still: number | undefined;
  let stalled = false;

  function stopReading(): void {
    stalled = true;
    for (const { raw } of all) raw.pause();
  }

  function open(near: Socket): void {
    const records = createRecordReader();
    const plain: Buffer[] = [];
    // With a buffer of its own the socket reads nothing at all while it is paused; without one it would fill a buffer first.
    const raw = tcpConnect({
      ...{ port: to.port, host: '127.0.0.1', noDelay: true },
      onread: {
        buffer: Buffer.alloc(READ_BYTES),
        callback(length, buffer) {
          take(Buffer.from(buffer.subarray(0, length)));
          return !stalled;
        },
      },
    });
    all.push({ connection: to.connection(), raw, near, records, plain });
    // Nothing slows it down but `stall`: what is not wanted yet waits in this process.
    const wire = new Duplex({
      read: () => undefined,
      write: (bytes: Buffer, _encoding, done) => void raw.write(bytes, () => done()),
      final: (done) => void raw.end(() => done()),
    });
    function take(bytes: Buffer): void {
      records.push(bytes);
      wire.push(bytes);
      if (still === undefined) return;
      still -= bytes.length;
      if (still <= 0) stopReading();
    }
    raw.on('end', () => wire.push(null));
    raw.on('error', () => undefined);
    raw.on('close', () => near.destroy());
    const { ca, certificate: cert, key } = to;
    const opened = tlsConnect({ socket: wire, ca, cert, key, servername: 'localhost', ALPNProtocols: ['h2'] });
    opened.on('data', (bytes: Buffer) => {
      plain.push(bytes);
      near.write(bytes);
    });
    opened.on('error', () => raw.destroy());
    opened.on('end', () => near.end());
    near.on('data', (bytes: Buffer) => void opened.write(bytes));
    near.on('error', () => undefined);
    near.on('close', () => raw.destroy());
    if (stalled) raw.pause();
  }

  function progressOf({ raw }: Tapped, queues: KernelQueues): Progress {
    const read = raw.bytesRead;
    const { localPort } = raw;
    return { read, accepted: read + (localPort === undefined ? 0 : queues.unread(to.port, localPort)) };
  }

  const server = createServer({ noDelay: true }, open);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    stall(afterBytes = 0) {
      still = afterBytes;
      stalled = false;
      if (still <= 0) stopReading();
    },
    flow() {
      still = undefined;
      stalled = false;
      for (const { raw } of all) raw.resume();
    },
    get stalled() {
      return stalled;
    },
    progress: (queues) => all.map((tapped) => [tapped.connection, progressOf(tapped, queues)]),
    arrivals() {
      return all.flatMap(({ connection, records, plain }) => {
        const aligned = alignRecords(
          records.records,
          plain.map(({ length }) => length),
        );
        let at = 0;
        return readMessages(Buffer.concat(plain)).map(({ bytes, end }) => {
          while ((aligned[at]?.to ?? Infinity) < end) at += 1;
          return { connection, message: bytes, end: aligned[at]?.end ?? Infinity };
        });
      });
    },
    close: () =>
      new Promise((resolve) => {
        for (const { raw, near } of all) {
          raw.destroy();
          near.destroy();
        }
        server.close(() => resolve());
      }),
  };
}
