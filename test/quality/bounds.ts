/** Figures against the rates that were once reached: a rate may fall, and may not rise unless somebody says so. */
import { type Figure, rateOf } from './figures.ts';
import { wilson } from './wilson.ts';

/** The run that the rates were taken from. */
export interface Run {
  readonly seed: number;
  readonly persons: number;
  readonly rows: number;
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

const sameRun = (a: Run, b: Run): boolean => a.seed === b.seed && a.persons === b.persons && a.rows === b.rows;
const percent = (rate: number): string => `${(100 * rate).toFixed(2)} %`;

/**
 * What is worse than its bound, a line each; empty where all is well. The same rows must reach the same rates; other rows
 * are a sample, and only what is surely worse fails: where even the lower end of the 95 % interval lies above the bound.
 */
export function worsened(figures: readonly Figure[], run: Run, bounds: BoundSet): readonly string[] {
  const exact = sameRun(run, bounds);
  const lines: string[] = [];
  for (const figure of figures) {
    const bound = bounds.rates[figure.name];
    if (bound === undefined) {
      lines.push(`${figure.name} has no bound`);
      continue;
    }
    const rate = rateOf(figure);
    const least = exact ? rate : wilson(figure.count, figure.of)[0];
    if (least > bound + 1e-9)
      lines.push(`${figure.name} is ${percent(rate)} (${figure.count} of ${figure.of}), its bound ${percent(bound)}`);
  }
  // A bound that nothing is measured against would hide that a class is gone.
  const known = new Set(figures.map(({ name }) => name));
  for (const name of Object.keys(bounds.rates))
    if (!known.has(name)) lines.push(`${name} has a bound and is not measured`);
  return lines;
}
