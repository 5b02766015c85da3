import { filled } from '../../../gateway/errors/words.ts';
import { quote } from '../csv-write.ts';
import { KitError } from '../kit-error.ts';
import { createMergeTally, type HiddenCells } from './merged-cells.ts';
import { openWorkbook } from './open-workbook.ts';
import { MOST_ROWS } from './sheet-rows.ts';
import { sheetOf } from './workbook.ts';
import { WORKBOOK_WORDS } from './workbook-words.ts';

/** Many cells may refer to one text: a small file could fill the disk. */
const MOST_CSV_BYTES = 8 * 2 ** 30;

export type SheetOptions = {
  readonly sheet?: string | undefined;
  /** Row of the header: those above it become empty lines. The first with texts unless given. */
  readonly headerLine?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Of the sheet's XML. */
  readonly onReading?: ((progress: { readonly bytesRead: number; readonly bytes: number }) => void) | undefined;
};

export type SheetCsv = {
  readonly sheet: string;
  readonly pieces: AsyncGenerator<Uint8Array>;
  /** Behind the last piece: cells of the records that merges hide. */
  hidden(): readonly HiddenCells[];
};

/**
 * One sheet of a workbook as CSV in UTF-8, comma, LF. The lines' numbers are the sheet's row numbers: a row without texts is an
 * empty line, a line break inside a cell a space. The first row with texts, or the one that is said, is the header, and cells beyond it are left out:
 * they cannot have shifted.
 *
 * Throws KitError XLSX_WRONG, SHEET_MISSING, here or on the way; INTERRUPTED.
 */
export async function sheetToCsv(
  file: string,
  { sheet: wanted, headerLine = 1, signal, onReading }: SheetOptions = {},
): Promise<SheetCsv> {
  const { workbook, parts, rowsOf } = await openWorkbook(file);
  try {
    const { name, part } = sheetOf(file, workbook, wanted);
    let bytesRead = 0;
    const onBytes = (read: number): void => {
      bytesRead += read;
    };
    const merges = createMergeTally();
    const sheetRows = await rowsOf(part, { onBytes, onMerge: merges.add });
    let header: { readonly cells: readonly string[]; readonly row: number } | undefined;
    let line = 1;
    const bytes = parts.sizeOf(part);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      try {
        let size = 0;
        for await (const rows of sheetRows) {
          if (signal?.aborted === true) throw new KitError('INTERRUPTED');
          const out: string[] = [];
          for (const { row, cells } of rows) {
            if (row < line || row > MOST_ROWS)
              throw new KitError('XLSX_WRONG', { file, problem: filled(WORKBOOK_WORDS.rowTwice, { row }) });
            const end = lastText(cells) + 1;
            if (end === 0 || row < headerLine) continue;
            header ??= { cells: cells.slice(0, end), row };
            const width = header.cells.length;
            out.push('\n'.repeat(row - line), lineOf(cells.slice(0, Math.min(end, width)), width));
            line = row + 1;
          }
          onReading?.({ bytesRead, bytes });
          if (out.length === 0) continue;
          const text = Buffer.from(out.join(''), 'utf8');
          size += text.length;
          if (size > MOST_CSV_BYTES)
            throw new KitError('XLSX_WRONG', { file, problem: filled(WORKBOOK_WORDS.partTooLarge, { part }) });
          yield text;
        }
      } finally {
        parts.close();
      }
    }
    return {
      ...{ sheet: name, pieces: pieces() },
      hidden: () => (header === undefined ? [] : merges.found(header.cells, header.row + 1, line - 1)),
    };
  } catch (error) {
    parts.close();
    throw error;
  }
}

/** Every line has the header's cells, so that none is a record with too few. */
function lineOf(cells: readonly string[], width: number): string {
  const texts = cells.map((cell) => quote(cell.replace(/\r\n?|\n/g, ' ')));
  while (texts.length < width) texts.push('');
  // A lone cell that is empty in a sheet of one column never comes here; one of spaces would read as an empty line.
  return `${texts.join(',')}\n`;
}

function lastText(cells: readonly string[]): number {
  let last = cells.length - 1;
  while (last >= 0 && (cells[last] ?? '').trim() === '') last--;
  return last;
}
