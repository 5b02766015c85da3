import { describe, expect, test } from 'vitest';
import { createRng } from '../random.ts';
import { DATE_DAMAGES } from './index.ts';

const BORN = { year: 1985, month: 3, day: 7 };
const write = (key: string, seed = 1) => DATE_DAMAGES[key]!.write(BORN, createRng(seed, 0));

describe('dates', () => {
  test.each([
    ['timestamp_utc', '1985-03-06T17:00:00Z'],
    ['zero_lost', '7031985'],
    ['roman_month', '7/III/1985'],
    ['epoch_seconds', '478976400'],
    ['two_digit_year_first', '850307'],
    ['year_only', '1985'],
    ['century_slip', '07/03/2085'],
    ['month_first_ambiguous', '03/07/1985'],
  ])('%s', (key, text) => {
    expect(write(key)).toBe(text);
  });

  test('day numbers count as spreadsheets do', () => {
    expect(write('day_number')).toMatch(/^31113(\.0)?$/u);
  });

  test('a form that needs another day is not shown', () => {
    expect(write('month_first')).toBeUndefined();
    expect(DATE_DAMAGES.zero_lost!.write({ ...BORN, day: 17 }, createRng(1, 0))).toBeUndefined();
  });

  test('a slip changes one part and gives a day that exists', () => {
    for (let seed = 0; seed < 50; seed++) {
      const text = write('day_slip', seed);
      if (text !== undefined)
        expect(text).not.toMatch(/^0?7[/.-]0?3[/.-]1985$|^1985[/-]03[/-]07$|^07031985$|^19850307$/u);
    }
  });
});
