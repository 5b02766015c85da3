import { ProofError } from '../../gateway/proof/errors.ts';
import { encodeResult } from '../../gateway/proof/result-bytes.ts';
import type { CellCodec } from '../../gateway/proof/result-cells.ts';
import type { ReceiptRow } from '../../gateway/proof/verify-rows.ts';
import { CELL_COUNTS, type CsvBatch } from './csv-read.ts';
import { isGuarded, unguard } from './csv-write.ts';
import { CARRIED_HEADER, RESULT_HEADER } from './result-lines.ts';

/** The rows of a results file, read back as what was hashed. */

const COLUMNS = [...RESULT_HEADER, ...CARRIED_HEADER] as const;

export type ResultColumn = (typeof COLUMNS)[number];
export type ResultCellsOf = (column: ResultColumn) => string;

/** The columns as `readCsv` wants them; those of carried rows are in some files only. */
export const RESULT_COLUMNS_WANTED = COLUMNS.map((name, at) => ({
  ...{ name, header: name },
  optional: at >= RESULT_HEADER.length,
  own: true,
}));

export const RESULT_COLUMN = Object.fromEntries(COLUMNS.map((name, index) => [name, index])) as Readonly<
  Record<ResultColumn, number>
>;

/** Record i of a batch read with {@link RESULT_COLUMNS_WANTED}, by column. */
export function resultCellsOf({ cells }: CsvBatch): (i: number) => ResultCellsOf {
  return (i) => (column) => cells[RESULT_COLUMN[column]]?.[i] ?? '';
}

/** The row as its leaf has it, by one of CELL_COUNTS; without result bytes where its cells are none that this program writes. */
export function receiptRow(cellCount: number | undefined, row: ResultCellsOf, codec: CellCodec): ReceiptRow {
  const [rowId, msisdn] = [row('row_id'), row('msisdn')];
  const written = cellCount === CELL_COUNTS.EXACT && isGuarded(rowId) && isGuarded(msisdn);
  return {
    line: lineOf(row),
    rowId: unguard(rowId),
    msisdn: unguard(msisdn),
    result: written ? resultOf(row, codec) : undefined,
  };
}

/** The line that the row says it is of; 0, which no row is of, where that is not a number as written here. */
export function lineOf(row: ResultCellsOf, column: 'line' | 'carried_line' = 'line'): number {
  const text = row(column);
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0;
}

/** The cells that a result is printed in. */
export function resultCells(row: ResultCellsOf) {
  return {
    verdict: row('verdict'),
    id_result: row('id_result'),
    name_result: row('name_result'),
    dob_result: row('dob_result'),
    name_score: row('name_score'),
    score: row('score'),
    reasons: row('reasons'),
    notices: row('notices'),
    current_id: row('current_id'),
  };
}

function resultOf(row: ResultCellsOf, codec: CellCodec): Uint8Array | undefined {
  try {
    return encodeResult(codec.parse(resultCells(row)));
  } catch (error) {
    if (error instanceof ProofError) return undefined;
    throw error;
  }
}
