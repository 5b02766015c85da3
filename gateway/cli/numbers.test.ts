import { describe, expect, test } from 'vitest';
import { count, decimal, percent, plain, seconds } from './numbers.ts';

describe('numbers for people', () => {
  test.each([
    [1, 3, '33.3 %', '33,3 %'],
    [0, 3, '0.0 %', '0,0 %'],
    [3, 3, '100.0 %', '100,0 %'],
    [1, 50_000, '< 0.1 %', '< 0,1 %'],
    [49_999, 50_000, '> 99.9 %', '> 99,9 %'],
    [0, 0, '–', '–'],
  ])('%i of %i', (part, whole, en, vi) => {
    expect([percent(part, whole, 'en'), percent(part, whole, 'vi')]).toEqual([en, vi]);
  });

  test.each([
    [0, '0', '0'],
    [999, '999', '999'],
    [30_000, '30,000', '30.000'],
    [1_234_567.6, '1,234,568', '1.234.568'],
  ])('the thousands of %d are grouped', (value, en, vi) => {
    expect([count(value, 'en'), count(value, 'vi')]).toEqual([en, vi]);
  });

  test('what is not whole has the sign of its language', () => {
    expect([decimal(1.26, 'en'), decimal(1.26, 'vi')]).toEqual(['1.3', '1,3']);
    expect([plain(7.5, 'en'), plain(7.5, 'vi'), plain(16, 'vi')]).toEqual(['7.5', '7,5', '16']);
    expect([seconds(830, 'en'), seconds(830, 'vi')]).toEqual(['0.8 s', '0,8 s']);
  });
});
