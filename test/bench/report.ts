/** Results as a table for people. */
import Table from 'cli-table3';
import { type Figure, passes } from './figure.ts';
import { rounded } from './stats.ts';

const NONE = '–';
const THOUSANDS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

function number(value: number | null): string {
  return value === null ? NONE : THOUSANDS.format(value);
}

function ratio(value: number | null): string {
  return value === null ? NONE : `${rounded(value)}×`;
}

function result(figure: Figure): string {
  if (figure.ratio === null) return figure.gate === null ? 'not measured' : 'NOT MEASURED';
  if (!passes(figure)) return 'BELOW THE GATE';
  if (figure.goal === null) return figure.gate === null ? NONE : 'passes';
  if (figure.ratio >= figure.goal) return 'reaches the goal';
  return figure.gate === null ? 'below the goal' : 'passes, below the goal';
}

export function printFigures(figures: readonly Figure[]): string {
  const table = new Table({
    head: ['benchmark', 'value', 'yardstick', 'unit', 'ratio', 'gate', 'goal', 'result'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'left', 'right', 'right', 'right', 'left'],
  });
  for (const figure of figures) {
    const { name, value, baseline, unit, gate, goal } = figure;
    table.push([
      name,
      number(value),
      number(baseline),
      unit,
      ratio(figure.ratio),
      ratio(gate),
      ratio(goal),
      result(figure),
    ]);
  }
  const notes = figures.flatMap(({ name, notes: lines = [] }) => lines.map((line) => `${name}: ${line}`));
  return [table.toString(), ...notes].join('\n');
}

/** A line for each figure that fails; printed last, where the end of a long output is all that is kept. */
export function missedGates(figures: readonly Figure[]): string[] {
  return figures
    .filter((figure) => !passes(figure))
    .map((figure) => `${result(figure)}: ${figure.name} ${ratio(figure.ratio)}, asked is ${ratio(figure.gate)}`);
}
