import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fullDate } from '../../test/golden/matching/arbitraries.ts';
import { compareBirthDates } from './compare-birth-dates.ts';
import { OUTCOMES } from './verdicts.ts';

const anyDate = fc
  .tuple(fullDate, fc.constantFrom(1, 100, 10_000))
  .map(([packed, precision]) => packed - (packed % precision));
const near = fc.tuple(anyDate, anyDate, fc.boolean()).map(([a, b, sameYear]): [number, number] => {
  const moved = sameYear ? Math.floor(a / 10_000) * 10_000 + (b % 10_000 === 229 ? 228 : b % 10_000) : b;
  return [a, moved];
});

test('comparison of dates is symmetric', () => {
  fc.assert(
    fc.property(near, ([a, b]) => {
      // Where Unix and PostgreSQL begin is a row's default, and a birth in the register.
      fc.pre(![19_700_101, 20_000_101].some((epoch) => a === epoch || b === epoch));
      expect(compareBirthDates(b, a)).toEqual(compareBirthDates(a, b));
    }),
    { numRuns: 1000 },
  );
});

test('TRUE means that every part known on both sides is equal, the year among them, or day and month stand exchanged', () => {
  fc.assert(
    fc.property(near, ([a, b]) => {
      const parts = [10_000, 100, 1].map((unit): [number, number] => [
        Math.floor(a / unit) % 100,
        Math.floor(b / unit) % 100,
      ]);
      const swapped = Math.floor(a / 100) % 100 === b % 100 && Math.floor(b / 100) % 100 === a % 100 && a % 100 !== 0;
      const stand = a % 10_000 === 101 || b % 10_000 === 101;
      const sameYear = Math.floor(a / 10_000) === Math.floor(b / 10_000);
      const agree =
        (sameYear && swapped && !stand) || (sameYear && parts.every(([x, y]) => x === 0 || y === 0 || x === y));
      // The year's last two digits may be 00: the whole year is compared above.
      expect(compareBirthDates(a, b).outcome === OUTCOMES.TRUE).toBe(agree);
    }),
    { numRuns: 1000 },
  );
});

test('a year of two digits is the same in any century that makes it so, and never another', () => {
  fc.assert(
    fc.property(anyDate, anyDate, (a, b) => {
      const short = a % 1_000_000;
      fc.pre(short !== 0);
      expect(compareBirthDates(short, a).outcome).toBe(OUTCOMES.TRUE);
      const sameYear = Math.floor(a / 10_000) % 100 === Math.floor(b / 10_000) % 100;
      if (!sameYear) expect(compareBirthDates(short, b).outcome).toBe(OUTCOMES.FALSE);
    }),
    { numRuns: 1000 },
  );
  expect(compareBirthDates(19850307, 850307).outcome).toBe(OUTCOMES.NOT_AVAILABLE);
});

test('a value that is no date is never compared', () => {
  // A year of two digits is a row's: the register's years are whole.
  for (const bad of [0, 19851301, Number.NaN, -1, 851301]) {
    expect(compareBirthDates(bad, 19850307).outcome).toBe(OUTCOMES.NOT_AVAILABLE);
    expect(compareBirthDates(19850307, bad).outcome).toBe(OUTCOMES.NOT_AVAILABLE);
  }
});
