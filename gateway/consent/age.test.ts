import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { actsNeeded, ageAt } from './age.ts';

const at = (text: string) => Date.parse(`${text}T12:00:00+07:00`) / 1000;
/** A personal ID that says a year of birth, of the 20th or 21st century. */
const idOf = (year: number, sex = 0) =>
  904_000_000_017 + (2 * Math.floor((year - 1900) / 100) + sex) * 100_000_000 + (year % 100) * 1_000_000;
const age = (date: number, personalId: number, day: string) => ageAt({ date, personalId }, at(day));

describe('an age', () => {
  it.each([
    [20101130, 0, '2026-11-29', 15],
    [20101130, 0, '2026-11-30', 16],
    [20120229, 0, '2028-02-29', 16],
    [20120229, 0, '2027-02-28', 14],
    [20120229, 0, '2027-03-01', 15],
  ])('of a whole date %i is that of the birthday', (date, id, day, years) => {
    expect(age(date, id, day)).toBe(years);
  });

  it.each([
    // The last day of the month, of a leap year too.
    [20100200, 0, '2026-02-27', 15],
    [20100200, 0, '2026-02-28', 16],
    [20120200, 0, '2028-02-28', 15],
    [20100000, 0, '2026-12-30', 15],
    [20100000, 0, '2026-12-31', 16],
    [0, idOf(2010), '2026-12-30', 15],
    [0, idOf(2010, 1), '2026-12-31', 16],
    [0, idOf(1950), '2026-11-30', 75],
    // Year of the register and year of the number: the later one.
    [19850000, idOf(2015), '2026-11-30', 10],
    [20150000, idOf(1985), '2026-11-30', 10],
    [20150300, idOf(2015), '2026-11-30', 10],
  ])('of %i with number %i on %s is at most %i', (date, id, day, years) => {
    expect(age(date, id, day)).toBe(years);
  });

  it('is unknown where the number says a year that has not begun, or there is none', () => {
    const number = (centuryAndSex: number) => 904_000_000_017 + centuryAndSex * 100_000_000;
    for (const id of [0, idOf(2027), idOf(2099), ...[4, 5, 6, 7, 8, 9].map(number)]) {
      expect(age(0, id, '2026-11-30')).toBeUndefined();
      expect(age(19850000, id, '2026-11-30')).toBe(40);
    }
  });
});

const DAY_S = 86_400;
const NOW = at('2026-11-30');
/** A moment of birth in the last 120 years, as a packed date. */
const birth = fc.integer({ min: 0, max: 120 * 365 }).map((days) => {
  const date = new Date((NOW - days * DAY_S) * 1000);
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
});
const KNOWN = [1, 100, 10_000, Number.MAX_SAFE_INTEGER] as const;
const numbers = fc.oneof(
  fc.constant(0),
  fc
    .integer({ min: 0, max: 9 })
    .chain((g) => fc.integer({ min: 0, max: 99_999_999 }).map((rest) => 900_000_000_000 + g * 100_000_000 + rest)),
);

test('nobody is taken for older than they are, whatever part of the date is known and whatever number they have', () => {
  fc.assert(
    fc.property(birth, fc.constantFrom(...KNOWN), fc.option(numbers, { nil: undefined }), (date, unknown, drawn) => {
      const real = ageAt({ date, personalId: 0 }, NOW) ?? Number.NaN;
      const personalId = drawn ?? idOf(Math.floor(date / 10_000));
      const known = date - (date % unknown);
      // Only where nothing is known of the date and the number is not theirs, it is the number that errs.
      fc.pre(known > 0 || drawn === undefined);
      expect(ageAt({ date: known, personalId }, NOW)).toBeLessThanOrEqual(real);
      const [wanted, asked] = [actsNeeded(real), actsNeeded(ageAt({ date: known, personalId }, NOW))];
      if (wanted.representative) expect(asked.representative).toBe(true);
    }),
  );
});

test('a whole date stands, whatever the number says', () => {
  fc.assert(
    fc.property(birth, numbers, (date, personalId) => {
      expect(ageAt({ date, personalId }, NOW)).toBe(ageAt({ date, personalId: 0 }, NOW));
    }),
  );
});

test('below 16 a representative agrees as well, from 7 on the child does; where the age is unknown both do', () => {
  expect(actsNeeded(undefined)).toEqual({ own: true, representative: true });
  for (let years = -1; years < 120; years++) {
    expect(actsNeeded(years)).toEqual({ own: years >= 7 && years < 16, representative: years < 16 });
  }
});
