import { CHUNK_CELLS } from './chunk-build.ts';
import { CELL_COUNTS, type CsvBatch, fileBytes, readCsv, type WantedColumn } from './csv-read.ts';
import { unguard } from './csv-write.ts';
import { decodeSource } from './decode/decode-source.ts';
import type { Encoding } from './decode/encodings.ts';
import { createUnreadable } from './decode/unreadable.ts';
import { KitError } from './kit-error.ts';
import { RESULT_HEADER } from './result-lines.ts';
import { RESULT_COLUMN, RESULT_COLUMNS_WANTED } from './result-rows.ts';

/** One record of an agency's file and what it was answered, from the two files alone. */

/** The line that a record starts on (the header is line 1), or the agency's own key of it. */
export type WantedRow = { readonly line: number } | { readonly rowId: string };

export type FileRow = {
  readonly line: number;
  readonly rowId: string;
  readonly msisdn: string;
  readonly idNumber: string;
  readonly fullName: string;
  readonly dateOfBirth: string;
  /** More cells than the header: nothing of such a record is sent. */
  readonly misshapen: boolean;
};

export type ResultRow = Readonly<Record<(typeof RESULT_HEADER)[number], string>> & {
  /** The job that was asked about it, where the row was carried from earlier results. */
  readonly carried_from?: string;
};

const BATCH_ROWS = 4096;
/** Lines that an error names. */
const NAMED_LINES = 5;

/**
 * The wanted record of a file. A row_id is looked for to the end of the file, since it may stand there twice.
 * Throws KitError ROW_MISSING, ROW_ID_MISSING, ROW_ID_TWICE, and what reading CSV throws.
 */
export async function findFileRow(
  {
    path,
    file = path,
    columns,
    headerLine,
    encoding,
  }: {
    path: string;
    /** What messages call it, where `path` was made from another file. */
    file?: string;
    columns: readonly WantedColumn[];
    /** The first that is not empty unless given. */
    headerLine?: number | undefined;
    encoding: Encoding;
  },
  wanted: WantedRow,
): Promise<FileRow> {
  const { source, decode } = decodeSource(fileBytes(path), encoding, createUnreadable());
  const cells = CHUNK_CELLS.map((name) => columns.find((column) => column.name === name) ?? { name, header: name });
  const found: FileRow[] = [];
  for await (const batch of readCsv(source, { columns: cells, batchRows: BATCH_ROWS, decode, headerLine })) {
    for (let i = 0; i < batch.count; i++) {
      const fits = 'line' in wanted ? batch.lines[i] === wanted.line : batch.cells[0]?.[i] === wanted.rowId;
      if (fits) found.push(fileRow(batch, i));
    }
    if ('line' in wanted && (batch.lines.at(-1) ?? 0) >= wanted.line) break;
  }
  const [row] = found;
  if (row === undefined) {
    if ('line' in wanted) throw new KitError('ROW_MISSING', { file, line: wanted.line });
    throw new KitError('ROW_ID_MISSING', { file });
  }
  if (found.length === 1) return row;
  const lines = found.slice(0, NAMED_LINES).map(({ line }) => line);
  throw new KitError('ROW_ID_TWICE', {
    file,
    lines: lines.join(', ') + (found.length > NAMED_LINES ? ', …' : ''),
  });
}

function fileRow({ lines, cells, cellCounts }: CsvBatch, i: number): FileRow {
  const [rowId = '', msisdn = '', idNumber = '', fullName = '', dateOfBirth = ''] = cells.map((cell) => cell[i] ?? '');
  const misshapen = cellCounts[i] === CELL_COUNTS.TOO_MANY;
  return { line: lines[i] ?? 0, rowId, msisdn, idNumber, fullName, dateOfBirth, misshapen };
}

/**
 * What a record was answered. Results that somebody filtered or sorted will do, as long as their cells are as written.
 * That the whole file is the gateway's own, only its receipt proves.
 *
 * Throws KitError RESULTS_WITHOUT_ROW, RESULTS_OTHER_FILE where the row of that line has another row_id or msisdn, and what
 * reading CSV throws.
 */
export async function findResultRow(path: string, file: string, row: FileRow): Promise<ResultRow> {
  const columns = RESULT_COLUMNS_WANTED;
  for await (const { count, cells } of readCsv(fileBytes(path), { columns, batchRows: BATCH_ROWS })) {
    for (let i = 0; i < count; i++) {
      if (cells[0]?.[i] !== String(row.line)) continue;
      const told = Object.fromEntries(RESULT_HEADER.map((name, k) => [name, cells[k]?.[i] ?? ''])) as ResultRow;
      const from = cells[RESULT_COLUMN.carried_from]?.[i] ?? '';
      const result = from === '' ? told : { ...told, carried_from: from };
      if (!same(result.row_id, row.rowId) || !same(result.msisdn, row.msisdn)) {
        throw new KitError('RESULTS_OTHER_FILE', { results: path, file, line: row.line });
      }
      return result;
    }
  }
  throw new KitError('RESULTS_WITHOUT_ROW', { results: path, file, line: row.line });
}

/** A quoted line break is one sign in CSV files of any system. */
function same(written: string, read: string): boolean {
  return unguard(written).replaceAll('\r\n', '\n') === read.replaceAll('\r\n', '\n');
}
