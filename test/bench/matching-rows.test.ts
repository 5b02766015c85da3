import { beforeAll, describe, expect, it } from 'vitest';
import { createJudgement, judgeRow, VERDICTS } from '../../gateway/matching/index.ts';
import { planOf, TELCO_MIX, telcoShares, weightOf } from './matching-mix.ts';
import { type Comparison, type MatchingRows, matchingRows } from './matching-rows.ts';

describe('the mix of damages', () => {
  it('has the shares of its parts, and gives all of them', () => {
    expect(TELCO_MIX.map(({ share }) => share)).toEqual([30, 40, 15, 5, 10]);
    const shares = new Map(telcoShares());
    expect([...shares.values()].reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    for (const { share, labels } of TELCO_MIX) {
      const sum = labels.reduce((total, label) => total + (shares.get(label) ?? Number.NaN), 0);
      expect(sum).toBeCloseTo(share / 100);
    }
  });

  it('names each damage once, and none that the generator does not know', () => {
    const labels = TELCO_MIX.flatMap((part) => part.labels);
    expect(new Set(labels).size).toBe(labels.length);
    for (const label of labels) expect(weightOf(label)).toBeGreaterThan(0);
    expect(() => weightOf('name.nothing')).toThrow(RangeError);
    expect(() => planOf('nothing.telex')).toThrow(RangeError);
  });

  it('does to a row what its label says', () => {
    expect(planOf('name.telex')).toEqual({ name: ['telex'] });
    expect(planOf('date.day_number')).toEqual({ name: [], date: 'day_number' });
    expect(planOf('id.separators')).toEqual({ name: [], id: 'separators' });
  });
});

describe('the rows', () => {
  const ROWS = 1000;
  let rows: MatchingRows;
  beforeAll(() => {
    rows = matchingRows({ persons: 20_000, rows: ROWS });
  });

  const verdictOf = ({ row, candidates }: Comparison) =>
    judgeRow(row, candidates, 'standard', createJudgement()).verdict;
  const share = (set: readonly Comparison[], test: (comparison: Comparison) => boolean): number =>
    set.filter(test).length / set.length;

  it('are as many as asked, of the labels of their set', () => {
    expect([rows.clean.length, rows.damaged.length, rows.different.length]).toEqual([ROWS, ROWS, ROWS]);
    const none = rows.damaged.filter(({ label }) => label === 'name.marks_none');
    expect(none.length).toBe(300);
    expect(rows.different.every(({ label }) => label.startsWith('different.'))).toBe(true);
  });

  it('that are clean are the register but for case and date style', () => {
    for (const comparison of rows.clean) {
      const { claim, row, register, candidates } = comparison;
      expect(claim.idNumber).toBe(register.idNumber);
      expect(claim.name.toLowerCase()).toBe(register.name.toLowerCase());
      expect([row.idReasons, row.birthReasons]).toEqual([0, 0]);
      expect(row.birthDate).toBe(candidates[0]?.birthDate);
      expect(verdictOf(comparison)).toBe(VERDICTS.VERIFIED);
    }
    expect(share(rows.clean, ({ claim, register }) => claim.name !== register.name)).toBeGreaterThan(0.3);
    expect(share(rows.clean, ({ claim, register }) => claim.birthDate !== register.birthDate)).toBeGreaterThan(0.3);
  });

  it('that are damaged are not clean, and mostly found to be the same person', () => {
    const asIs = ({ claim, register }: Comparison): boolean =>
      claim.name.toLowerCase() === register.name.toLowerCase() && claim.idNumber === register.idNumber;
    // Rows with a damaged date alone have a good name and number.
    expect(share(rows.damaged, (one) => !one.label.startsWith('date.') && asIs(one))).toBe(0);
    expect(share(rows.damaged, (one) => verdictOf(one) === VERDICTS.VERIFIED)).toBeGreaterThan(0.8);
  });

  it('of different people are mostly refused', () => {
    expect(share(rows.different, (one) => verdictOf(one) === VERDICTS.MISMATCH)).toBeGreaterThan(0.8);
  });
});
