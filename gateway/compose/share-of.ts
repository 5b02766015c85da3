import type { GatewayConfig } from '../config/read-config.ts';
import { DEFAULT_LIMITS } from '../rpc/limits.ts';

/** Limits of what all threads hold together, of which each has its part: the kernel spreads connections among them. */
const DIVIDED = [
  'connections',
  'connectionsPerEntity',
  'heldBytes',
  'heldBytesPerEntity',
  'requestsPerEntity',
  'windowBytesPerEntity',
  'handshakes',
  'handshakesPerAddress',
] as const;

/** The part of one of so many threads. */
export function shareOf(limits: GatewayConfig['limits'], threads: number) {
  return Object.fromEntries(DIVIDED.map((name) => [name, Math.ceil((limits[name] ?? DEFAULT_LIMITS[name]) / threads)]));
}
