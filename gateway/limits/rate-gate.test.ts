import { expect, test } from 'vitest';
import { createRateGate } from './rate-gate.ts';

const NOW = 1_795_000_000;
const quota = (used: number, most: number) => [{ limit: 'RATE', most, used, resetAt: NOW + 30 }] as const;

test('a rate that is used up closes until its minute is over, for its agency and purpose', () => {
  let now = NOW;
  const gate = createRateGate(() => now);
  gate.left('viettel', 'a', quota(9, 10));
  expect(gate.waitMs('viettel', 'a', 10)).toBeUndefined();
  gate.left('viettel', 'a', quota(10, 10));
  expect(gate.waitMs('viettel', 'a', 10)).toBe(30_000);
  expect([gate.waitMs('viettel', 'b', 10), gate.waitMs('mobifone', 'a', 10)]).toEqual([undefined, undefined]);
  now += 30;
  expect(gate.waitMs('viettel', 'a', 10)).toBeUndefined();
});

test('a rate that was raised opens at once, and one that was lowered or is none is held against what it is now', () => {
  const gate = createRateGate(() => NOW);
  gate.left('viettel', 'a', quota(12, 10));
  expect(gate.waitMs('viettel', 'a', 20)).toBeUndefined();
  expect(gate.waitMs('viettel', 'a', undefined)).toBeUndefined();
  expect(gate.waitMs('viettel', 'a', 12)).toBe(30_000);
  expect(gate.waitMs('viettel', 'a', 5)).toBe(30_000);
});

test('a rate that was used up while the clock ran ahead closes nothing once it was set back', () => {
  let now = NOW;
  const gate = createRateGate(() => now);
  gate.left('viettel', 'a', quota(10, 10));
  now -= 3_600;
  expect(gate.waitMs('viettel', 'a', 10)).toBeUndefined();
});
