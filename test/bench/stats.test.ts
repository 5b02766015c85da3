import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, percentile, rounded, spread } from './stats.ts';

describe('median', () => {
  it('takes the middle, or the mean of the two middle ones, in whatever order they come', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('leaves its input as it was', () => {
    const runs = [3, 1, 2];
    median(runs);
    expect(runs).toEqual([3, 1, 2]);
  });
});

describe('percentile', () => {
  it('is the nearest rank', () => {
    const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);
    expect([percentile(hundred, 0.5), percentile(hundred, 0.99), percentile(hundred, 1)]).toEqual([50, 99, 100]);
    expect(percentile(Float64Array.of(7), 0.01)).toBe(7);
  });

  it('is not exceeded by its share of all values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        (values, share) => {
          const sorted = Float64Array.from(values).sort();
          const at = percentile(sorted, share);
          expect(sorted.filter((value) => value <= at).length).toBeGreaterThanOrEqual(share * sorted.length - 1e-9);
        },
      ),
      { numRuns: 200 },
    );
  });
});

it('spread is the farthest run from the median, as a share of it', () => {
  expect(spread([100, 110, 80])).toBeCloseTo(0.2);
  expect(spread([5])).toBe(0);
});

it('rounded keeps three digits, and what is no number', () => {
  expect([rounded(1234.5), rounded(0.012345), rounded(Number.NaN)]).toEqual([1230, 0.0123, Number.NaN]);
});
