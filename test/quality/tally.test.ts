import { describe, expect, test } from 'vitest';
import { createCalibration, observe } from './calibration.ts';
import { classFigures, headlines, rateOf } from './figures.ts';
import type { Row } from './generate/row.ts';
import type { Answer } from './matchers/answer.ts';
import { count, createTally } from './tally.ts';

const row = (kind: Row['kind'], holder: number | undefined = 1): Row => ({
  rowId: 1,
  kind,
  label: `${kind}.x`,
  idNumber: '',
  name: '',
  birthDate: '',
  subject: 1,
  holder,
  damages: [],
});
const yes = (person: number): Answer => ({ verdict: 'VERIFIED', person });
const maybe = (person: number): Answer => ({ verdict: 'PROBABLE', person });
const NO: Answer = { verdict: 'MISMATCH', person: undefined };

describe('counts', () => {
  test('the wrong one of several holders is no match', () => {
    const tally = createTally('same.x', 'same');
    count(tally, row('same'), yes(2), yes(2), NO);
    expect(tally).toMatchObject({ rows: 1, verified: 0, wrong: 1, exact: 0, refused: 1, refusedVerified: 0 });
  });

  test('of the rows that the exact matcher refuses, ours are counted by verdict', () => {
    const tally = createTally('same.x', 'same');
    for (const ours of [yes(1), maybe(1), NO]) count(tally, row('same'), ours, NO, NO);
    count(tally, row('same'), yes(1), yes(1), yes(1));
    expect(tally).toMatchObject({
      verified: 2,
      probable: 1,
      other: 1,
      refused: 3,
      refusedVerified: 1,
      refusedProbable: 1,
      exact: 1,
      similar: 1,
    });
  });

  test('a different person accepted is a false match', () => {
    const different = createTally('different.x', 'different');
    for (const ours of [yes(2), maybe(2), NO, NO]) count(different, row('different', 2), ours, NO, NO);
    const measured = {
      tallies: [different],
      calibration: createCalibration(),
      strictness: { exact: NONE, review: NONE },
      rows: 4,
    };
    const rates = Object.fromEntries(headlines(measured).map((figure) => [figure.name, rateOf(figure)]));
    expect(rates).toMatchObject({ false_match: 0.25, probable_different: 0.25, false_mismatch: 0 });
    expect(classFigures(measured).map(({ name, count: bad }) => [name, bad])).toEqual([
      ['different.x verified', 1],
      ['different.x accepted', 2],
    ]);
  });
});

const NONE = { same: {}, different: {}, absent: {}, unreadable: {} };

test('a band of scores knows how many were right', () => {
  const calibration = createCalibration();
  const answer = { verdict: 'PROBABLE', person: 1, score: 83, reasons: () => [] } as const;
  observe(calibration, row('same'), answer);
  observe(calibration, row('different', 2), { ...answer, person: 2 });
  observe(calibration, row('absent', undefined), { ...answer, person: undefined, score: undefined });
  expect(calibration.bands.filter(({ rows }) => rows > 0)).toEqual([{ from: 80, rows: 2, right: 1 }]);
  expect(calibration.unscored).toBe(1);
});
