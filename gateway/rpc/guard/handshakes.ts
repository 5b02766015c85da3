import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Bucket, takeFrom } from './bucket.ts';
import { networkOf } from './network.ts';

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
  /** Closes all that stand here, and whoever comes yet. */
  close(): void;
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
  /** Those that wait and those whose handshake is under way, by address, oldest first. */
  const standing = new Map<string, Set<Socket>>();
  const underWay = new Map<string, Socket>();
  const addresses = new Map<string, Address>();
  /** Those that wait for their handshake, by address, whose turn it is first. */
  const lines = new Map<string, Set<Socket>>();
  const left = new Set<Socket>();
  let count = 0;
  let closed = false;
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
    if (left.size >= MOST_LEFT) {
      socket.destroy();
      return;
    }
    left.add(socket);
    const over = setTimeout(() => socket.destroy(), LEFT_MS).unref();
    socket.once('close', () => {
      clearTimeout(over);
      left.delete(socket);
    });
  }

  function stand(name: string, socket: Socket): void {
    const own = standing.get(name) ?? new Set();
    standing.set(name, own.add(socket));
    count += 1;
    socket.once('close', () => leave(socket, name));
  }

  function leave(socket: Socket, name: string): void {
    const own = standing.get(name);
    if (own?.delete(socket) !== true) return;
    count -= 1;
    if (own.size === 0) standing.delete(name);
  }

  /**
   * Room for one more from there. Where all is taken, the address that stands here most gives way, with whoever has stood longest: else
   * one that lets its handshakes lie would have all there are.
   */
  function hasRoom(name: string): boolean {
    if (count < handshakes) return true;
    let most: readonly [string, Set<Socket>] | undefined;
    for (const one of standing) if (one[1].size > (most?.[1].size ?? 0)) most = one;
    const [oldest] = most?.[1] ?? [];
    if (most === undefined || oldest === undefined || most[1].size <= (standing.get(name)?.size ?? 0) + 1) return false;
    leave(oldest, most[0]);
    onTurnedAway();
    oldest.destroy();
    return true;
  }

  function start(socket: Socket): void {
    const key = keyOf(socket);
    underWay.set(key, socket);
    socket.once('close', () => underWay.delete(key));
    begunAt = nowMs();
    begin(socket);
  }

  function line(name: string, socket: Socket): void {
    const own = lines.get(name) ?? new Set();
    lines.set(name, own.add(socket));
    socket.once('close', () => leaveLine(name, own, socket));
  }

  function leaveLine(name: string, own: Set<Socket>, socket: Socket): void {
    if (own.delete(socket) && own.size === 0) lines.delete(name);
  }

  function next(): void {
    timer = undefined;
    for (const [name, own] of lines) {
      const wait = begunAt + PACE_MS - nowMs();
      if (wait > 0 && busy()) {
        timer = setTimeout(next, wait);
        return;
      }
      const [socket] = own;
      if (socket === undefined) continue;
      leaveLine(name, own, socket);
      // Whoever had a turn stands last, and is come to again.
      if (lines.delete(name)) lines.set(name, own);
      start(socket);
    }
  }

  return {
    arrive(socket) {
      // Nobody else listens yet; what becomes of it shows in its close.
      socket.on('error', () => undefined);
      const name = nameOf(socket);
      if (closed) socket.destroy();
      else if (!take(name) || !hasRoom(name)) turnAway(socket);
      else {
        stand(name, socket);
        line(name, socket);
        if (timer === undefined) next();
      }
    },
    done(socket) {
      const key = keyOf(socket);
      const raw = underWay.get(key);
      underWay.delete(key);
      if (raw !== undefined) leave(raw, nameOf(raw));
    },
    slow(name) {
      const address = addressOf(networkOf(name));
      address.slowUntil = nowMs() + SLOW_MS;
      address.bucket.left = Math.min(address.bucket.left, SLOW_A_SECOND);
    },
    close() {
      closed = true;
      for (const own of [...standing.values(), left]) for (const socket of [...own]) socket.destroy();
    },
  };
}

const nameOf = (socket: Socket) => networkOf(socket.remoteAddress ?? '');

/** The raw socket and the one over TLS tell the same of the other end. */
const keyOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
