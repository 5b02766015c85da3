/** A block of the file to checked rows and rejects. */
import type { Block } from './frame.ts';
import { parseBlock } from './parse-block.ts';
import type { ImportPlan } from './plan.ts';
import type { createRowReader, NumberRow, PersonRow } from './read-row.ts';
import type { Reject } from './reject.ts';

export interface ReadBlock {
  readonly persons: readonly PersonRow[];
  /** Place of each person's record in the file (the header is 0), and its line. */
  readonly personRecords: readonly number[];
  readonly personLines: readonly number[];
  readonly numbers: readonly (NumberRow & { readonly line: number })[];
  readonly rejects: readonly Reject[];
  /** Records that are not blank, the header's excluded. */
  readonly rows: number;
}

/** Reads all records of a block but the header's. */
export function readBlock(block: Block, plan: ImportPlan, readRow: ReturnType<typeof createRowReader>): ReadBlock {
  const { rows, lineOf, broken, orderly } = parseBlock(block);
  const persons: PersonRow[] = [];
  const personRecords: number[] = [];
  const personLines: number[] = [];
  const numbers: (NumberRow & { line: number })[] = [];
  const rejects: Reject[] = [];
  let count = 0;
  for (let index = block.firstRecord === 0 ? 1 : 0; index < rows.length; index++) {
    const cells = rows[index] ?? [];
    if (cells.length === 1 && (cells[0] ?? '').trim() === '') continue;
    count++;
    const line = lineOf(index);
    if (broken.has(index)) {
      rejects.push({ line, column: '', reason: 'QUOTES' });
      continue;
    }
    const row = readRow(cells, orderly);
    if (row.what === 'person') {
      persons.push(row);
      personRecords.push(block.firstRecord + index);
      personLines.push(line);
    } else if (row.what === 'number') numbers.push({ ...row, line });
    else rejects.push({ line, column: plan.headers[row.index] ?? '', reason: row.reason });
  }
  return { persons, personRecords, personLines, numbers, rejects, rows: count };
}
