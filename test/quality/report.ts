/** Results as tables for people. */
import Table from 'cli-table3';
import type { Calibration } from './calibration.ts';
import { type Figure, rateOf } from './figures.ts';
import { KINDS } from './generate/row.ts';
import { THRESHOLD } from './matchers/similar.ts';
import type { Measured, VerdictCounts } from './measure.ts';
import type { Tally } from './tally.ts';
import { wilson } from './wilson.ts';

const NONE = '–';
const percent = (share: number): string => `${(100 * share).toFixed(share > 0 && share < 0.01 ? 2 : 1)} %`;
const share = (count: number | undefined, of: number): string =>
  count === undefined || of === 0 ? NONE : percent(count / of);
const VERDICT_ORDER = ['VERIFIED', 'PROBABLE', 'MISMATCH', 'NOT_FOUND', 'AMBIGUOUS', 'INVALID'] as const;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const built = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, at) => (at === 0 ? 'left' : 'right')),
  });
  built.push(...rows.map((row) => [...row]));
  return built.toString();
}

function interval(figure: Figure): string {
  const [low, high] = wilson(figure.count, figure.of);
  return `${percent(low)} to ${percent(high)}`;
}

export function printHeadlines(figures: readonly Figure[]): string {
  return table(
    ['figure (less is better)', 'ours', '95 %', 'rows', 'exact', `JW ≥ ${THRESHOLD}`, 'what it counts'],
    figures.map((figure) => [
      figure.name,
      percent(rateOf(figure)),
      interval(figure),
      `${figure.of}`,
      share(figure.exact, figure.of),
      share(figure.similar, figure.of),
      figure.meaning,
    ]),
  );
}

/** A line a class. For other people's and nobody's rows every acceptance is an error, for one's own every refusal. */
export function printClasses(tallies: readonly Tally[]): string {
  return table(
    ['class', 'rows', 'VERIFIED', 'PROBABLE', 'other', 'wrong holder', 'exact accepts', 'JW accepts'],
    tallies.map(({ label, rows, verified, probable, other, wrong, exact, similar }) => [
      label,
      `${rows}`,
      share(verified, rows),
      share(probable, rows),
      share(other, rows),
      wrong === 0 ? NONE : `${wrong}`,
      share(exact, rows),
      share(similar, rows),
    ]),
  );
}

export function printCalibration({ bands, unscored }: Calibration): string {
  const rows = bands
    .filter((band) => band.rows > 0)
    .map((band) => [`${band.from}–${band.from + 4}`, `${band.rows}`, share(band.right, band.rows)]);
  return table(['score', 'rows', 'right person'], [...rows, ['no score', `${unscored}`, NONE]]);
}

const totals = (counts: VerdictCounts): string[] => VERDICT_ORDER.map((verdict) => `${counts[verdict] ?? 0}`);

/** Rows by verdict, for each strictness and kind of row. */
export function printStrictness({ strictness, tallies }: Measured): string {
  const standard = (kind: string): VerdictCounts => {
    const counts: VerdictCounts = {};
    for (const tally of tallies) {
      if (tally.kind !== kind) continue;
      for (const verdict of VERDICT_ORDER) counts[verdict] = (counts[verdict] ?? 0) + (tally.verdicts[verdict] ?? 0);
    }
    return counts;
  };
  return table(
    ['strictness, kind of row', ...VERDICT_ORDER],
    KINDS.flatMap((kind) => [
      [`standard ${kind}`, ...totals(standard(kind))],
      [`exact    ${kind}`, ...totals(strictness.exact[kind])],
      [`review   ${kind}`, ...totals(strictness.review[kind])],
    ]),
  );
}
