import { describe, expect, test } from 'vitest';
import { readyText } from './dev-words.ts';
import { parseStated } from './file-options.ts';
import { rejectsPathOf } from './register.ts';
import { parseVerdicts } from './telco-verdicts.ts';
import { expectedRows } from './verify-bars.ts';

describe('a telco’s file', () => {
  test('the number of rows to come is guessed from what was read', () => {
    expect(expectedRows(100, 1000, 5000)).toBe(500);
    expect(expectedRows(100, 5000, 5000)).toBe(100);
    expect(expectedRows(0, 0, 5000)).toBe(0);
    expect(expectedRows(100, 0, 5000)).toBe(100);
  });

  test('verdicts to fail on are those that exist', () => {
    expect(parseVerdicts('--fail-on', 'MISMATCH,NOT_FOUND')).toEqual(['MISMATCH', 'NOT_FOUND']);
    expect(parseVerdicts('--fail-on', undefined)).toEqual([]);
    for (const wrong of ['mismatch', 'VERIFIED, INVALID', '__proto__'])
      expect(() => parseVerdicts('--fail-on', wrong)).toThrow();
  });
});

describe('what is said of a file', () => {
  test('is taken by any name of an encoding, and is nothing where nothing is said', () => {
    expect(parseStated({})).toEqual({});
    const options = {
      encoding: 'ABC',
      dateOrder: 'month-first',
      newYearUnknown: false,
      nameWidth: '25',
      daysFrom: '1904',
    };
    expect(parseStated(options)).toEqual({
      ...{ encoding: 'tcvn3', dateOrder: 'month-first', newYearMeansUnknown: false },
      ...{ nameWidth: 25, daysFrom1904: true },
    });
    expect(parseStated({ daysFrom: '1900' }).daysFrom1904).toBe(false);
  });

  test.each([
    { encoding: 'koi8' },
    { dateOrder: 'us' },
    { nameWidth: '201' },
    { nameWidth: 'x' },
    { daysFrom: '1970' },
  ])('is refused where it is %j', (options) => expect(() => parseStated(options)).toThrow(/must be/));
});

test.each([
  ['a/persons.csv', 'a/persons.rejects.csv'],
  ['A.CSV', 'A.rejects.csv'],
  ['persons', 'persons.rejects.csv'],
])('rejects of %s go to %s', (file, rejects) => {
  expect(rejectsPathOf(file)).toBe(rejects);
});

test('an empty register says how it is filled, a full one does not', () => {
  const facts = { id: 'dev-x', port: 7443, folder: 'd', profiles: { moh: 'd/agencies/moh' } };
  expect(readyText({ ...facts, people: false }, 'en')).toContain('npx lienthong register import persons.csv --data d');
  expect(readyText({ ...facts, people: true }, 'vi')).not.toContain('register import');
});
