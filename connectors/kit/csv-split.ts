import { KitError } from './kit-error.ts';

/** Longest physical line, and longest record with line breaks inside quotes: 1 MiB. */
export const MAX_LINE_BYTES = 1 << 20;
/** Most text that one batch may hold, in UTF-16 units; whatever the file, memory is a few batches. */
export const MAX_BATCH_TEXT = 1 << 25;

/** How many cells a record had, against the header. Empty cells beyond the header do not count. */
export const CELL_COUNTS = { EXACT: 0, TOO_FEW: 1, TOO_MANY: 2 } as const;

/** Records in columns: `cells[k][i]` is the k-th wanted cell of record i, `''` where the record is too short for it. */
export type CsvBatch = {
  readonly count: number;
  /** Physical line that each record starts on; the header is line 1. */
  readonly lines: readonly number[];
  readonly cells: readonly (readonly string[])[];
  /** One of {@link CELL_COUNTS} for each record. */
  readonly cellCounts: readonly number[];
};

export type Splitter = {
  /** Gives the next whole lines (each ended by LF; the last of all need not be). */
  feed(text: string, last: boolean): void;
  /** The next full batch of what was fed; undefined when more must be fed first. */
  take(): CsvBatch | undefined;
  /** What is left once the last text was fed and `take` gives nothing more; undefined for nothing. */
  rest(): CsvBatch | undefined;
  /** Number of the physical line that the next text begins with. */
  nextLine(): number;
};

/** The cells of one line without line breaks inside, quotes removed: for headers. */
export function splitLine(line: string, separator: string): string[] {
  const cells: string[] = [];
  readRecord(line, 0, separator, true, (cell) => cells.push(cell));
  return cells;
}

/**
 * Reads one record that may hold quotes. Returns the index behind it, or −1−(index of the cell's quote) where a quote
 * is still open at the end of the text.
 *
 * A quote opens a cell only as its first character; inside, two stand for one, and line breaks belong to the cell.
 * What follows the closing quote up to the separator is kept as text (spaces are dropped), so that a stray quote
 * spoils one cell and never swallows the rows below.
 */
function readRecord(s: string, from: number, separator: string, last: boolean, onCell: (cell: string) => void): number {
  let at = from;
  for (;;) {
    let value = '';
    if (s.charCodeAt(at) === 0x22) {
      let open = at + 1;
      for (;;) {
        const quote = s.indexOf('"', open);
        if (quote === -1) return -1 - at;
        value += s.slice(open, quote);
        open = quote + 1;
        if (s.charCodeAt(open) !== 0x22) break;
        value += '"';
        open++;
      }
      if (open >= s.length && !last) return -1 - at;
      at = open;
      const [end, next, ended] = cellEnd(s, at, separator);
      const tail = s.slice(at, end);
      onCell(tail.trim() === '' ? value : value + tail);
      if (ended) return next;
      at = next;
    } else {
      const [end, next, ended] = cellEnd(s, at, separator);
      onCell(s.slice(at, end));
      if (ended) return next;
      at = next;
    }
  }
}

/** End of the plain text from `at`, where to go on, and whether the record ends there. */
function cellEnd(s: string, at: number, separator: string): [end: number, next: number, recordEnds: boolean] {
  const code = separator.charCodeAt(0);
  for (let i = at; i < s.length; i++) {
    const c = s.charCodeAt(i);
    if (c === code) return [i, i + 1, false];
    if (c === 0x0a) return [i > at && s.charCodeAt(i - 1) === 0x0d ? i - 1 : i, i + 1, true];
  }
  const end = s.length > at && s.charCodeAt(s.length - 1) === 0x0d ? s.length - 1 : s.length;
  return [end, s.length, true];
}

/**
 * Splits text into batches of `batchRows` records.
 *
 * A line without quotes is cut by `indexOf` into columns, without an array a row: 0.5 µs a row of five cells, decoding
 * included, where papaparse takes 1.1 µs and, at a malformed closing quote, swallows the rows behind it.
 *
 * @param width cells of the header
 * @param slots for each wanted cell its index in the header
 * @param firstLine physical line that the first text begins with
 */
export function createSplitter({
  separator,
  width,
  slots,
  batchRows,
  firstLine,
}: {
  separator: string;
  width: number;
  slots: readonly number[];
  batchRows: number;
  firstLine: number;
}): Splitter {
  const slotOf = new Int32Array(width).fill(-1);
  const extra: [slot: number, from: number][] = [];
  slots.forEach((index, slot) => {
    // Two wanted cells may be the same column.
    if (slotOf[index] === -1) slotOf[index] = slot;
    else extra.push([slot, slotOf[index] ?? 0]);
  });
  let text = '';
  let at = 0;
  let last = false;
  let line = firstLine;
  let carriedLines = 0;
  let nextSeparator = -1;
  let nextQuote = -1;
  let waiting = true;

  let lines: number[] = [];
  let cellCounts: number[] = [];
  let cells: string[][] = slots.map(() => []);
  let size = 0;

  function finishRecord(startLine: number, found: number, surplus: boolean, length: number): void {
    lines.push(startLine);
    if (found < width) {
      // The cells that are not there: every wanted column has exactly one value a record.
      for (let k = found; k < width; k++) {
        const slot = slotOf[k] ?? -1;
        if (slot >= 0) cells[slot]?.push('');
      }
      cellCounts.push(CELL_COUNTS.TOO_FEW);
    } else {
      cellCounts.push(surplus ? CELL_COUNTS.TOO_MANY : CELL_COUNTS.EXACT);
    }
    size += length;
    if (size > MAX_BATCH_TEXT) throw new KitError('ROWS_TOO_LARGE', { line: startLine });
  }

  function flush(): CsvBatch {
    for (const [slot, from] of extra) cells[slot] = cells[from]?.slice() ?? [];
    const batch = { count: lines.length, lines, cells, cellCounts };
    lines = [];
    cellCounts = [];
    cells = slots.map(() => []);
    size = 0;
    return batch;
  }

  /** A record with a quote in it. False: it goes on in text that was not fed yet. */
  function quoted(): boolean {
    let column = 0;
    let surplus = false;
    const record: string[] = [];
    const next = readRecord(text, at, separator, last, (cell) => record.push(cell));
    if (next < 0) {
      const opened = -1 - next;
      if (last || text.length - at > MAX_LINE_BYTES) {
        throw new KitError('QUOTE_UNCLOSED', { line: line + countLineBreaks(text, at, opened) });
      }
      return false;
    }
    for (const cell of record) {
      if (column < width) {
        const slot = slotOf[column] ?? -1;
        if (slot >= 0) cells[slot]?.push(cell);
      } else if (cell !== '') surplus = true;
      column++;
    }
    finishRecord(line, column, surplus, next - at);
    line += countLineBreaks(text, at, next);
    at = next;
    return true;
  }

  return {
    feed(more, isLast) {
      text = at < text.length ? text.slice(at) + more : more;
      at = 0;
      last = isLast;
      carriedLines = 0;
      waiting = false;
      nextSeparator = text.indexOf(separator);
      nextQuote = text.indexOf('"');
    },
    nextLine: () => line + carriedLines,
    take() {
      const s = text;
      const end = s.length;
      while (at < end && !waiting) {
        if (lines.length === batchRows) return flush();
        let lineEnd = s.indexOf('\n', at);
        if (lineEnd === -1) lineEnd = end;
        if (nextQuote !== -1 && nextQuote < at) nextQuote = s.indexOf('"', at);
        if (nextQuote !== -1 && nextQuote < lineEnd) {
          if (quoted()) continue;
          waiting = true;
          carriedLines = countLineBreaks(s, at, end);
          break;
        }
        const textEnd = lineEnd > at && s.charCodeAt(lineEnd - 1) === 0x0d ? lineEnd - 1 : lineEnd;
        if (textEnd > at) {
          let column = 0;
          let surplus = false;
          let from = at;
          for (;;) {
            if (nextSeparator !== -1 && nextSeparator < from) nextSeparator = s.indexOf(separator, from);
            const ended = nextSeparator === -1 || nextSeparator >= textEnd;
            const to = ended ? textEnd : nextSeparator;
            if (column < width) {
              const slot = slotOf[column] as number;
              if (slot >= 0) (cells[slot] as string[]).push(s.slice(from, to));
            } else if (to > from) surplus = true;
            column++;
            if (ended) break;
            from = to + 1;
          }
          finishRecord(line, column, surplus, lineEnd - at);
        }
        line++;
        at = lineEnd + 1;
      }
      return lines.length === batchRows ? flush() : undefined;
    },
    rest: () => (lines.length > 0 ? flush() : undefined),
  };
}

function countLineBreaks(s: string, from: number, to: number): number {
  let count = 0;
  for (let i = s.indexOf('\n', from); i !== -1 && i < to; i = s.indexOf('\n', i + 1)) count++;
  return count;
}
