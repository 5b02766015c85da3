import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Bounds, boundsOf, worsened } from './bounds.ts';
import type { Figure } from './figures.ts';
import { wilson } from './wilson.ts';

const RUN = { seed: 1, persons: 1000, rows: 500 };
const OTHER = { ...RUN, seed: 2 };
const figure = (count: number, of = 300): Figure => ({ name: 'false_mismatch', meaning: '', count, of });
const bounds = boundsOf([figure(7)], RUN);

describe('bounds', () => {
  test('let the run pass that they came from, and a better one', () => {
    expect(worsened([figure(7)], RUN, bounds)).toEqual([]);
    expect(worsened([figure(6)], RUN, bounds)).toEqual([]);
  });

  test('fail a figure that one row worsened', () => {
    expect(worsened([figure(8)], RUN, bounds)).toEqual(['false_mismatch is 2.67 % (8 of 300), its bound 2.34 %']);
  });

  test('fail another file only where it is surely worse', () => {
    expect(worsened([figure(15)], OTHER, bounds)).toEqual([]);
    expect(worsened([figure(40)], OTHER, bounds)).toHaveLength(1);
    expect(worsened([figure(15)], { ...RUN, zeroPrefixes: true }, bounds)).toEqual([]);
    expect(worsened([figure(1)], OTHER, boundsOf([figure(0)], RUN))).toEqual([]);
  });

  test('fail a figure without a bound and a bound without a figure', () => {
    expect(worsened([], RUN, bounds)).toEqual(['false_mismatch has a bound and is not measured']);
    expect(worsened([figure(0)], RUN, { ...RUN, rates: {} })).toEqual(['false_mismatch has no bound']);
  });

  test('a bound of nothing holds against a single row of the same file', () => {
    expect(worsened([figure(1)], RUN, boundsOf([figure(0)], RUN))).toHaveLength(1);
  });

  test('are kept for both forms', () => {
    const kept = JSON.parse(readFileSync(join(import.meta.dirname, 'bounds.json'), 'utf8')) as Bounds;
    expect([kept.short?.rows, kept.long?.rows]).toEqual([60_000, 300_000]);
    expect(kept.short?.rates.false_match).toBeLessThan(0.001);
  });
});

describe('the interval of Wilson', () => {
  // Newcombe 1998, table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i', (count, of, low, high) => {
    const [least, most] = wilson(count, of);
    expect(least).toBeCloseTo(low, 3);
    expect(most).toBeCloseTo(high, 3);
  });
});
