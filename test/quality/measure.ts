/** Runs all matchers over all rows once. */
import type { Strictness, Verdict } from '../../gateway/matching/index.ts';
import { type Calibration, createCalibration, observe } from './calibration.ts';
import { KINDS, type Kind, type Row } from './generate/row.ts';
import type { World } from './generate/world.ts';
import { createExact } from './matchers/exact.ts';
import { createNumberIndex } from './matchers/number-index.ts';
import { createOurs } from './matchers/ours.ts';
import { createSimilar } from './matchers/similar.ts';
import { count, createTally, type Tally } from './tally.ts';

export type VerdictCounts = Partial<Record<Verdict, number>>;

export interface Measured {
  /** By label, in the order of the labels. */
  readonly tallies: readonly Tally[];
  readonly calibration: Calibration;
  /** Rows by verdict under the other strictnesses, by kind of row. */
  readonly strictness: Readonly<Record<Exclude<Strictness, 'standard'>, Readonly<Record<Kind, VerdictCounts>>>>;
  readonly rows: number;
}

const noCounts = (): Record<Kind, VerdictCounts> =>
  Object.fromEntries(KINDS.map((kind) => [kind, {}])) as Record<Kind, VerdictCounts>;

export function measure(world: World, rows: Iterable<Row>): Measured {
  const index = createNumberIndex(world.people);
  const ours = createOurs(index, 'standard');
  const others = { exact: createOurs(index, 'exact'), review: createOurs(index, 'review') } as const;
  const exact = createExact(index);
  const similar = createSimilar(index);
  const tallies = new Map<string, Tally>();
  const calibration = createCalibration();
  const strictness = { exact: noCounts(), review: noCounts() };
  let total = 0;
  for (const row of rows) {
    total++;
    let tally = tallies.get(row.label);
    if (tally === undefined) {
      tally = createTally(row.label, row.kind);
      tallies.set(row.label, tally);
    }
    const answer = ours(row);
    count(tally, row, answer, exact(row), similar(row));
    observe(calibration, row, answer);
    for (const name of ['exact', 'review'] as const) {
      const counts = strictness[name][row.kind];
      const { verdict } = others[name](row);
      counts[verdict] = (counts[verdict] ?? 0) + 1;
    }
  }
  const ordered = [...tallies.values()].toSorted((a, b) => (a.label < b.label ? -1 : 1));
  return { tallies: ordered, calibration, strictness, rows: total };
}
