import { expect, test } from 'vitest';
import { settleMsOf } from './settle.ts';

test('a minute unless more is given; less where nobody real can be erased', () => {
  for (const kind of ['production', 'development'] as const) {
    expect(settleMsOf(undefined, kind)).toBe(60_000);
    expect(settleMsOf('90', kind)).toBe(90_000);
    for (const wrong of ['-1', 'x', '3601']) expect(() => settleMsOf(wrong, kind), wrong).toThrow('--settle');
  }
  expect(settleMsOf('0', 'development')).toBe(0);
  for (const less of ['0', '59.9', '']) expect(() => settleMsOf(less, 'production'), less).toThrow('--settle');
});
