/** The published figures and the figures of each class: shares that should be small. */
import type { Kind } from './generate/row.ts';
import type { Measured } from './measure.ts';
import { sum, type Tally } from './tally.ts';

/** `count` of `of` rows went the wrong way: less is better. */
export interface Figure {
  readonly name: string;
  readonly count: number;
  readonly of: number;
  /** One line for people. */
  readonly meaning: string;
  /** The same share of the exact matcher and of Jaro–Winkler, as counts; undefined where they have no such answer. */
  readonly exact?: number;
  readonly similar?: number;
}

export const rateOf = ({ count, of }: Pick<Figure, 'count' | 'of'>): number => (of === 0 ? 0 : count / of);

const ofKind = ({ tallies }: Measured, kind: Kind): Tally =>
  sum(
    tallies.filter((tally) => tally.kind === kind),
    kind,
    kind,
  );

export function headlines(measured: Measured): readonly Figure[] {
  const same = ofKind(measured, 'same');
  const different = ofKind(measured, 'different');
  const rest = sum([ofKind(measured, 'absent'), ofKind(measured, 'unreadable')], 'rest', 'absent');
  const clean = sum(
    measured.tallies.filter(({ label }) => label.startsWith('clean.')),
    'clean',
    'same',
  );
  return [
    {
      name: 'false_mismatch',
      meaning: 'the right person answered neither VERIFIED nor PROBABLE',
      count: same.other + same.wrong,
      of: same.rows,
      exact: same.rows - same.exact,
      similar: same.rows - same.similar,
    },
    {
      name: 'not_verified',
      meaning: 'the right person not VERIFIED',
      count: same.rows - same.verified,
      of: same.rows,
      exact: same.rows - same.exact,
      similar: same.rows - same.similar,
    },
    {
      name: 'clean_not_verified',
      meaning: 'the right person in an undamaged row not VERIFIED',
      count: clean.rows - clean.verified,
      of: clean.rows,
      exact: clean.rows - clean.exact,
      similar: clean.rows - clean.similar,
    },
    {
      name: 'refused_not_verified',
      meaning: 'wrongly refused by the exact matcher and not VERIFIED by ours',
      count: same.refused - same.refusedVerified,
      of: same.refused,
      exact: same.refused,
    },
    {
      name: 'refused_missed',
      meaning: 'wrongly refused by the exact matcher and neither VERIFIED nor PROBABLE by ours',
      count: same.refused - same.refusedVerified - same.refusedProbable,
      of: same.refused,
      exact: same.refused,
    },
    {
      name: 'false_match',
      meaning: 'a different person VERIFIED',
      count: different.verified,
      of: different.rows,
      exact: different.exact,
      similar: different.similar,
    },
    {
      name: 'probable_different',
      meaning: 'a different person PROBABLE',
      count: different.probable,
      of: different.rows,
    },
    {
      name: 'wrong_holder',
      meaning: 'of several holders of a number, the wrong one chosen',
      count: same.wrong,
      of: same.rows,
    },
    {
      name: 'review',
      meaning: 'the right person left to somebody to look at (PROBABLE or AMBIGUOUS)',
      count: same.probable + (same.verdicts.AMBIGUOUS ?? 0),
      of: same.rows,
    },
    {
      name: 'nobody_matched',
      meaning: 'number of nobody, or unreadable row, answered VERIFIED or PROBABLE',
      count: rest.verified + rest.probable,
      of: rest.rows,
      exact: rest.exact,
      similar: rest.similar,
    },
  ];
}

/** Two figures a class: what must not happen, and what should rather not. */
export function classFigures({ tallies }: Measured): readonly Figure[] {
  return tallies.flatMap(({ label, kind, rows, verified, probable, other, wrong }): Figure[] => {
    const figure = (name: string, count: number): Figure => ({
      name: `${label} ${name}`,
      meaning: name,
      count,
      of: rows,
    });
    if (kind === 'same') return [figure('missed', other + wrong), figure('not_verified', rows - verified)];
    if (kind === 'different') return [figure('verified', verified), figure('accepted', verified + probable)];
    return [figure('accepted', verified + probable)];
  });
}
