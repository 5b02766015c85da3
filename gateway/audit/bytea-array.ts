const BYTEA_OID = 17;

/**
 * PostgreSQL's binary form of a `bytea[]`. The driver sends a Buffer as a binary parameter and would turn an array of
 * Buffers into hexadecimal text, twice the bytes and ten times the work. Null elements are allowed.
 */
export function byteaArray(items: readonly (Uint8Array | undefined)[]): Buffer {
  const size = items.reduce((sum, item) => sum + 4 + (item?.length ?? 0), 20);
  const out = Buffer.allocUnsafe(size);
  out.writeInt32BE(1, 0); // dimensions
  out.writeInt32BE(items.includes(undefined) ? 1 : 0, 4); // has nulls
  out.writeInt32BE(BYTEA_OID, 8);
  out.writeInt32BE(items.length, 12);
  out.writeInt32BE(1, 16); // lower bound
  let at = 20;
  for (const item of items) {
    at = out.writeInt32BE(item?.length ?? -1, at);
    if (item !== undefined) {
      out.set(item, at);
      at += item.length;
    }
  }
  return out;
}
