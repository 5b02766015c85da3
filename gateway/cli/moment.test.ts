import { expect, test } from 'vitest';
import { comingMomentOf, momentOf, pastMomentOf } from './moment.ts';

const wrong = { reason: 'OPTION_WRONG' };

test('a moment is read with its offset, whatever zone this machine is in', () => {
  const at = Date.UTC(2026, 10, 28, 2) / 1000;
  for (const text of [
    '2026-11-28T09:00:00+07:00',
    '2026-11-28T02:00:00Z',
    '2026-11-28T02:00Z',
    '2026-11-28T02:00:00.9Z',
  ])
    expect(momentOf('--until', text), text).toBe(at);
  // Its day is as it is written; in another zone it may be the day after.
  expect(momentOf('--until', '2024-02-29T23:30:00-02:00')).toBe(Date.UTC(2024, 2, 1, 1, 30) / 1000);
  expect(momentOf('--until', undefined)).toBeUndefined();
});

test('without an offset, or of a day that is in no calendar, it is none', () => {
  for (const text of [
    ...['2026-11-30T08:00:00', '2026-11-30', 'tomorrow', '', '2026-11-30T08:00:00+7', '1796025600'],
    ...['2026-02-31T00:00:00Z', '2026-02-29T00:00:00+07:00', '2026-13-01T00:00:00Z', '2026-11-30T25:00:00Z'],
  ]) {
    expect(() => momentOf('--until', text), text).toThrow(expect.objectContaining(wrong));
  }
});

test('what has been has been, and what is to come has not', () => {
  const [past, future] = ['2020-01-01T00:00:00Z', '2999-01-01T00:00:00Z'];
  expect(pastMomentOf('--compromised-from', past)).toBe(Date.parse(past) / 1000);
  expect(() => pastMomentOf('--compromised-from', future)).toThrow(expect.objectContaining(wrong));
  expect(comingMomentOf('--key-until', future)).toBe(Date.parse(future) / 1000);
  expect(() => comingMomentOf('--key-until', past)).toThrow(expect.objectContaining(wrong));
});
