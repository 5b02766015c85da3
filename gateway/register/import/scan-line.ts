/**
 * Cells of one line of a CSV file, found in its bytes. Whatever is not quite ordinary is only said to be so: the reader of texts
 * (`parse-block.ts`, `read-row.ts`) decides on it.
 */

const FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
/** In bytes: no cell of so many bytes has more characters. */
const MAX_LENGTH = 1000;

/**
 * States of the scan: within a cell, and where a letter of several bytes goes on; the same four within quotes; then those that
 * stop it. Letters are those that need no look, as NEEDS_A_LOOK of parse-block.ts has them: U+00A1 to U+02FF without the soft
 * hyphen, U+1E00 to U+1EFF.
 */
const [CELL, LAST, SECOND_OF_C2, SECOND_OF_E1, QUOTED] = [0, 1, 2, 3, 4];
const [SEPARATOR, CLOSING, ODD] = [8, 9, 10];

/** The state after a byte, at `state · 256 + byte`. */
const NEXT = new Uint8Array(SEPARATOR * 256).fill(ODD);
for (const first of [CELL, QUOTED]) {
  const set = (state: number, from: number, to: number, next: number) =>
    NEXT.fill(next, (first + state) * 256 + from, (first + state) * 256 + to + 1);
  set(CELL, 0x20, 0x7e, first);
  set(CELL, QUOTE, QUOTE, CLOSING);
  for (const byte of [FEED, RETURN, COMMA]) set(CELL, byte, byte, SEPARATOR);
  set(CELL, 0xc2, 0xc2, first + SECOND_OF_C2);
  set(CELL, 0xc3, 0xcb, first + LAST);
  set(CELL, 0xe1, 0xe1, first + SECOND_OF_E1);
  set(LAST, 0x80, 0xbf, first);
  set(SECOND_OF_C2, 0xa1, 0xbf, first);
  set(SECOND_OF_C2, 0xad, 0xad, ODD);
  set(SECOND_OF_E1, 0xb8, 0xbb, first + LAST);
}
NEXT[QUOTED * 256 + COMMA] = QUOTED;

export interface Line {
  /** Cells that were found, unless `clean` is false. */
  cells: number;
  /** Where each cell begins and ends, without its quotes. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** True for cells of composed Latin letters without control characters, spaces at their ends or quotes within. */
  clean: boolean;
  /** End of the line without its line end, and the beginning of the next. */
  end: number;
  next: number;
}

/** Scans the line that begins at `from`; the answer is one and the same object. Lines with more than `width` cells are not clean. */
export function createLineScanner(width: number): (bytes: Uint8Array, from: number) => Line {
  const starts = new Int32Array(width);
  const ends = new Int32Array(width);
  const line: Line = { cells: 0, starts, ends, clean: true, end: 0, next: 0 };

  /** Closes the line by its next line feed. */
  const close = (bytes: Uint8Array, from: number, at: number, clean: boolean): Line => {
    let end = at;
    // A clean line ends where its last cell does: no call into the engine for it.
    if (end < bytes.length && bytes[end] === RETURN) end++;
    if (end < bytes.length && bytes[end] !== FEED) {
      const found = bytes.indexOf(FEED, end);
      end = found < 0 ? bytes.length : found;
    }
    line.end = end > from && bytes[end - 1] === RETURN ? end - 1 : end;
    line.next = end + 1;
    line.clean = clean && at >= line.end;
    return line;
  };

  return (bytes, from) => {
    const { length } = bytes;
    let at = from;
    for (let cell = 0; ; cell++) {
      if (cell === width) return close(bytes, from, at, false);
      const quoted = at < length && bytes[at] === QUOTE;
      if (quoted) at++;
      const start = at;
      let state = quoted ? QUOTED : CELL;
      while (at < length) {
        state = NEXT[state * 256 + bytes[at]!]!;
        if (state >= SEPARATOR) break;
        at++;
      }
      // The end of the file separates as a line end does, but not within a letter.
      if (state === CELL) state = SEPARATOR;
      if (state !== (quoted ? CLOSING : SEPARATOR)) return close(bytes, from, at, false);
      const end = at;
      if (end > start && (bytes[start] === SPACE || bytes[end - 1] === SPACE || end - start > MAX_LENGTH)) {
        return close(bytes, from, at, false);
      }
      starts[cell] = start;
      ends[cell] = end;
      if (quoted) at++;
      if (at < length && bytes[at] === COMMA) {
        at++;
        continue;
      }
      line.cells = cell + 1;
      return close(bytes, from, at, true);
    }
  };
}
