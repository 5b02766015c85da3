/** Words by the hash of their letters, in tables that are asked without allocating: a set of JavaScript boxes such numbers. */

const PRIME = 0x01000193;
/** Hash of no letters. */
export const NO_LETTERS: number = 0x811c9dc5 | 0;

/** The hash of letters hashed so far with one more behind them (FNV-1a, by letters). */
export const mixIn = (hash: number, letter: number): number => Math.imul(hash ^ letter, PRIME);

/** Hashes at places that follow from them; 0 stands for none. */
export type HashTable = { readonly keys: Int32Array; readonly mask: number };

/** @throws {RangeError} for the hash 0, which the table cannot hold */
export function hashTable(hashes: Iterable<number>): HashTable {
  const all = [...new Set(Array.from(hashes, (hash) => hash | 0))];
  const size = 1 << Math.ceil(Math.log2(all.length * 4));
  const table = { keys: new Int32Array(size), mask: size - 1 };
  for (const hash of all) {
    if (hash === 0) throw new RangeError('a word hashes to 0');
    let at = hash & table.mask;
    while (table.keys[at] !== 0) at = (at + 1) & table.mask;
    table.keys[at] = hash;
  }
  return table;
}

/** The place of a hash, -1 where the table does not hold it. */
export function placeOf({ keys, mask }: HashTable, hash: number): number {
  let at = hash & mask;
  for (;;) {
    const key = keys[at] ?? 0;
    if (key === 0) return -1;
    if (key === hash) return at;
    at = (at + 1) & mask;
  }
}
