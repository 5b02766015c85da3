/** All that a run measured, for programs. */
import type { Run } from './bounds.ts';
import { type Figure, rateOf } from './figures.ts';
import { THRESHOLD } from './matchers/similar.ts';
import type { Measured } from './measure.ts';
import { wilson } from './wilson.ts';

export function toJson(run: Run, figures: readonly Figure[], measured: Measured): object {
  return {
    ...run,
    jaroWinklerThreshold: THRESHOLD,
    figures: figures.map((figure) => ({
      name: figure.name,
      rate: rateOf(figure),
      interval95: wilson(figure.count, figure.of),
      count: figure.count,
      of: figure.of,
      exact: figure.exact === undefined ? null : figure.exact / figure.of,
      jaroWinkler: figure.similar === undefined ? null : figure.similar / figure.of,
    })),
    classes: measured.tallies.map(
      ({ label, kind, rows, verified, probable, other, wrong, exact, similar, verdicts }) => ({
        label,
        kind,
        rows,
        verified,
        probable,
        other,
        wrong,
        exact,
        jaroWinkler: similar,
        verdicts,
      }),
    ),
    calibration: measured.calibration,
    strictness: measured.strictness,
  };
}
