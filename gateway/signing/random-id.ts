import { randomFillSync } from 'node:crypto';

const DRAW_BYTES = 16;
const DRAWS_A_FILL = 256;

/**
 * Draws of 128 random bits, made for 256 at a time: one call into OpenSSL costs more than the bytes. Each byte is
 * given out once, and is not kept: a later look into this memory finds nothing that was drawn.
 */
function createDraws<T>(take: (pool: Buffer, from: number, to: number) => T): () => T {
  const pool = Buffer.alloc(DRAW_BYTES * DRAWS_A_FILL);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const from = used;
    used += DRAW_BYTES;
    const drawn = take(pool, from, used);
    pool.fill(0, from, used);
    return drawn;
  };
}

/** Makes 128-bit random identifiers as 22 characters of base64url (`jti`). */
export function createRandomIds(): () => string {
  return createDraws((pool, from, to) => pool.toString('base64url', from, to));
}

/** Makes blinding values: 16 random bytes, a copy of their own each. */
export function createBlinds(): () => Uint8Array {
  return createDraws((pool, from, to) => Uint8Array.prototype.slice.call(pool, from, to));
}
