import { type CellFormat, MOST_TEXT, numberText, PLAIN, unescapeText } from './cell-text.ts';
import type { SharedStrings } from './shared-strings.ts';
import { readXml } from './xml-events.ts';

/** A row of a sheet that has cells: its number, from 1, and its cells as texts; a cell that is not there is ''. */
export type SheetRow = { readonly row: number; readonly cells: readonly string[] };

export type SheetSource = {
  readonly file: string;
  readonly part: string;
  readonly stream: AsyncIterable<Uint8Array>;
  readonly strings: SharedStrings;
  readonly formats: readonly CellFormat[];
  readonly from1904: boolean;
  /** Told of each merge, behind the last row. */
  readonly onMerge?: ((reference: string) => void) | undefined;
};

export const MOST_ROWS = 1_048_576;
export const MOST_COLUMNS = 16_384;
/** Of all texts of a row together: as long as a line of a CSV file may be. */
const MOST_ROW_TEXT = 1 << 20;

/** The rows of a sheet in their order, some at a time. Throws KitError XLSX_WRONG. */
export function readSheetRows({
  file,
  part,
  stream,
  strings,
  formats,
  from1904,
  onMerge,
}: SheetSource): AsyncGenerator<SheetRow[]> {
  let rows: SheetRow[] = [];
  let row = 0;
  let cells: string[] = [];
  let column = -1;
  let [type, style] = ['n', 0];
  let value = '';
  let rowText = 0;
  let [collecting, inInline, phonetic] = [false, false, false];

  function cellText(): string {
    switch (type) {
      case 's':
        return strings.at(Number(value)) ?? '';
      case 'inlineStr':
      case 'str':
        return unescapeText(value);
      case 'b':
        return value === '1' ? 'TRUE' : value === '0' ? 'FALSE' : value;
      case 'd':
        return value.replace(/T00:00:00(?:\.0+)?Z?$/, '');
      case 'n':
        return value === '' ? '' : numberText(value, formats[style] ?? PLAIN, from1904);
      // An error of a formula, as it is shown.
      default:
        return value;
    }
  }

  return readXml(
    file,
    part,
    stream,
    {
      open(name, attributes) {
        if (name === 'row') {
          row = attributes.r === undefined ? row + 1 : Number(attributes.r);
          if (!(row >= 1 && row <= MOST_ROWS)) throw new RangeError('row');
          cells = [];
          column = -1;
          rowText = 0;
        } else if (name === 'c') {
          column = attributes.r === undefined ? column + 1 : columnOf(attributes.r);
          if (!(column >= 0 && column < MOST_COLUMNS)) throw new RangeError('column');
          type = attributes.t ?? 'n';
          style = Number(attributes.s ?? 0);
          value = '';
        } else if (name === 'is') inInline = true;
        else if (name === 'rPh') phonetic = true;
        else if (name === 'v') collecting = true;
        else if (name === 't') collecting = inInline && !phonetic;
        else if (name === 'mergeCell') onMerge?.(attributes.ref ?? '');
      },
      text(piece) {
        if (collecting) value += piece;
        if (value.length > MOST_TEXT * 2) throw new RangeError('text');
      },
      close(name) {
        if (name === 'v' || name === 't') collecting = false;
        else if (name === 'is') inInline = false;
        else if (name === 'rPh') phonetic = false;
        else if (name === 'c') {
          while (cells.length < column) cells.push('');
          const text = cellText();
          rowText += text.length;
          if (rowText > MOST_ROW_TEXT) throw new RangeError('row');
          cells[column] = text;
        } else if (name === 'row') rows.push({ row, cells });
      },
    },
    () => {
      if (rows.length === 0) return undefined;
      const taken = rows;
      rows = [];
      return taken;
    },
  );
}

/** `AB12` → 27 */
export function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const c = reference.charCodeAt(i) & 0xdf;
    if (c < 0x41 || c > 0x5a) break;
    column = column * 26 + (c - 0x40);
  }
  return column - 1;
}
