/**
 * Whether a quoted cell of several lines holds rows of the file. A quote that was typed by accident opens a cell, and the next one,
 * thousands of rows below, may close it cleanly: that is well formed, and no count of anything shows what is gone.
 */

const LF = 0x0a;
const [ZERO, NINE] = [0x30, 0x39];

/** Where fewer cells stand in a row, a line of text with a comma or two looks like one. */
const [NARROWEST, WIDE] = [3, 5];
/** A number of a person or a telephone has more, a house or a year fewer. */
const LONG_NUMBER = 6;

export type QuotedCell = {
  readonly bytes: Buffer;
  /** Of its quotes. */
  readonly opening: number;
  readonly closing: number;
  readonly separator: number;
  /** Cells of the header. */
  readonly width: number;
  /** Cells in front of it. */
  readonly before: number;
  /** Its record has as many cells as the header, and no quote inside of a cell that is not quoted. */
  readonly orderly: boolean;
  /** Cells of the record that would begin here; undefined where it does not end in these bytes. */
  readonly cellsAt: (at: number) => number | undefined;
};

/**
 * True where a line inside has as many cells as the header and a long number in it; or where that cell's own line, those inside and the
 * one that it is closed in would all be rows, were its quotes letters. A text in lines is not so, but for one that was copied from such
 * a table. Undefined: more bytes tell.
 */
export function swallowsRows(cell: QuotedCell): boolean | undefined {
  const { bytes, opening, closing, separator, width } = cell;
  if (width < NARROWEST) return false;
  const firstEnd = bytes.indexOf(LF, opening);
  // More, where the quote itself is right, with separators behind it, and the one that should close it is not.
  const beginsAsRow = cell.before + 1 + countOf(separator, bytes, opening, firstEnd) >= width;
  let line = firstEnd + 1;
  let [inner, rows] = [0, 0];
  for (let end = bytes.indexOf(LF, line); end !== -1 && end < closing; end = bytes.indexOf(LF, line)) {
    if (countOf(separator, bytes, line, end) + 1 === width) {
      if (hasLongNumber(bytes, line, end)) return true;
      rows++;
    }
    if (end - line > 1) inner++;
    line = end + 1;
  }
  const allRows = beginsAsRow && rows >= inner && inner > 0 && width >= WIDE;
  const numbered = (beginsAsRow || !cell.orderly) && hasLongNumber(bytes, opening, closing);
  if (!allRows && !numbered) return false;
  // The row that it is closed in, with what stands in front of the quote.
  const found = cell.cellsAt(line);
  return found === undefined ? undefined : found === width;
}

function countOf(byte: number, bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) if (bytes[i] === byte) count++;
  return count;
}

function hasLongNumber(bytes: Buffer, from: number, to: number): boolean {
  let digits = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    digits = byte >= ZERO && byte <= NINE ? digits + 1 : 0;
    if (digits === LONG_NUMBER) return true;
  }
  return false;
}
