import { expect, test } from 'vitest';
import { isOfficersNumber } from './person-mark.ts';

test('numbers given to nobody are for development, and only for that', () => {
  expect(isOfficersNumber('900085000017', 'development')).toBe(true);
  expect(isOfficersNumber('900085000017', 'production')).toBe(false);
  expect(isOfficersNumber('001085000017', 'development')).toBe(false);
  expect(isOfficersNumber('90008500001', 'development')).toBe(false);
});
