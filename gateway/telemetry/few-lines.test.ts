import { expect, it } from 'vitest';
import { fewLines } from './few-lines.ts';

it('some a second are written, and the next tells how many were not', () => {
  let now = 5_000;
  const line = fewLines(2, () => now);
  expect([line(), line(), line(), line()]).toEqual([1, 1, undefined, undefined]);
  now = 5_999;
  expect(line()).toBeUndefined();
  now = 6_000;
  expect([line(), line(), line()]).toEqual([4, 1, undefined]);
});
