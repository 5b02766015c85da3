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

/** A byte that stands for itself; separators and quotes; first bytes of letters that need no composing; all else. */
const [PLAIN, END, QUOTES, TWO, TWO_LATIN, THREE, ODD] = [0, 1, 2, 3, 4, 5, 6];
const CLASS = new Uint8Array(256).fill(ODD);
CLASS.fill(PLAIN, 0x20, 0x7f);
for (const byte of [FEED, RETURN, COMMA]) CLASS[byte] = END;
CLASS[QUOTE] = QUOTES;
// U+00A1 to U+02FF without the soft hyphen, U+1E00 to U+1EFF: as NEEDS_A_LOOK of parse-block.ts has them.
CLASS[0xc2] = TWO;
CLASS.fill(TWO_LATIN, 0xc3, 0xcc);
CLASS[0xe1] = THREE;

const isTail = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Bytes that the letter at `at` takes, of a first byte of class `kind`; 0 where it is none of the letters that need no look. */
function letterLength(bytes: Uint8Array, at: number, kind: number): number {
  const second = bytes[at + 1] ?? 0;
  if (kind === TWO_LATIN) return isTail(second) ? 2 : 0;
  if (kind === TWO) return second >= 0xa1 && second <= 0xbf && second !== 0xad ? 2 : 0;
  if (kind === THREE) return second >= 0xb8 && second <= 0xbb && isTail(bytes[at + 2]) ? 3 : 0;
  return 0;
}

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
      for (;;) {
        while (at < length && CLASS[bytes[at]!] === PLAIN) at++;
        if (at >= length) break;
        const byte = bytes[at]!;
        const kind = CLASS[byte]!;
        if (kind <= QUOTES) {
          if (!quoted || byte !== COMMA) break;
          at++;
          continue;
        }
        const letter = letterLength(bytes, at, kind);
        if (letter === 0) return close(bytes, from, at, false);
        at += letter;
      }
      if (quoted !== (at < length && bytes[at] === QUOTE)) return close(bytes, from, at, false);
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
