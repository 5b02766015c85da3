import { expect, it } from 'vitest';
import { remembered } from './remembered.ts';

it('reads once for all who ask within the time, and again after it', async () => {
  let read = 0;
  const fresh = remembered(async () => ++read, { everyMs: 60_000, waitMs: 1000 });
  expect(await Promise.all([fresh(), fresh()])).toEqual([1, 1]);
  expect(await fresh()).toBe(1);
  const always = remembered(async () => ++read, { everyMs: 0, waitMs: 1000 });
  expect([await always(), await always()]).toEqual([2, 3]);
});

it('gives the last good reading where the next one fails or hangs, and nothing where there was none', async () => {
  const readings = [Promise.resolve('good'), Promise.reject(new Error('away')), new Promise<string>(() => {})];
  const fresh = remembered(() => readings.shift() ?? Promise.resolve('late'), { everyMs: 0, waitMs: 10 });
  expect([await fresh(), await fresh(), await fresh(), await fresh()]).toEqual(['good', 'good', 'good', 'good']);
  expect(await remembered(() => new Promise(() => {}), { everyMs: 0, waitMs: 10 })()).toBeUndefined();
});
