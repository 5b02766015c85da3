import type { Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import { type Bucket, takeFrom } from './bucket.ts';

export interface HandshakeLimits {
  readonly handshakes: number;
  readonly handshakesPerAddress: number;
}

/** How many seconds' worth an address may use at once: a client that opens its connections, a gateway that comes back. */
const BURST_SECONDS = 4;
/** Addresses remembered; those with a full bucket are nobody to remember. */
const MOST_ADDRESSES = 10_000;

/**
 * Closes new connections of peers whom nobody knows yet, before a handshake costs anything: a full handshake is a signature and a key
 * agreement on the thread that serves everybody.
 */
export function guardHandshakes(
  server: Server,
  { handshakes, handshakesPerAddress }: HandshakeLimits,
  { nowMs, onTurnedAway }: { readonly nowMs: () => number; readonly onTurnedAway: () => void },
): void {
  const underWay = new Set<string>();
  const buckets = new Map<string, Bucket>();
  const most = handshakesPerAddress * BURST_SECONDS;

  function take(address: string): boolean {
    const now = nowMs();
    const bucket = buckets.get(address) ?? { left: most, at: now };
    buckets.delete(address);
    buckets.set(address, bucket);
    if (buckets.size > MOST_ADDRESSES) forgetOldest();
    return takeFrom(bucket, handshakesPerAddress, most, now);
  }

  function forgetOldest(): void {
    const [oldest] = buckets.keys();
    if (oldest !== undefined) buckets.delete(oldest);
  }

  // The raw socket and the one over TLS tell the same of the other end.
  const keyOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
  const done = (socket: TLSSocket) => void underWay.delete(keyOf(socket));

  server.prependListener('connection', (socket: Socket) => {
    const key = keyOf(socket);
    if (underWay.size >= handshakes || !take(socket.remoteAddress ?? '')) {
      onTurnedAway();
      socket.destroy();
      return;
    }
    underWay.add(key);
    socket.once('close', () => underWay.delete(key));
  });
  server.on('secureConnection', done);
  server.on('tlsClientError', (_fault: Error, socket: TLSSocket) => done(socket));
}
