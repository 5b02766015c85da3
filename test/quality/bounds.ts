/** Figures against the rates that were once reached: a rate may fall, and may not rise unless somebody says so. */
import { type Figure, rateOf } from './figures.ts';
import { wilson, Z999 } from './wilson.ts';

/** The run that the rates were taken from. */
export interface Run {
  readonly seed: number;
  readonly persons: number;
  readonly rows: number;
  readonly zeroPrefixes?: boolean;
}

/** Highest rate that passes, by name of the figure. */
export interface BoundSet extends Run {
  readonly rates: Readonly<Record<string, number>>;
}

/** The file: one set for each form of the run. */
export type Bounds = Readonly<Partial<Record<'short' | 'long', BoundSet>>>;

/** Written with four digits, rounded up, so that the run it came from passes. */
const DIGITS = 10_000;
const roundedUp = (rate: number): number => Math.ceil(rate * DIGITS - 1e-9) / DIGITS;

export function boundsOf(figures: readonly Figure[], run: Run): BoundSet {
  const rates = Object.fromEntries(figures.map((figure) => [figure.name, roundedUp(rateOf(figure))]));
  return { seed: run.seed, persons: run.persons, rows: run.rows, rates };
}

const sameRun = (a: Run, b: Run): boolean =>
  a.seed === b.seed && a.persons === b.persons && a.rows === b.rows && a.zeroPrefixes !== true;
const percent = (rate: number): string => `${(100 * rate).toFixed(2)} %`;

/** Two samples of which one is surely worse: their 99.9 % intervals do not meet. A file has hundreds of figures. */
function surelyWorse({ count, of }: Figure, bound: number): boolean {
  return wilson(count, of, Z999)[0] > wilson(Math.min(of, bound * of), of, Z999)[1];
}

/**
 * What is worse than its bound, a line each; empty where all is well. The same rows must reach the same rates, each figure
 * with its bound and each bound with its figure; another file is another sample, and only what is surely worse fails.
 */
export function worsened(figures: readonly Figure[], run: Run, bounds: BoundSet): readonly string[] {
  const same = sameRun(run, bounds);
  const lines: string[] = [];
  for (const figure of figures) {
    const bound = bounds.rates[figure.name];
    const rate = rateOf(figure);
    if (bound === undefined) {
      if (same) lines.push(`${figure.name} has no bound`);
    } else if (same ? rate > bound + 1e-9 : surelyWorse(figure, bound)) {
      lines.push(`${figure.name} is ${percent(rate)} (${figure.count} of ${figure.of}), its bound ${percent(bound)}`);
    }
  }
  if (!same) return lines;
  // A bound that nothing is measured against would hide that a class is gone.
  const known = new Set(figures.map(({ name }) => name));
  for (const name of Object.keys(bounds.rates)) {
    if (!known.has(name)) lines.push(`${name} has a bound and is not measured`);
  }
  return lines;
}
