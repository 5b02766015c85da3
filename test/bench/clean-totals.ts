/** Verdicts of the rows that are clean by the generator's own record: on them, and only on them, both sides must agree. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

export type Totals = Readonly<Record<string, number>>;

async function* cellsOf(path: string): AsyncGenerator<readonly string[]> {
  // The columns read here hold neither separators nor quotes, and stand before any that may.
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    yield line.split(',');
  }
}

function columnOf(header: readonly string[], name: string): number {
  const at = header.indexOf(name);
  if (at < 0) throw new Error(`no column ${name}`);
  return at;
}

/** Row ids (from 1, dense) that are clean, as flags by row id. */
export async function readCleanRows(truthPath: string, rows: number): Promise<Uint8Array> {
  const clean = new Uint8Array(rows + 1);
  let id = -1;
  let label = -1;
  for await (const cells of cellsOf(truthPath)) {
    if (id < 0) {
      id = columnOf(cells, 'row_id');
      label = columnOf(cells, 'label');
    } else if (cells[label] === 'clean') {
      clean[Number(cells[id])] = 1;
    }
  }
  return clean;
}

/** Rows per verdict among the clean ones, of any CSV with the columns `row_id` and `verdict`; and how many lines it has. */
export async function readTotals(path: string, clean: Uint8Array): Promise<{ totals: Totals; lines: number }> {
  const totals: Record<string, number> = {};
  let lines = 0;
  let id = -1;
  let verdict = -1;
  for await (const cells of cellsOf(path)) {
    if (id < 0) {
      id = columnOf(cells, 'row_id');
      verdict = columnOf(cells, 'verdict');
      continue;
    }
    lines++;
    if (clean[Number(cells[id])] !== 1) continue;
    const name = cells[verdict] ?? '';
    totals[name] = (totals[name] ?? 0) + 1;
  }
  return { totals, lines };
}

/** Throws where the totals are not the same, verdict by verdict. */
export function assertSameTotals(ours: Totals, theirs: Totals): void {
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  if (names.size === 0) throw new Error('no clean row was answered');
  for (const name of names) {
    if (ours[name] !== theirs[name]) {
      const text = (totals: Totals): string => JSON.stringify(totals);
      throw new Error(`clean rows got other verdicts than by raw SQL: ${text(ours)} against ${text(theirs)}`);
    }
  }
}
