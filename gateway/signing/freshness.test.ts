import { describe, expect, it } from 'vitest';
import { checkFreshness } from './freshness.ts';

const now = 1_795_300_000;

describe('freshness', () => {
  it.each([
    [-61, 'TOO_OLD'],
    [-60, undefined],
    [-59, undefined],
    [-9, undefined],
    [0, undefined],
    [9, undefined],
    [10, undefined],
    [11, 'IN_FUTURE'],
  ])('a token of %i s from now: %s', (offset, problem) => {
    expect(checkFreshness(now + offset, { nowSeconds: now, floor: 0 })).toBe(problem);
  });

  it('judges fractions of the clock to the instant', () => {
    expect(checkFreshness(now - 60, { nowSeconds: now + 0.001, floor: 0 })).toBe('TOO_OLD');
    expect(checkFreshness(now + 10, { nowSeconds: now - 0.001, floor: 0 })).toBe('IN_FUTURE');
  });

  it('refuses at and below the floor, even after the clock was set back', () => {
    const floor = now + 5;
    const nowSeconds = now - 3600;
    expect(checkFreshness(floor, { nowSeconds: now, floor })).toBe('BELOW_FLOOR');
    expect(checkFreshness(floor + 1, { nowSeconds: now, floor })).toBeUndefined();
    for (const iat of [nowSeconds - 5, nowSeconds, nowSeconds + 5]) {
      expect(checkFreshness(iat, { nowSeconds, floor })).toBe('BELOW_FLOOR');
    }
  });

  it('refuses where a clock or the floor is not a number', () => {
    expect(checkFreshness(now, { nowSeconds: Number.NaN, floor: 0 })).toBe('TOO_OLD');
    expect(checkFreshness(now, { nowSeconds: now, floor: Number.NaN })).toBe('BELOW_FLOOR');
    expect(checkFreshness(Number.NaN, { nowSeconds: now, floor: 0 })).toBe('BELOW_FLOOR');
  });
});
