import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText, fullDate } from '../../test/golden/matching/arbitraries.ts';
import { isCalendarDate, parseBirthDate } from './parse-birth-date.ts';
import { NO_HABITS } from './profile.ts';
import { bitOf, FIELD_MASKS } from './reasons.ts';

const two = (n: number): string => String(n).padStart(2, '0');

describe('parseBirthDate', () => {
  test('reads every published format of every day alike', () => {
    for (let time = Date.UTC(1901, 0, 1); time <= Date.UTC(2030, 11, 31); time += 86_400_000) {
      const date = new Date(time);
      const [y, m, d] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
      const packed = y * 10_000 + m * 100 + d;
      const forms = [
        `${y}-${two(m)}-${two(d)}`,
        `${two(d)}/${two(m)}/${y}`,
        `${d}.${m}.${y}`,
        `${y}${two(m)}${two(d)}`,
        `${two(d)}${two(m)}${y}`,
      ];
      const form = forms[(y + m + d) % forms.length] ?? '';
      if (parseBirthDate(form).value !== packed || parseBirthDate(form).reasons !== 0)
        expect(form).toBe(String(packed));
      if (!isCalendarDate(packed)) expect(packed).toBe('a calendar date');
    }
  });

  test('eight digits have one reading at most', () => {
    fc.assert(
      fc.property(fullDate, (packed) => {
        const digits = String(packed);
        const back = digits.slice(6) + digits.slice(4, 6) + digits.slice(0, 4);
        expect(parseBirthDate(digits).value).toBe(packed);
        expect(parseBirthDate(back).value).toBe(packed);
      }),
      { numRuns: 1000 },
    );
  });

  test('never throws, and gives a date that exists or one problem', () => {
    const dateLike = fc.stringMatching(/^[0-9 ./:TZ+()-]{0,24}$/);
    fc.assert(
      fc.property(fc.oneof(anyText, dateLike), fc.boolean(), fc.boolean(), (text, monthFirst, newYearMeansUnknown) => {
        const habits = {
          ...NO_HABITS,
          dateOrder: monthFirst ? ('month-first' as const) : ('day-first' as const),
          newYearMeansUnknown,
        };
        const found = parseBirthDate(text, habits);
        const unknown = (found.reasons & (bitOf('BIRTH_DATE_MISSING') | bitOf('BIRTH_DATE_PLACEHOLDER'))) !== 0;
        expect(found.problem === undefined && !unknown).toBe(isCalendarDate(found.value));
        expect(found.value === 0).toBe(found.problem !== undefined || unknown);
        expect(found.reasons & ~FIELD_MASKS.birth.word2).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  test('a habit changes only the dates that it is about', () => {
    fc.assert(
      fc.property(fullDate, (packed) => {
        const iso = `${Math.floor(packed / 10_000)}-${two(Math.floor(packed / 100) % 100)}-${two(packed % 100)}`;
        expect(parseBirthDate(iso, { ...NO_HABITS, dateOrder: 'month-first' }).value).toBe(packed);
        const unknown = packed % 10_000 === 101;
        expect(parseBirthDate(iso, { ...NO_HABITS, newYearMeansUnknown: true }).value).toBe(
          unknown ? packed - 101 : packed,
        );
      }),
      { numRuns: 300 },
    );
  });

  test('refuses long input without reading it', () => {
    expect(parseBirthDate('1'.repeat(50_000_000)).problem).toBe('BIRTH_DATE_TOO_LONG');
  });
});

test('isCalendarDate refuses numbers that are no packed date', () => {
  for (const packed of [
    0,
    -19850307,
    19850307.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    198503070,
    19851307,
    19850015,
    19850132,
  ]) {
    expect(isCalendarDate(packed)).toBe(false);
  }
});
