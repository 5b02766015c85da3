/** A block of the file to checked rows and rejects. */
import type { Block } from './frame.ts';
import type { NumberLine } from './numbers.ts';
import { type Parsed, parseBlock } from './parse-block.ts';
import type { ImportPlan } from './plan.ts';
import type { createRowReader, PersonRow } from './read-row.ts';
import type { Reject } from './reject.ts';

type RowReader = ReturnType<typeof createRowReader>;

/** Takes what the records of a block turn out to be. */
export interface RecordSink {
  /** `record`: its place in the file, where the header is 0. */
  person(row: PersonRow, record: number, line: number): void;
  number(number: NumberLine): void;
  reject(reject: Reject): void;
}

/** Reads one record. False for a blank one, which is no row. */
export function readRecord(
  cells: string[],
  at: { readonly record: number; readonly line: number; readonly broken: boolean; readonly orderly: boolean },
  plan: ImportPlan,
  readRow: RowReader,
  sink: RecordSink,
): boolean {
  if (cells.length === 1 && (cells[0] ?? '').trim() === '') return false;
  const { line } = at;
  if (at.broken) {
    sink.reject({ line, column: '', reason: 'QUOTES' });
    return true;
  }
  const row = readRow(cells, at.orderly);
  if (row.what === 'person') sink.person(row, at.record, line);
  else if (row.what === 'number') sink.number({ ...row, line });
  else sink.reject({ line, column: plan.headers[row.index] ?? '', reason: row.reason });
  return true;
}

/** Reads all records of a block but the header's. Returns how many rows there are. */
export function readRecords(
  block: Block,
  { rows, lineOf, broken, orderly }: Parsed,
  plan: ImportPlan,
  readRow: RowReader,
  sink: RecordSink,
): number {
  let count = 0;
  for (let index = block.firstRecord === 0 ? 1 : 0; index < rows.length; index++) {
    const at = { record: block.firstRecord + index, line: lineOf(index), broken: broken.has(index), orderly };
    if (readRecord(rows[index] ?? [], at, plan, readRow, sink)) count++;
  }
  return count;
}

export interface ReadBlock {
  readonly persons: PersonRow[];
  /** The line of each person. */
  readonly personLines: number[];
  readonly numbers: NumberLine[];
  readonly rejects: Reject[];
  /** Records that are not blank, the header's excluded. */
  readonly rows: number;
}

/** The same, collected. */
export function readBlock(block: Block, plan: ImportPlan, readRow: RowReader): ReadBlock {
  const read: Omit<ReadBlock, 'rows'> = { persons: [], personLines: [], numbers: [], rejects: [] };
  const rows = readRecords(block, parseBlock(block), plan, readRow, {
    person: (row, _record, line) => {
      read.persons.push(row);
      read.personLines.push(line);
    },
    number: (number) => read.numbers.push(number),
    reject: (reject) => read.rejects.push(reject),
  });
  return { ...read, rows };
}
