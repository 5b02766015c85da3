import type { FormCount } from './result-lines.ts';

/** What a summary tells of one reason: how many rows carry it, and one of them to look at. */
export type Example = { readonly count: number; readonly line: number };

/** Counts over the rows answered so far; plain JSON, kept with the job's state. */
export type Tally = {
  rows: number;
  readonly verdicts: Record<string, number>;
  readonly actions: Record<string, number>;
  readonly notices: Record<string, { count: number; line: number }>;
  readonly reasons: Record<string, { count: number; line: number }>;
  /** Name or date of the row was not compared with the person that the answer is about; absent where there is none. */
  uncompared?: { count: number; line: number };
  /** Records with more cells than the header. */
  misshapen: number;
};

export function newTally(): Tally {
  return { rows: 0, verdicts: {}, actions: {}, notices: {}, reasons: {}, misshapen: 0 };
}

/** Adds the results of one chunk. Chunks come in file order, so a first line is the first of the file. */
export function addToTally(tally: Tally, forms: readonly FormCount[], misshapen: number): void {
  tally.misshapen += misshapen;
  for (const { verdict, action, reasons, notices, uncompared, count, firstLine } of forms) {
    if (uncompared) tally.uncompared = sum(tally.uncompared, { count, line: firstLine });
    tally.rows += count;
    tally.verdicts[verdict] = (tally.verdicts[verdict] ?? 0) + count;
    tally.actions[action] = (tally.actions[action] ?? 0) + count;
    for (const reason of reasons) addExample(tally.reasons, reason, count, firstLine);
    for (const notice of notices) addExample(tally.notices, notice, count, firstLine);
  }
}

/** Counts over the rows of two: those that were asked about, and those that were not. */
export function bothOf(a: Tally, b: Tally): Tally {
  const both = structuredClone(a);
  both.rows += b.rows;
  both.misshapen += b.misshapen;
  if (b.uncompared !== undefined) both.uncompared = sum(both.uncompared, b.uncompared);
  for (const name of ['verdicts', 'actions'] as const)
    for (const [key, rows] of Object.entries(b[name])) both[name][key] = (both[name][key] ?? 0) + rows;
  for (const name of ['reasons', 'notices'] as const)
    for (const [key, { count, line }] of Object.entries(b[name])) addExample(both[name], key, count, line);
  return both;
}

function addExample(
  table: Record<string, { count: number; line: number }>,
  name: string,
  count: number,
  line: number,
): void {
  table[name] = sum(table[name], { count, line });
}

function sum(a: Example | undefined, b: Example): { count: number; line: number } {
  return a === undefined ? { ...b } : { count: a.count + b.count, line: Math.min(a.line, b.line) };
}
