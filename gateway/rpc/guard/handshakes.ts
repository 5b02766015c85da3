import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Bucket, takeFrom } from './bucket.ts';

export interface HandshakeLimits {
  readonly handshakes: number;
  readonly handshakesPerAddress: number;
}

export interface DoorOptions extends HandshakeLimits {
  readonly nowMs: () => number;
  /** Whether anybody is served whom handshakes would keep waiting. */
  readonly busy: () => boolean;
  /** Begins the handshake of a connection. */
  readonly begin: (socket: Socket) => void;
  /** Told of a connection that is closed before its handshake. */
  readonly onTurnedAway: () => void;
}

/**
 * Where connections of peers whom nobody knows yet stand before a handshake costs anything: a full one is a signature, a key agreement
 * and a chain of certificates on the thread that serves everybody.
 */
export interface Door {
  arrive(socket: Socket): void;
  /** Its handshake is over, whichever way. */
  done(socket: TLSSocket): void;
  /** For some seconds the address has few handshakes: nothing comes from there but whoever was let go. */
  slow(address: string): void;
}

/** How many seconds' worth an address may use at once: a client that opens its connections, a gateway that comes back. */
const BURST_SECONDS = 4;
/** Addresses remembered; those with a full bucket are nobody to remember. */
const MOST_ADDRESSES = 10_000;
/** Beside calls one handshake, of a millisecond or two, is begun in so long. */
const PACE_MS = 5;
const SLOW_MS = 5_000;
/** Handshakes a second, and at once, of an address that was slowed. */
const SLOW_A_SECOND = 10;
/** Whoever is turned away is left unread for a while: told at once he would come back at once. */
const LEFT_MS = 1_000;
const MOST_LEFT = 1_024;

interface Address {
  bucket: Bucket;
  slowUntil: number;
}

export function createDoor(options: DoorOptions): Door {
  const { handshakes, handshakesPerAddress, nowMs, busy, begin, onTurnedAway } = options;
  const underWay = new Set<string>();
  const addresses = new Map<string, Address>();
  /** Those that wait for their handshake, by address, whose turn it is first. */
  const lines = new Map<string, Set<Socket>>();
  let waiting = 0;
  let left = 0;
  let begunAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  function addressOf(name: string): Address {
    const address = addresses.get(name) ?? {
      bucket: { left: handshakesPerAddress * BURST_SECONDS, at: nowMs() },
      slowUntil: 0,
    };
    addresses.delete(name);
    addresses.set(name, address);
    const [oldest] = addresses.keys();
    if (addresses.size > MOST_ADDRESSES && oldest !== undefined) addresses.delete(oldest);
    return address;
  }

  function take(name: string): boolean {
    const { bucket, slowUntil } = addressOf(name);
    const now = nowMs();
    return now < slowUntil
      ? takeFrom(bucket, Math.min(SLOW_A_SECOND, handshakesPerAddress), SLOW_A_SECOND, now)
      : takeFrom(bucket, handshakesPerAddress, handshakesPerAddress * BURST_SECONDS, now);
  }

  function turnAway(socket: Socket): void {
    onTurnedAway();
    if (left >= MOST_LEFT) {
      socket.destroy();
      return;
    }
    left += 1;
    const leave = setTimeout(() => socket.destroy(), LEFT_MS).unref();
    socket.once('close', () => {
      clearTimeout(leave);
      left -= 1;
    });
  }

  function start(socket: Socket): void {
    const key = keyOf(socket);
    underWay.add(key);
    socket.once('close', () => underWay.delete(key));
    begunAt = nowMs();
    begin(socket);
  }

  function line(socket: Socket): void {
    const name = socket.remoteAddress ?? '';
    const own = lines.get(name) ?? new Set();
    lines.set(name, own.add(socket));
    waiting += 1;
    socket.once('close', () => leaveLine(name, own, socket));
  }

  function leaveLine(name: string, own: Set<Socket>, socket: Socket): void {
    if (!own.delete(socket)) return;
    waiting -= 1;
    if (own.size === 0) lines.delete(name);
  }

  function next(): void {
    timer = undefined;
    while (waiting > 0) {
      const wait = begunAt + PACE_MS - nowMs();
      if (wait > 0 && busy()) {
        timer = setTimeout(next, wait);
        return;
      }
      for (const [name, own] of lines) {
        const [socket] = own;
        if (socket === undefined) continue;
        leaveLine(name, own, socket);
        // Whoever had a turn stands last.
        if (lines.delete(name)) lines.set(name, own);
        start(socket);
        break;
      }
    }
  }

  return {
    arrive(socket) {
      // Nobody else listens yet; what becomes of it shows in its close.
      socket.on('error', () => undefined);
      if (underWay.size + waiting >= handshakes || !take(socket.remoteAddress ?? '')) turnAway(socket);
      else {
        line(socket);
        if (timer === undefined) next();
      }
    },
    done(socket) {
      underWay.delete(keyOf(socket));
    },
    slow(name) {
      const address = addressOf(name);
      address.slowUntil = nowMs() + SLOW_MS;
      address.bucket.left = Math.min(address.bucket.left, SLOW_A_SECOND);
    },
  };
}

/** The raw socket and the one over TLS tell the same of the other end. */
const keyOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
