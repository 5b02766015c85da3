import { constants } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer as createPlainServer, type Server } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { HandshakeFault } from '../telemetry/edge-usage.ts';
import { fewLines } from '../telemetry/few-lines.ts';
import { createDoor, type Door, type HandshakeLimits } from './guard/handshakes.ts';
import { faultOfHandshake } from './handshake-fault.ts';
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
  /** Whether anybody is served whom handshakes would keep waiting. */
  readonly busy: () => boolean;
  /** Told of a connection that was closed before its handshake. */
  readonly onTurnedAway: () => void;
  /** Told of each handshake that came to nothing. */
  readonly onRefused: (why: HandshakeFault) => void;
  readonly log: RpcLog;
}

export interface Listener {
  /** Resolves to the port. */
  listen(): Promise<number>;
  /** Takes no new connections, also none whose handshake is under way; those accepted live on. */
  close(): void;
  /** {@link Door.slow} */
  slow(address: string): void;
}

/** About refused handshakes. */
const LINES_A_SECOND = 10;

/** Listens for mutual TLS 1.3 with HTTP/2 and hands over the connections whose client certificate the CA has signed. */
export function createListener(options: ListenerOptions): Listener {
  const servers: Server[] = [];
  const door = createTlsDoor(options);
  async function listenAt(host: string, port: number): Promise<number> {
    if (options.sharing === 'first' && port !== 0) await mustBeFree(host, port);
    const server = createPlainServer({ noDelay: true, pauseOnConnect: true }, door.arrive);
    server.maxConnections = options.connections;
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
      if (servers.length === 0) {
        throw Object.assign(new Error('no address of that host is on this machine'), { code: 'EADDRNOTAVAIL' });
      }
      return bound;
    },
    close() {
      for (const server of servers) server.close();
      door.close();
    },
    slow: door.slow,
  };
}

/** Connections pass from the door to a TLS server that listens nowhere itself: whoever is turned away never costs a TLS socket. */
function createTlsDoor(options: ListenerOptions): Door {
  const { tls, handshakeMs, accept, onRefused, log } = options;
  const server = createServer({
    ...tls,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['h2'],
    handshakeTimeout: handshakeMs,
    // A resumed session would skip the check of the certificate, which may have expired since.
    secureOptions: constants.SSL_OP_NO_TICKET,
  });
  const door = createDoor({
    ...options,
    nowMs: () => performance.now(),
    begin: (socket) => void server.emit('connection', socket),
  });
  server.on('secureConnection', (socket) => {
    door.done(socket);
    accept(socket);
  });
  // Strangers do not fill the log: some lines a second, and how many there were since the one before.
  const line = fewLines(LINES_A_SECOND, () => performance.now());
  server.on('tlsClientError', (fault: Error, socket: TLSSocket) => {
    door.done(socket);
    // Of a handshake that took too long Node only tells: the connection would stay, and be one of those that there may be, for ever.
    socket.destroy();
    const why = faultOfHandshake(fault, socket.authorizationError);
    onRefused(why);
    const count = line();
    if (count !== undefined) log.warn({ why, ...faultFields(fault), count }, 'a TLS handshake was refused');
  });
  return door;
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
