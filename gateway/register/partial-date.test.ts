import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packDate, unpackDate } from './partial-date.ts';

const pad = (value: number, width: number) => String(value).padStart(width, '0');

test('takes exactly the days of the calendar', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1840, max: 2160 }), fc.nat(14), fc.nat(33), (year, month, day) => {
      const date = new Date(Date.UTC(year, month - 1, day));
      const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1850 && year <= 2150;
      const packed = packDate(`${year}-${pad(month, 2)}-${pad(day, 2)}`);
      expect(packed).toBe(real ? year * 10000 + month * 100 + day : undefined);
      if (packed !== undefined) expect(unpackDate(packed)).toEqual({ year, month, day });
    }),
    { numRuns: 1000 },
  );
});

test('takes years and months, and no other text', () => {
  expect([packDate('1985'), packDate('1985-03')]).toEqual([19850000, 19850300]);
  for (const text of [
    '',
    '85',
    '1985-',
    '1985-3',
    '1985-13',
    '1985-00',
    '1985/03',
    '1985-03-27T',
    ' 1985',
    '1985-03/27',
    '-985',
    '१९८५',
    '19850327',
  ]) {
    expect(packDate(text)).toBeUndefined();
  }
});
