import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 16 * 1024;

/**
 * A source of random bytes that asks the system for many at a time: one call into OpenSSL costs more than the bytes, and a call
 * needs eight such draws. Each byte is given out once.
 */
export function createRandomSource(): (count: number) => Buffer {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  return (count) => {
    const out = Buffer.allocUnsafe(count);
    if (count > POOL_BYTES) return randomFillSync(out);
    if (used + count > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    pool.copy(out, 0, used, used + count);
    // What was given out is not kept: a later look into this memory finds no nonce and no salt.
    pool.fill(0, used, used + count);
    used += count;
    return out;
  };
}

/** The source of this process. */
export const drawRandom = createRandomSource();
