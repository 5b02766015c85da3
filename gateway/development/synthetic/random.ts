/**
 * Random numbers that are a function of where they are used: `draw(seed, index, use)` gives the same 32 bits whenever it
 * is asked, so any person can be made again without replaying those before. Not for secrets.
 */

/** 32 well-mixed bits for (seed, index, use): two rounds of the `lowbias32` finaliser. `index` below 2^32. */
export function draw(seed: number, index: number, use: number): number {
  let x = (seed ^ Math.imul(use + 1, 0x9e3779b1)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  x = (x ^ (x >>> 15) ^ Math.imul(index + 0x7f4a7c15, 0x85ebca6b)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

/** A whole number in [0, bound) from 32 random bits. */
export const below = (bits: number, bound: number): number => Math.floor((bits / 0x1_0000_0000) * bound);

/** True for about `share` of all bits (0 never, 1 always). */
export const chance = (bits: number, share: number): boolean => bits < share * 0x1_0000_0000;

/** Seeds may be given as any number; the generators use 32 bits of it. */
export const seedOf = (seed: number): number => (Math.trunc(seed) ^ Math.trunc(seed / 0x1_0000_0000)) >>> 0;

const INT32 = 0x7fff_ffff;

/**
 * A one-to-one map of [0, left × right) onto itself: a Feistel network in mixed radix. It makes consecutive indices look
 * unrelated while no two ever share a value, so uniqueness needs no memory.
 */
export function createScramble(seed: number, use: number, left: number, right: number): (index: number) => number {
  const size = left * right;
  if (size > INT32) throw new RangeError('a scramble holds at most 2^31 − 1 values');
  return (index) => {
    if (!(index >= 0 && index < size)) throw new RangeError(`index outside the scrambled range of ${size}`);
    // All in 32-bit integers: a remainder of floating-point numbers would cost more than everything else here.
    let high = (index / right) | 0;
    let low = (index - high * right) | 0;
    for (let round = 0; round < 2; round++) {
      high = (high + ((draw(seed, low, use + 2 * round) & INT32) % left)) % left;
      low = (low + ((draw(seed, high, use + 2 * round + 1) & INT32) % right)) % right;
    }
    return high * right + low;
  };
}

/** As createScramble for any size: values outside are walked through the network until they fall inside. */
export function createPermutation(seed: number, use: number, size: number): (index: number) => number {
  const side = Math.max(2, Math.ceil(Math.sqrt(size)));
  const scramble = createScramble(seed, use, side, side);
  return (index) => {
    if (!(index >= 0 && index < size)) throw new RangeError(`index outside the permuted range of ${size}`);
    let value = scramble(index);
    while (value >= size) value = scramble(value);
    return value;
  };
}

/** Chooses from a table by weight in constant time; the weights are honoured to one part in 4,096. */
export interface Weighted<T> {
  readonly pick: (bits: number) => T;
  readonly entries: readonly T[];
}

const RESOLUTION_BITS = 12;

export function weighted<T>(entries: readonly (readonly [T, number])[]): Weighted<T> {
  if (entries.length === 0) throw new RangeError('a weighted table needs at least one entry');
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  const slots = 1 << RESOLUTION_BITS;
  const table: T[] = [];
  let reached = 0;
  for (const [value, weight] of entries) {
    reached += weight;
    const until = Math.round((reached / total) * slots);
    while (table.length < until) table.push(value);
  }
  const last = entries[entries.length - 1]![0];
  while (table.length < slots) table.push(last);
  return { pick: (bits) => table[bits >>> (32 - RESOLUTION_BITS)]!, entries: entries.map(([value]) => value) };
}

/** Words in order of frequency, the n-th weighted 1 / (n + flatness): the usual shape of name frequencies. */
export const ranked = (words: readonly string[], flatness = 6): Weighted<string> =>
  weighted(words.map((word, rank) => [word, 1 / (rank + flatness)] as const));

/** Splits a table written as one string: words separated by blanks or, where a word holds blanks, by `|`. */
export const words = (text: string): readonly string[] =>
  text
    .split(text.includes('|') ? '|' : /\s+/u)
    .map((word) => word.trim().replace(/\s+/gu, ' ').normalize('NFC'))
    .filter((word) => word !== '');

/** Reads `word:weight` pairs separated by blanks. */
export const weightedWords = (text: string): Weighted<string> =>
  weighted(
    words(text).map((pair) => {
      const [word = '', weight = '1'] = pair.split(':');
      return [word.replaceAll('_', ' '), Number(weight)] as const;
    }),
  );
