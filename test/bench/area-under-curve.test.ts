import { expect, it } from 'vitest';
import { areaUnderCurve } from './area-under-curve.ts';

it.each([
  [[1, 2, 3], [4, 5, 6], 0],
  [[4, 5, 6], [1, 2, 3], 1],
  [[1, 4], [2, 3], 0.5],
  [[7, 7], [7, 7, 7], 0.5],
  [[1, 3], [2, 3], 0.375],
])('of %j against %j is %d', (first, second, area) => expect(areaUnderCurve(first, second)).toBe(area));
