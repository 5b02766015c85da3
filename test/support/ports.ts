/**
 * Ports at which a test lets something listen later on, or at which nobody is to listen.
 *
 * They lie below the range from which the machine gives a port to whoever asks for any: one of that range, found free and let
 * go, may be another's before its owner listens there. Each process has a block of its own, which it holds by listening at the
 * block's first port until it ends, so that neither the workers of a run nor two runs on one machine are given the same.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { freePort } from '../../gateway/cli/stack/free-port.ts';

const RANGE = '/proc/sys/net/ipv4/ip_local_port_range';
/** Where Linux begins unless told otherwise; macOS and Windows begin higher. */
const USUALLY_GIVEN_FROM = 32_768;
const LOWEST = 1024;
export const BLOCK = 50;
const BLOCKS = 200;

/** The first port of all blocks, by what the machine says of the range that it gives from (`first last`). */
export function firstPort(range: string): number {
  const given = Number(range.trim().split(/\s+/)[0]);
  const below = Number.isInteger(given) ? Math.min(given, USUALLY_GIVEN_FROM) : USUALLY_GIVEN_FROM;
  const first = below - BLOCK * BLOCKS;
  // Where there is no room below, those ports are as good as any others.
  return first >= LOWEST ? first : USUALLY_GIVEN_FROM - BLOCK * BLOCKS;
}

/** What the machine says; empty where it does not. */
export function rangeGiven(): string {
  try {
    return readFileSync(RANGE, 'utf8');
  } catch {
    return '';
  }
}

let block: Promise<number> | undefined;
let asked = 0;

/** A port at which nobody listens now, and that nobody who asks here or asks the machine for any port is given. */
export async function testPort(): Promise<number> {
  block ??= holdBlock();
  const first = await block;
  for (let tries = 1; tries < BLOCK; tries++) {
    const port = first + 1 + (asked++ % (BLOCK - 1));
    const free = await freePort(port).catch(() => undefined);
    if (free !== undefined) return free;
  }
  throw new Error(`somebody listens at every port from ${first + 1} to ${first + BLOCK - 1}`);
}

/**
 * Lets something listen at a port. Where a program that knows nothing of the blocks was quicker, once more at another; what
 * `listen` rejects with must then say so, in the words of the gateway or of PostgreSQL.
 */
export async function atPort<T>(listen: (port: number) => Promise<T>): Promise<T> {
  const port = await testPort();
  return listen(port).catch(async (error: Error) => {
    if (!/is in use by another process|could not bind IPv4 address/.test(error.message)) throw error;
    return listen(await testPort());
  });
}

async function holdBlock(): Promise<number> {
  const first = firstPort(rangeGiven());
  for (let number = 0; number < BLOCKS; number++) if (await held(first + number * BLOCK)) return first + number * BLOCK;
  throw new Error(`somebody holds each of the ${BLOCKS} blocks of ports from ${first}`);
}

/** Listens there as long as the process lives. */
function held(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true)).unref();
  });
}
