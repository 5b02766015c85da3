/** The command line of `npm run quality`. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Run } from './bounds.ts';

const FORMS = {
  short: { persons: 40_000, rows: 60_000 },
  long: { persons: 120_000, rows: 300_000 },
} as const;

export interface Options {
  readonly form: keyof typeof FORMS;
  readonly run: Run;
  readonly json: string | undefined;
  readonly updateBounds: boolean;
  /** A label, or the damage of rows that have several. */
  readonly examples: string | undefined;
  /** Folder for persons.csv, subscribers.csv and labels.csv. */
  readonly write: string | undefined;
}

export const USAGE = `npm run quality -- [--short] [--seed S] [--persons N] [--rows N] [--json FILE] [--update-bounds]
                       [--examples CLASS] [--write DIR] [--zero-prefixes]

  --short          ${FORMS.short.persons} people and ${FORMS.short.rows} rows instead of ${FORMS.long.persons} and ${FORMS.long.rows}: what CI checks
  --seed           another population and file (1)
  --json           also writes all figures, classes and the calibration
  --update-bounds  writes bounds.json from this run; only for the sizes and seed of its form
  --examples       prints up to 20 rows of a class (name.telex, different.twin, two.name+date…), the worst answers first
  --write          writes persons.csv, subscribers.csv and labels.csv for a run through the gateway itself
  --zero-prefixes  every tenth person's ID begins with 0 (codes that no province has), to measure lost zeros

Exit code 1 when a figure is worse than its bound in test/quality/bounds.json, 2 for a wrong command line.
`;

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

function whole(text: string | undefined, name: string, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isSafeInteger(value) || value < 1) throw new UsageError(`--${name} takes a positive whole number`);
  return value;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        short: { type: 'boolean' },
        seed: { type: 'string' },
        persons: { type: 'string' },
        rows: { type: 'string' },
        json: { type: 'string' },
        'update-bounds': { type: 'boolean' },
        examples: { type: 'string' },
        write: { type: 'string' },
        'zero-prefixes': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'wrong command line');
  }
}

/** @throws {UsageError} */
export function readOptions(args: readonly string[]): Options {
  const values = parse(args);
  const form = values.short === true ? 'short' : 'long';
  const base = FORMS[form];
  const zeroPrefixes = values['zero-prefixes'] === true;
  const run = {
    seed: whole(values.seed, 'seed', 1),
    persons: whole(values.persons, 'persons', base.persons),
    rows: whole(values.rows, 'rows', base.rows),
    zeroPrefixes,
  };
  const updateBounds = values['update-bounds'] === true;
  const usual = run.seed === 1 && run.persons === base.persons && run.rows === base.rows && !zeroPrefixes;
  if (updateBounds && !usual) throw new UsageError('bounds are those of the usual seed and sizes');
  return {
    form,
    run,
    json: values.json === undefined ? undefined : resolve(values.json),
    updateBounds,
    examples: values.examples,
    write: values.write === undefined ? undefined : resolve(values.write),
  };
}
