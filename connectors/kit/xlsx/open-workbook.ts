import { readSharedStrings } from './shared-strings.ts';
import { readSheetRows, type SheetRow } from './sheet-rows.ts';
import { readStyles } from './styles.ts';
import { readWorkbook, type Sheet, sheetOf, type Workbook } from './workbook.ts';
import { openZip, type ZipParts } from './zip-parts.ts';

/** XML takes some hundred bytes a cell; a sheet of a million rows and ten columns some 600 MB. */
const MOST_SHEET_BYTES = 16 * 2 ** 30;

export type OpenWorkbook = {
  readonly workbook: Workbook;
  readonly parts: Pick<ZipParts, 'sizeOf' | 'close'>;
  /** The rows of a sheet; `onBytes` is told how many bytes of its XML were read. Throws KitError XLSX_WRONG. */
  rowsOf(
    part: string,
    told?: { readonly onBytes?: (bytes: number) => void; readonly onMerge?: (reference: string) => void },
  ): Promise<AsyncGenerator<SheetRow[]>>;
};

/** A workbook with what its sheets refer to. Throws KitError XLSX_WRONG. */
export async function openWorkbook(file: string): Promise<OpenWorkbook> {
  const parts = await openZip(file);
  try {
    const workbook = await readWorkbook(file, parts);
    const strings = await readSharedStrings(file, parts, workbook.sharedStrings);
    const formats = await readStyles(file, parts, workbook.styles);
    return {
      ...{ workbook, parts },
      async rowsOf(part, { onBytes, onMerge } = {}) {
        const stream = await parts.read(part, MOST_SHEET_BYTES);
        async function* counted(): AsyncGenerator<Uint8Array> {
          for await (const piece of stream) {
            onBytes?.((piece as Uint8Array).length);
            yield piece as Uint8Array;
          }
        }
        const { from1904 } = workbook;
        return readSheetRows({ file, part, stream: counted(), strings, formats, from1904, onMerge });
      },
    };
  } catch (error) {
    parts.close();
    throw error;
  }
}

/**
 * Those of the first `most` rows that have texts, of each visible sheet or of the one named: for finding out where a table begins.
 * Throws KitError XLSX_WRONG, SHEET_MISSING.
 */
export async function readFirstRows(
  file: string,
  { sheet: wanted, most }: { readonly sheet?: string | undefined; readonly most: number },
): Promise<readonly { readonly sheet: string; readonly rows: readonly SheetRow[] }[]> {
  const { workbook, parts, rowsOf } = await openWorkbook(file);
  try {
    const sheets: readonly Sheet[] = wanted === undefined ? workbook.sheets : [sheetOf(file, workbook, wanted)];
    const found: { sheet: string; rows: SheetRow[] }[] = [];
    for (const { name: sheet, part } of sheets) {
      const first: SheetRow[] = [];
      for await (const rows of await rowsOf(part)) {
        first.push(...rows.filter(({ row, cells }) => row <= most && cells.some((cell) => cell.trim() !== '')));
        if (rows.some(({ row }) => row >= most)) break;
      }
      found.push({ sheet, rows: first });
    }
    return found;
  } finally {
    parts.close();
  }
}
