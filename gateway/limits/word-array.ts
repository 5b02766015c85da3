const INT8_OID = 20;
const HEADER = 20;
const ELEMENT = 12;
export const WORD = 8;

/** PostgreSQL's binary form of a `bigint[]`, of words that lie end to end, 8 bytes each, big endian. */
export function wordArray(parts: readonly Uint8Array[]): Buffer {
  const count = parts.reduce((sum, part) => sum + part.length / WORD, 0);
  const out = Buffer.allocUnsafe(HEADER + ELEMENT * count);
  out.writeInt32BE(1, 0); // dimensions
  out.writeInt32BE(0, 4); // no nulls
  out.writeInt32BE(INT8_OID, 8);
  out.writeInt32BE(count, 12);
  out.writeInt32BE(1, 16); // lower bound
  let at = HEADER;
  for (const part of parts) {
    for (let from = 0; from < part.length; from += WORD) {
      at = out.writeInt32BE(WORD, at);
      for (let b = 0; b < WORD; b++) out[at++] = part[from + b] ?? 0;
    }
  }
  return out;
}

/** The same of numbers. */
export function wordsOf(numbers: readonly bigint[]): Buffer {
  const out = Buffer.allocUnsafe(numbers.length * WORD);
  const view = new DataView(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < numbers.length; i++) view.setBigInt64(i * WORD, numbers[i] ?? 0n);
  return out;
}

/** Numbers again. */
export function readWords(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Array<bigint>(bytes.length / WORD);
  for (let i = 0; i < out.length; i++) out[i] = view.getBigInt64(i * WORD);
  return out;
}

/** The i-th. */
export function wordAt(bytes: Uint8Array, i: number): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigInt64(i * WORD);
}
