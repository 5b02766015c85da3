import { describe, expect, test } from 'vitest';
import type { Limits } from '../policy/decision.ts';
import { type Act, actBytes, readAct } from './act.ts';
import { NOW, OPTIONS, row, rowAt } from './acts.test-support.ts';
import { type ActRow, foldActs } from './fold-acts.ts';
import { changedLimits, limitsNow, RAISE_DAYS } from './limits.ts';

const DAY = 86_400;
const AGREED = { rows_per_job: 100, rows_per_day: 1000 };
const VERSION = { id: 'bhxh-lookup', version: 3, limits: AGREED };

let acts = 0;
const named = (own: object) =>
  ({
    ...{ act: String(acts++).padStart(21, 'A').concat('A'), deployment: 'dev-tests' },
    ...{ agreement: VERSION.id, version: VERSION.version, limit: 'rows_per_day' },
    ...own,
  }) as Act;
const raise = (to: number, until: number, own: object = {}) =>
  named({ kind: 'limit.raise', from: 0, to, until, ...own });
const lower = (to: number, own: object = {}) => named({ kind: 'limit.lower', from: 999_999, to, ...own });

const byTwo = (act: Act, at = NOW) => rowAt(at, act, 0, 1);
const byOne = (act: Act, at = NOW) => rowAt(at, act, 0);

const rowsOf = (rows: readonly ActRow[], now: number, limits: Limits = AGREED) =>
  limitsNow(foldActs(rows, OPTIONS), { ...VERSION, limits }, now).rows_per_day;
const problems = (...rows: ActRow[]) => foldActs(rows, OPTIONS).refused.map(({ problem }) => problem);

describe('a limit is raised', () => {
  test('by two, of one version, until it ends by itself', () => {
    const rows = [byTwo(raise(5000, NOW + DAY))];
    expect([NOW, NOW + DAY - 1, NOW + DAY].map((now) => rowsOf(rows, now))).toEqual([5000, 5000, 1000]);
    const book = foldActs(rows, OPTIONS);
    expect(limitsNow(book, { ...VERSION, version: 4 }, NOW)).toBe(AGREED);
    expect(limitsNow(book, { ...VERSION, id: 'bhxh' }, NOW)).toBe(AGREED);
    expect(changedLimits(book, VERSION, NOW)).toEqual([
      { limit: 'rows_per_day', agreed: 1000, most: 5000, until: NOW + DAY },
    ]);
  });

  test('and by nobody alone, nor by one twice, nor for longer than a quarter of a year', () => {
    expect(problems(byOne(raise(5000, NOW + DAY)))).toEqual(['NOT_ALONE']);
    expect(problems(row(raise(5000, NOW + DAY), 0, 0))).toEqual(['SAME_OFFICER']);
    expect(problems({ ...byTwo(raise(5000, NOW + DAY)), approval: null })).toEqual(['NOT_SIGNED']);
    expect(problems(byTwo(raise(5000, NOW)))).toEqual(['STATE_WRONG']);
    expect(problems(byTwo(raise(5000, NOW + RAISE_DAYS * DAY)))).toEqual([]);
    expect(problems(byTwo(raise(5000, NOW + RAISE_DAYS * DAY + 1)))).toEqual(['STATE_WRONG']);
  });

  test('to the highest that is not over, and never beneath what is agreed', () => {
    const rows = [byTwo(raise(3000, NOW + 3 * DAY)), byTwo(raise(9000, NOW + DAY)), byTwo(raise(500, NOW + 5 * DAY))];
    expect([NOW, NOW + DAY, NOW + 3 * DAY].map((now) => rowsOf(rows, now))).toEqual([9000, 3000, 1000]);
  });

  test('not at all where there is none', () => {
    expect(rowsOf([byTwo(raise(5000, NOW + DAY))], NOW, {})).toBeUndefined();
  });
});

describe('a limit is lowered', () => {
  test('by one, at once, until the next version', () => {
    const rows = [byOne(lower(10))];
    expect([rowsOf(rows, NOW), rowsOf(rows, NOW + 1000 * DAY)]).toEqual([10, 10]);
    expect(rowsOf(rows, NOW, {})).toBe(10);
    expect(limitsNow(foldActs(rows, OPTIONS), { ...VERSION, version: 4 }, NOW)).toBe(AGREED);
  });

  test('and one who says that it was higher raises nothing by it', () => {
    expect(rowsOf([byOne(lower(900_000))], NOW)).toBe(1000);
    expect(problems(byOne(lower(5, { from: 5 })))).toEqual(['NOT_AN_ACT']);
  });

  test('under whatever was signed before, in whatever order the rows stand; and raised again by two', () => {
    const [before, lowered, after] = [
      byTwo(raise(5000, NOW + DAY), NOW - 20),
      byOne(lower(10), NOW - 10),
      byTwo(raise(300, NOW + DAY), NOW),
    ];
    expect(rowsOf([before, lowered], NOW)).toBe(10);
    expect(rowsOf([lowered, before], NOW)).toBe(10);
    expect(rowsOf([after, lowered, before], NOW)).toBe(300);
    expect(rowsOf([after, lowered, before], NOW + DAY)).toBe(10);
  });

  test('but not that of the administration, and none of a barred agreement', () => {
    expect(problems(byOne(lower(0, { agreement: 'operator-administration' })))).toEqual(['STATE_WRONG']);
    const { act, deployment } = lower(1);
    const bar = { act, deployment, kind: 'bar', what: 'agreement', subject: VERSION.id } as const;
    expect(problems(byOne(bar), byOne(lower(1)))).toEqual(['STATE_WRONG']);
  });
});

test('a bound of wrong values stands though the agreement does not state it, and stays where bounds may be', () => {
  const limit = 'wrong_values_per_field';
  const rows = [byTwo(raise(8, NOW + DAY, { limit, from: 5 }))];
  expect(changedLimits(foldActs(rows, OPTIONS), VERSION, NOW)).toEqual([
    { limit, agreed: 5, most: 8, until: NOW + DAY },
  ]);
  for (const to of [201, 1_000_000]) expect(readAct(actBytes(raise(to, NOW, { limit })))).toBeUndefined();
  expect(readAct(actBytes(lower(2, { limit, from: 5 })))).toBeUndefined();
  expect(readAct(actBytes(lower(3, { limit, from: 5 })))).toBeDefined();
});
