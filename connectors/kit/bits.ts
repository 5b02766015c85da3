/** A yes or no for each of a known number of records, a bit each. */
export type Bits = { set(i: number): void; has(i: number): boolean };

export function createBits(count: number): Bits {
  const bits = new Uint8Array(Math.ceil(count / 8));
  return {
    set(i) {
      bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
    },
    has: (i) => (((bits[i >> 3] ?? 0) >> (i & 7)) & 1) === 1,
  };
}
