import { expect, test } from 'vitest';
import { endingOf } from './ending.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;

test('warns 60, 30 and 7 days ahead, the nearest first; of what is far or over it says nothing', () => {
  const agreements = [7, 8, 30, 31, 60, 61, 0].map((days, n) => ({
    ...{ id: `a-${days}`, version: n, valid_to: NOW + days * DAY },
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
