import { expect, it } from 'vitest';
import { sampleAgreement } from '../policy/testing/agreements.ts';
import { lastOf, raisesOf } from './expiries.ts';

const NOW = 1_795_000_000;
const DAY = 86_400;
const change = (to: number, until: number | undefined) => ({
  limit: 'rows_per_day' as const,
  to,
  until,
  at: NOW - DAY,
});

it('the raise that counts ends; one below it, one that is over and what was lowered do not', () => {
  const changes = [change(9000, NOW + 2 * DAY), change(3000, NOW + 5 * DAY)];
  const book = {
    limits: new Map([
      ['raised:2', changes],
      ['over:1', [change(9000, NOW)]],
      ['lowered:1', [change(5, undefined)]],
    ]),
  };
  const agreements = [
    sampleAgreement({ id: 'raised', version: 2 }),
    ...['over', 'lowered'].map((id) => sampleAgreement({ id })),
  ];
  const raise = { what: 'raised_limit', subject: 'sample raised:2 rows_per_day' };
  expect(raisesOf(agreements, book, NOW)).toEqual([{ ...raise, until: NOW + 2 * DAY }]);
  expect(raisesOf(agreements, book, NOW + 2 * DAY)).toEqual([{ ...raise, until: NOW + 5 * DAY }]);
});

it('an agreement ends with the last version that takes over without a gap', () => {
  const now = sampleAgreement({ valid_to: NOW });
  const next = sampleAgreement({ version: 2, valid_from: NOW, valid_to: NOW + DAY });
  const late = sampleAgreement({ version: 3, valid_from: NOW + 2 * DAY });
  expect(lastOf(now, [next, late])).toBe(next);
  expect(lastOf(now, [{ ...next, id: 'another' }, late])).toBe(now);
  // One that has been overtaken before its term begins never counts.
  const overtaken = sampleAgreement({ version: 1, valid_from: NOW + DAY / 2, valid_to: NOW + 9 * DAY });
  expect(lastOf(now, [next, overtaken])).toBe(next);
});
