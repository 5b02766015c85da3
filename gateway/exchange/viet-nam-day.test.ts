import { expect, test } from 'vitest';
import { dateOf, dayOf, startOf } from './viet-nam-day.ts';

const seconds = (iso: string) => Date.parse(iso) / 1000;

test('a day begins at 17:00 UTC of the day before', () => {
  const day = dayOf(seconds('2026-03-26T17:00:00Z'));
  expect(dayOf(seconds('2026-03-26T16:59:59.999Z'))).toBe(day - 1);
  expect(dayOf(seconds('2026-03-27T16:59:59.999Z'))).toBe(day);
  expect(startOf(day)).toBe(seconds('2026-03-26T17:00:00Z'));
  expect(dateOf(day).toISOString()).toBe('2026-03-27T00:00:00.000Z');
});

test('a date before 1970 has a day too', () => {
  expect(dayOf(startOf(-1))).toBe(-1);
  expect(dateOf(-1).toISOString()).toBe('1969-12-31T00:00:00.000Z');
});
