import { CHUNK_CELLS } from '../../../connectors/kit/chunk-build.ts';
import { CELL_COUNTS, type CsvBatch, fileBytes, readCsv, type WantedColumn } from '../../../connectors/kit/csv-read.ts';
import { unguard } from '../../../connectors/kit/csv-write.ts';
import { decodeSource } from '../../../connectors/kit/decode/decode-source.ts';
import { createUnreadable } from '../../../connectors/kit/decode/unreadable.ts';
import { KitError } from '../../../connectors/kit/kit-error.ts';
import type { SentProfile } from '../../../connectors/kit/learn/finding.ts';
import { actionOf } from '../../../connectors/kit/result-lines.ts';
import { RESULT_COLUMN, RESULT_COLUMNS_WANTED } from '../../../connectors/kit/result-rows.ts';
import { createMatchRow, formatIdNumber, ID_KINDS, type MatchRow, readRow } from '../../matching/index.ts';
import {
  type Answered,
  countAnswer,
  countPerson,
  isAction,
  isNotice,
  isReason,
  isVerdict,
  NO_PROVINCE,
  newTally,
  type Tally,
} from './tally.ts';

const BATCH_ROWS = 4096;
/** Packed dates below this have a year of two digits, which of a century is not said. */
const WHOLE_YEAR_FROM = 1_000_000;

/** The file that was verified, as it was read. */
export type SourceFile = {
  readonly path: string;
  /** For messages: of a workbook, that, while its text stands at `path`. */
  readonly file: string;
  readonly columns: readonly WantedColumn[];
  readonly headerLine?: number | undefined;
  readonly habits: SentProfile;
};

/**
 * Counts results and, where the file is given, the rows of it that they answer: both are read once, side by side, a
 * batch of each in memory; the file to its end, for how many rows it has. Results that were filtered will do, as long as they stand in the file's order.
 *
 * Throws KitError RESULTS_CHANGED for a row that this program does not write, RESULTS_WITHOUT_ROW, RESULTS_OTHER_FILE,
 * INTERRUPTED, and what reading CSV throws.
 */
export async function readReport(
  results: string,
  source: SourceFile | undefined,
  { signal, onRows }: { readonly signal: AbortSignal; readonly onRows?: (rows: number) => void },
): Promise<Tally> {
  const tally = newTally();
  const person = source === undefined ? undefined : personReader(results, source);
  try {
    const columns = RESULT_COLUMNS_WANTED;
    for await (const batch of readCsv(fileBytes(results), { columns, batchRows: BATCH_ROWS })) {
      if (signal.aborted) throw new KitError('INTERRUPTED');
      await countBatch(tally, batch, results, person);
      onRows?.(tally.rows);
    }
    tally.fileRows = await person?.countAll(signal);
  } finally {
    await person?.close();
  }
  return tally;
}

type PersonReader = ReturnType<typeof personReader>;

async function countBatch(tally: Tally, batch: CsvBatch, results: string, person: PersonReader | undefined) {
  for (let i = 0; i < batch.count; i++) {
    const answered = answeredOf(batch, i);
    if (answered === undefined) throw new KitError('RESULTS_CHANGED', { results, line: batch.lines[i] ?? 0 });
    countAnswer(tally, answered);
    noteTime(tally, batch.cells[RESULT_COLUMN.as_of]?.[i] ?? '');
    if (person === undefined) continue;
    if (!person.has(answered.line)) await person.seek(answered.line);
    const { province, year } = person.take(answered.line, batch.cells[RESULT_COLUMN.row_id]?.[i] ?? '');
    countPerson(tally, province, year, answered.action);
  }
}

/** The row in names of the closed tables; undefined where a cell is none that this program writes. */
function answeredOf({ cells, cellCounts }: CsvBatch, i: number): Answered | undefined {
  const cell = (column: keyof typeof RESULT_COLUMN): string => cells[RESULT_COLUMN[column]]?.[i] ?? '';
  const [line, verdict, action] = [cell('line'), cell('verdict'), cell('action')];
  const [reasons, notices] = [listOf(cell('reasons')), listOf(cell('notices'))];
  const carriedFrom = cell('carried_from');
  const sound =
    (carriedFrom === '' || /^[0-9a-f]{32}$/.test(carriedFrom)) &&
    cellCounts[i] === CELL_COUNTS.EXACT &&
    /^[1-9]\d{0,14}$/.test(line) &&
    isVerdict(verdict) &&
    isAction(action);
  if (!sound || !reasons.every(isReason) || !notices.every(isNotice)) return undefined;
  return actionOf(verdict, notices) === action
    ? { line: Number(line), verdict, action, reasons, notices, carriedFrom }
    : undefined;
}

const NONE: readonly string[] = [];
const listOf = (cell: string): readonly string[] => (cell === '' ? NONE : cell.split('|'));

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Times are written so that their order is that of their texts. */
function noteTime({ asOf }: Tally, text: string): void {
  if (text === asOf.last || !TIME.test(text)) return;
  if (asOf.first === '' || text < asOf.first) asOf.first = text;
  if (text > asOf.last) asOf.last = text;
}

/** Goes through the file as far as the results have come. */
function personReader(results: string, { path, file, columns, headerLine, habits }: SourceFile) {
  const { source, decode } = decodeSource(fileBytes(path), habits.encoding, createUnreadable());
  const wanted = CHUNK_CELLS.map((name) => columns.find((column) => column.name === name) ?? { name, header: name });
  const batches = readCsv(source, { columns: wanted, batchRows: BATCH_ROWS, decode, headerLine });
  const row: MatchRow = createMatchRow();
  let batch: CsvBatch | undefined;
  let [at, read] = [0, 0];

  /** Moves to the first record on or behind a line, within the batch at hand. */
  function has(line: number): boolean {
    if (batch === undefined) return false;
    while (at < batch.count && (batch.lines[at] ?? 0) < line) at++;
    return at < batch.count;
  }

  return {
    has,
    async seek(line: number): Promise<void> {
      while (!has(line)) {
        const next = await batches.next();
        if (next.done === true) throw new KitError('RESULTS_WITHOUT_ROW', { results, file, line });
        [batch, at] = [next.value, 0];
        read += batch.count;
      }
    },
    /** All records of the file, once the results have come to their end. */
    async countAll(signal: AbortSignal): Promise<number> {
      for await (const { count } of batches) {
        if (signal.aborted) throw new KitError('INTERRUPTED');
        read += count;
      }
      return read;
    },
    /** The record of a line, after `has` or `seek` have found it. */
    take(line: number, rowId: string): { province: string; year: number } {
      const cells = (k: number): string => batch?.cells[k]?.[at] ?? '';
      if (batch?.lines[at] !== line || !same(unguard(rowId), cells(0))) {
        throw new KitError('RESULTS_OTHER_FILE', { results, file, line });
      }
      // Nothing of such a record was sent: its cells may stand in each other's places.
      if (batch.cellCounts[at] === CELL_COUNTS.TOO_MANY) return { province: NO_PROVINCE.NONE, year: 0 };
      readRow({ idNumber: cells(2), name: cells(3), birthDate: cells(4) }, habits, row);
      return { province: provinceOf(row), year: yearOf(row) };
    },
    async close(): Promise<void> {
      await batches.return(undefined);
    },
  };
}

const same = (a: string, b: string): boolean => a === b || a.replaceAll('\r\n', '\n') === b.replaceAll('\r\n', '\n');

function provinceOf({ idKind, idNumber }: MatchRow): string {
  if (idKind === ID_KINDS.NONE) return NO_PROVINCE.NONE;
  return idKind === ID_KINDS.CMND ? NO_PROVINCE.CMND : formatIdNumber(idKind, idNumber).slice(0, 3);
}

function yearOf({ birthDate }: MatchRow): number {
  return birthDate >= WHOLE_YEAR_FROM ? Math.floor(birthDate / 10_000) : 0;
}
