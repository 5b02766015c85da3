import { expect, test } from 'vitest';
import { endingOf } from './ending.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;

test('warns 60, 30 and 7 days ahead, the nearest first; of what is far or over it says nothing', () => {
  const agreements = [7, 8, 30, 31, 60, 61, 0].map((days, n) => ({
    ...{ id: `a-${days}`, version: n, valid_to: NOW + days * DAY, changedLimits: [] },
  }));
  const keys = [5, 62, -1].map((days) => ({ kid: `k-${days}`, until: NOW + days * DAY }));
  const told = endingOf({ agreements, keys, certificate: NOW + 3 * DAY }, NOW).map(({ what, subject, withinDays }) => [
    what,
    subject,
    withinDays,
  ]);
  expect(told).toEqual([
    ['certificate', '', 7],
    ['signing_key', 'k-5', 7],
    ['agreement', 'a-7:0', 7],
    ['agreement', 'a-8:1', 30],
    ['agreement', 'a-30:2', 30],
    ['agreement', 'a-31:3', 60],
    ['agreement', 'a-60:4', 60],
  ]);
});

test('of limits, raised ones 30 and 7 days ahead; what was lowered has no end, and what is over is told no more', () => {
  const raised = (days: number) => ({ limit: `rows-${days}`, most: 9n, until: BigInt(NOW + days * DAY) });
  const changedLimits = [31, 30, 7, 0].map(raised).concat({ limit: 'calls_per_minute', most: 1n, until: 0n });
  const agreements = [{ id: 'a', version: 2, valid_to: NOW + 99 * DAY, changedLimits }];
  expect(endingOf({ agreements, keys: [], certificate: NOW + 99 * DAY }, NOW)).toEqual([
    { what: 'raised_limit', subject: 'a:2 rows-7', until: BigInt(NOW + 7 * DAY), withinDays: 7 },
    { what: 'raised_limit', subject: 'a:2 rows-30', until: BigInt(NOW + 30 * DAY), withinDays: 30 },
  ]);
});
