import { expect, test } from 'vitest';
import { createRefusalBudget } from './refusal-budget.ts';

test('a certificate has its budget a minute, and what went beyond is told once it calls again', () => {
  let now = 0;
  const skipped: number[] = [];
  const budget = createRefusalBudget({ nowMs: () => now, onSkipped: (count) => skipped.push(count), perMinute: 3 });
  expect([1, 2, 3, 4, 5].map(() => budget.take('a'))).toEqual([true, true, true, false, false]);
  expect(budget.take('b')).toBe(true);
  now = 60_000;
  expect(budget.take('a')).toBe(true);
  expect(skipped).toEqual([2]);
});
