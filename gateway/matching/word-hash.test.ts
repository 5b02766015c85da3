import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashTable, mixIn, NO_LETTERS, placeOf } from './word-hash.ts';

const hash = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).filter((value) => value !== 0);

test('a table finds what it holds, each at a place of its own, and nothing else', () => {
  fc.assert(
    fc.property(fc.uniqueArray(hash, { minLength: 1 }), fc.integer(), (hashes, other) => {
      const table = hashTable(hashes);
      const places = hashes.map((value) => placeOf(table, value));
      expect(places.every((place, i) => table.keys[place] === hashes[i])).toBe(true);
      expect(new Set(places).size).toBe(hashes.length);
      if (!hashes.includes(other | 0)) expect(placeOf(table, other | 0)).toBe(-1);
    }),
  );
});

test('0 stands for no word, and is none', () => {
  expect(placeOf(hashTable([1]), 0)).toBe(-1);
  expect(() => hashTable([0])).toThrow(RangeError);
});

test('the order of letters counts', () => {
  expect(mixIn(mixIn(NO_LETTERS, 1), 2)).not.toBe(mixIn(mixIn(NO_LETTERS, 2), 1));
});
