import { randomFillSync } from 'node:crypto';

const ID_BYTES = 16;
const IDS_A_FILL = 256;

/**
 * Makes 128-bit random identifiers as 22 characters of base64url (`jti`).
 *
 * Random bytes are drawn for 256 identifiers at a time: one call into OpenSSL costs more than the bytes. Each byte is
 * used once.
 */
export function createRandomIds(): () => string {
  const pool = Buffer.alloc(ID_BYTES * IDS_A_FILL);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const id = pool.toString('base64url', used, used + ID_BYTES);
    used += ID_BYTES;
    return id;
  };
}
