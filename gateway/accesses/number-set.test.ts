import { expect, test } from 'vitest';
import { createNumberSet } from './number-set.ts';

test('has what was added, each once, and tells it in ascending order, whatever the pages', () => {
  const added = [1, 7, 8, 65_535, 65_536, 99_999_999, 3, 8, 2 ** 40 + 1, 0];
  const set = createNumberSet();
  for (const number of added) set.add(number);
  expect([...set]).toEqual([...new Set(added)].sort((one, other) => one - other));
  expect(set.size).toBe(9);
  expect(added.every((number) => set.has(number))).toBe(true);
  expect([2, 9, 65_537, 100_000_000, 2 ** 40].some((number) => set.has(number))).toBe(false);
});
