import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certainDateOrder, findDateOrder } from './date-order.ts';
import { dateShape } from './date-shape.ts';
import { createDateTally, findDateHabits } from './date-tally.ts';
import { dayNumberFits, findDaysFrom1904 } from './day-numbers.ts';
import { createWidthTally, findNameWidth } from './name-width.ts';
import { findNewYear } from './new-year.ts';

/** Habits of a file with these dates, each with its row's number. */
function habits(dates: readonly string[], ids: readonly string[] = []) {
  const tally = createDateTally();
  dates.forEach((date, i) => {
    tally.add(date, ids[i] ?? '');
  });
  return findDateHabits(tally.counts());
}

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const two = (n: number): string => String(n).padStart(2, '0');

describe('the form of a date', () => {
  it.each([
    ['27/03/1985', { form: 'year-last', first: 27, second: 3, year: 1985 }],
    ['3.27.1985', { form: 'year-last', first: 3, second: 27, year: 1985 }],
    [' 27-03-1985 00:00:00', { form: 'year-last', first: 27, second: 3, year: 1985 }],
    ['1985-3-7', { form: 'plain', year: 1985, month: 3, day: 7 }],
    ['19850327', { form: 'plain', year: 1985, month: 3, day: 27 }],
    ['27031985', { form: 'plain', year: 1985, month: 3, day: 27 }],
    ['31133', { form: 'day-number', days: 31133 }],
    ['1985', undefined],
    ['123456', undefined],
    ['03/1985', undefined],
    ['27/03-1985', undefined],
    ['27/03/85', undefined],
    ['', undefined],
  ])('%j', (text, shape) => expect(dateShape(text)).toEqual(shape));

  it('is the same on the short way and on the long one', () => {
    const part = fc.integer({ min: 0, max: 99 }).map(two);
    fc.assert(
      fc.property(part, part, part, part, (a, b, c, d) => {
        for (const [short, long] of [
          [`${a}${b}-${c}-${d}`, ` ${a}${b}-${c}-${d}`],
          [`${a}/${b}/${c}${d}`, ` ${a}/${b}/${c}${d}`],
        ] as const) {
          expect(habits([short])).toEqual(habits([long]));
        }
      }),
    );
  });
});

describe('the order of day and month', () => {
  const dates = (count: number, make: (month: number, day: number) => string) =>
    times(count, (i) => make((i % 12) + 1, (i % 28) + 1));

  it('is learnt of a file with the month first, and only of such', () => {
    expect(habits(dates(100, (m, d) => `${two(m)}/${two(d)}/1985`)).dateOrder).toMatchObject({
      value: 'month-first',
      evidence: { dates: 100, dayFirst: 0 },
    });
    expect(habits(dates(1000, (m, d) => `${two(d)}/${two(m)}/1985`)).dateOrder.value).toBe('day-first');
    expect(habits(dates(1000, (m, d) => `1985-${two(m)}-${two(d)}`)).dateOrder.evidence).toEqual({
      ...{ dates: 0, dayFirst: 0, monthFirst: 0 },
    });
  });

  it.each([
    [{ dates: 100, dayFirst: 0, monthFirst: 19 }, 'day-first'],
    [{ dates: 100, dayFirst: 0, monthFirst: 20 }, 'month-first'],
    [{ dates: 201, dayFirst: 0, monthFirst: 20 }, 'day-first'],
    [{ dates: 1000, dayFirst: 5, monthFirst: 500 }, 'month-first'],
    [{ dates: 1000, dayFirst: 6, monthFirst: 500 }, 'day-first'],
    [{ dates: 0, dayFirst: 0, monthFirst: 0 }, 'day-first'],
  ] as const)('%j: %s', (counts, value) => expect(findDateOrder(counts)).toEqual({ value, evidence: counts }));

  it.each([
    [{ dates: 100, dayFirst: 20, monthFirst: 0 }, 'day-first'],
    [{ dates: 100, dayFirst: 19, monthFirst: 0 }, undefined],
    [{ dates: 100, dayFirst: 0, monthFirst: 20 }, 'month-first'],
    [{ dates: 1000, dayFirst: 500, monthFirst: 6 }, undefined],
  ] as const)('%j certainly: %s', (counts, value) => expect(certainDateOrder(counts)).toBe(value));
});

describe('1 January', () => {
  it.each([
    [{ dates: 2000, newYears: 20 }, true],
    [{ dates: 2001, newYears: 20 }, false],
    [{ dates: 19, newYears: 19 }, false],
    [{ dates: 0, newYears: 0 }, false],
    // One in 365, as births are.
    [{ dates: 1_000_000, newYears: 2740 }, false],
  ])('%j: %s', (counts, value) => expect(findNewYear(counts)).toEqual({ value, evidence: counts }));

  it('is counted in each form, and 1 January 1900 in none', () => {
    const forms = ['1985-01-01', '01/01/1985', '1/1/1985', '19850101', '01011985'];
    const { evidence } = habits([...forms, '1900-01-01', '01/01/1900', '1985-01-02', '1985']).newYearMeansUnknown;
    expect(evidence).toEqual({ dates: 6, newYears: 5 });
  });
});

describe('day numbers', () => {
  it.each([
    [31133, '901085000017', 1900],
    [29671, '901085000017', 1904],
    [31133, '901199000017', undefined],
    // Of somebody born in this century.
    [38443, '901205000017', 1900],
    // Without a personal ID: the birth of an adult or none.
    [31133, '012345678', undefined],
    [3000, '', 1904],
    [41_000, '', 1900],
    [99_999, '', undefined],
  ])('%d of %j counts from %s', (days, id, from) => expect(dayNumberFits(days, id)).toBe(from));

  it.each([
    [{ dayNumbers: 20, only1900: 0, only1904: 20 }, true],
    [{ dayNumbers: 19, only1900: 0, only1904: 19 }, false],
    [{ dayNumbers: 200, only1900: 10, only1904: 90 }, true],
    [{ dayNumbers: 200, only1900: 11, only1904: 90 }, false],
  ])('%j: %s', (counts, value) => expect(findDaysFrom1904(counts)).toEqual({ value, evidence: counts }));

  it('are told apart by the years of the personal IDs, whichever day it is', () => {
    const day = fc.integer({ min: Date.UTC(1930, 0, 1) / 86_400_000, max: Date.UTC(2010, 0, 1) / 86_400_000 });
    fc.assert(
      fc.property(fc.array(day, { minLength: 20, maxLength: 40 }), fc.boolean(), (days, from1904) => {
        const start = (from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30)) / 86_400_000;
        const ids = days.map((one) => {
          const year = new Date(one * 86_400_000).getUTCFullYear();
          return `901${year < 2000 ? 0 : 2}${two(year % 100)}000017`;
        });
        const found = habits(
          days.map((one) => String(one - start)),
          ids,
        ).daysFrom1904;
        expect(found.value).toBe(from1904);
      }),
    );
  });
});

describe('the width of names', () => {
  /** Lengths as names have them: a bell with a long tail. */
  const lengths = (count: number): number[] => {
    let state = 1;
    const next = (): number => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return state / 0x7fffffff;
    };
    return times(count, () => Math.round(14 + 3.5 * (next() + next() + next() + next() - 2) * 1.73));
  };
  const width = (names: readonly string[]) => {
    const tally = createWidthTally();
    for (const name of names) tally.add(name.length, name);
    return findNameWidth(tally.counts());
  };
  const names = lengths(20_000).map((length, i) => `${i}${'x'.repeat(40)}`.slice(0, length));

  it('is where they are cut', () => {
    for (const at of [14, 16, 18, 20]) expect(width(names.map((name) => name.slice(0, at))).value).toBe(at);
  });

  it('is none where nothing cuts them, nor where too few names are there to tell', () => {
    expect(width(names).value).toBe(0);
    expect(width(names.slice(0, 60).map((name) => name.slice(0, 18))).value).toBe(0);
    expect(width([])).toMatchObject({ value: 0, evidence: { there: 0 } });
  });

  it('is none where one long name stands a thousand times', () => {
    const company = 'CÔNG TY TRÁCH NHIỆM HỮU HẠN VÍ DỤ';
    const found = width([...names, ...times(1000, () => company)]);
    expect(found).toMatchObject({ value: 0, evidence: { greatest: company.length, there: 1000, different: 1 } });
  });
});
