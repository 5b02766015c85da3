/**
 * GHASH (NIST SP 800-38D) by tables of the key. Look-ups in tables are not constant in time: for a trusted host that imports.
 *
 * The hash is a sum in which each block stands multiplied by a power of H. Short messages of one key differ in few bytes, so
 * each of these is one look-up in the table of its power, and all that they have in common is one constant.
 */

const BLOCK = 16;

export type Words = [number, number, number, number];

/** x · H for each value of each of the 16 bytes of x: 64 KB, of which each entry is four words. */
function tablesOf(h: Words): Uint32Array {
  const tables = new Uint32Array(BLOCK * 256 * 4);
  let [a, b, c, d] = h;
  for (let bit = 0; bit < 128; bit++) {
    const table = (bit >> 3) * 256;
    const mask = 0x80 >> (bit & 7);
    for (let value = 0; value < 256; value++) {
      if ((value & mask) === 0) continue;
      const at = (table + value) * 4;
      tables[at]! ^= a;
      tables[at + 1]! ^= b;
      tables[at + 2]! ^= c;
      tables[at + 3]! ^= d;
    }
    // Times x: one bit to the right, and the polynomial where a bit falls out.
    const out = d & 1;
    d = (d >>> 1) | (c << 31);
    c = (c >>> 1) | (b << 31);
    b = (b >>> 1) | (a << 31);
    a = (a >>> 1) ^ (out === 1 ? 0xe1000000 : 0);
  }
  return tables;
}

const byteOf = (words: Words, i: number): number => ((words[i >> 2] ?? 0) >>> (24 - (i & 3) * 8)) & 255;

export interface Ghash {
  /** Tables of the power `power` ≥ 1: entry `(byte place · 256 + value) · 4`, four words. */
  tables(power: number): Uint32Array;
  /** The hash of `data`, filled up with zeros to whole blocks, begun with `state`: block after block, whatever the length. */
  absorb(state: Words, data: Uint8Array, from: number, length: number): void;
}

/** `h`: the block cipher's result for the block of zeros. */
export function createGhash(h: Buffer): Ghash {
  const first: Words = [h.readUInt32BE(0), h.readUInt32BE(4), h.readUInt32BE(8), h.readUInt32BE(12)];
  const powers: Uint32Array[] = [tablesOf(first)];
  let last = first;

  const multiply = (words: Words): Words => {
    const table = powers[0]!;
    const product: Words = [0, 0, 0, 0];
    for (let i = 0; i < BLOCK; i++) {
      const at = (i * 256 + byteOf(words, i)) * 4;
      for (let word = 0; word < 4; word++) product[word]! ^= table[at + word] ?? 0;
    }
    return product;
  };

  return {
    tables: (power) => {
      while (powers.length < power) {
        last = multiply(last);
        powers.push(tablesOf(last));
      }
      return powers[power - 1]!;
    },
    absorb: (state, data, from, length) => {
      for (let start = 0; start < length; start += BLOCK) {
        for (let i = 0; i < BLOCK && start + i < length; i++) {
          state[i >> 2]! ^= (data[from + start + i] ?? 0) << (24 - (i & 3) * 8);
        }
        const product = multiply(state);
        for (let word = 0; word < 4; word++) state[word] = product[word] ?? 0;
      }
    },
  };
}
