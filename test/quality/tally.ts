/** Counts of answers over labelled rows. */
import type { Verdict } from '../../gateway/matching/index.ts';
import type { Kind, Row } from './generate/row.ts';
import type { Answer } from './matchers/answer.ts';

/** Answers of our matcher, of the yardsticks, and of both together, over the rows of one label. */
export interface Tally {
  readonly label: string;
  readonly kind: Kind;
  rows: number;
  /** Rows by our verdict; those about the wrong one of several holders count as `wrong` and not here. */
  verified: number;
  probable: number;
  other: number;
  /** VERIFIED or PROBABLE about somebody who is not the row's person, though the row's number is that person's. */
  wrong: number;
  readonly verdicts: Partial<Record<Verdict, number>>;
  exact: number;
  similar: number;
  /** Rows that the exact matcher does not accept, and our verdicts on them. */
  refused: number;
  refusedVerified: number;
  refusedProbable: number;
}

export const createTally = (label: string, kind: Kind): Tally => ({
  label,
  kind,
  rows: 0,
  verified: 0,
  probable: 0,
  other: 0,
  wrong: 0,
  verdicts: {},
  exact: 0,
  similar: 0,
  refused: 0,
  refusedVerified: 0,
  refusedProbable: 0,
});

/** VERIFIED about the person of the row; where the row is somebody else's, about anybody. */
const accepted = (row: Row, { verdict, person }: Answer): boolean =>
  verdict === 'VERIFIED' && (row.kind !== 'same' || person === row.subject);

export function count(tally: Tally, row: Row, ours: Answer, exact: Answer, similar: Answer): void {
  const { verdict, person } = ours;
  tally.rows++;
  tally.verdicts[verdict] = (tally.verdicts[verdict] ?? 0) + 1;
  const positive = verdict === 'VERIFIED' || verdict === 'PROBABLE';
  // An answer of several people names nobody; it is not wrong.
  const wrong = positive && row.kind === 'same' && person !== undefined && person !== row.subject;
  if (wrong) tally.wrong++;
  else if (verdict === 'VERIFIED') tally.verified++;
  else if (verdict === 'PROBABLE') tally.probable++;
  else tally.other++;
  if (accepted(row, similar)) tally.similar++;
  if (accepted(row, exact)) tally.exact++;
  else {
    tally.refused++;
    if (!wrong && verdict === 'VERIFIED') tally.refusedVerified++;
    if (!wrong && verdict === 'PROBABLE') tally.refusedProbable++;
  }
}

/** The sum over several labels. */
export function sum(tallies: readonly Tally[], label: string, kind: Kind): Tally {
  const total = createTally(label, kind);
  for (const tally of tallies) {
    for (const [verdict, rows] of Object.entries(tally.verdicts) as [Verdict, number][]) {
      total.verdicts[verdict] = (total.verdicts[verdict] ?? 0) + rows;
    }
    for (const key of [
      'rows',
      'verified',
      'probable',
      'other',
      'wrong',
      'exact',
      'similar',
      'refused',
      'refusedVerified',
      'refusedProbable',
    ] as const) {
      total[key] += tally[key];
    }
  }
  return total;
}
