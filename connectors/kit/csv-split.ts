import { isAscii } from 'node:buffer';
import { viewOf } from '../../gateway/proof/copy-bytes.ts';
import type { PackedTexts } from '../../gateway/proof/packed-texts.ts';
import { countLineBreaks, readRecord, type TextView } from './csv-record.ts';
import { KitError } from './kit-error.ts';

/** Longest physical line, and longest record with line breaks inside quotes: 1 MiB. */
export const MAX_LINE_BYTES = 1 << 20;
/** Most bytes that one batch may hold; whatever the file, memory is a few batches. */
export const MAX_BATCH_BYTES = 1 << 25;

/** How many cells a record had, against the header. Empty cells beyond the header do not count. */
export const CELL_COUNTS = { EXACT: 0, TOO_FEW: 1, TOO_MANY: 2 } as const;

/** Records in columns. Its memory is used again: a batch stands until the next one is asked for. */
export type CsvBatch = {
  readonly count: number;
  /** Physical line that each record starts on; the header is line 1. */
  readonly lines: Float64Array;
  /** For each wanted column the cells of all records as bytes, empty where the record is too short for it. */
  readonly texts: readonly PackedTexts[];
  /** The same as strings, made where they are asked for: `cells[k][i]` is the k-th wanted cell of record i. */
  readonly cells: readonly (readonly string[])[];
  /** One of {@link CELL_COUNTS} for each record. */
  readonly cellCounts: Uint8Array;
};

/** Told of each record that spans several lines: the first of them, and how many. */
export type OnSeveral = (line: number, lines: number) => void;

export type Splitter = {
  /** Gives the next whole lines (each ended by LF; the last of all need not be), which are copied. */
  feed(bytes: Uint8Array, last: boolean): void;
  /** The next full batch of what was fed; undefined when more must be fed first. */
  take(): CsvBatch | undefined;
  /** What is left once the last bytes were fed and `take` gives nothing more; undefined for nothing. */
  rest(): CsvBatch | undefined;
  /** Number of the physical line that the next bytes begin with. */
  nextLine(): number;
};

const [QUOTE, CR, LF] = [0x22, 0x0d, 0x0a];
const LEAST_ROOM = 1 << 16;

/**
 * Splits bytes into batches of `batchRows` records, without an object a cell or a row: of a cell is only noted where it
 * begins and ends. A record is read once from its first byte to its last; only one that has a quote in it at the beginning
 * of a cell takes the longer way. papaparse, at a malformed closing quote, swallows the rows behind it.
 *
 * @param width cells of the header
 * @param slots for each wanted cell its index in the header; −1: empty in every record
 * @param firstLine physical line that the first bytes begin with
 */
export function createSplitter({
  separator: separatorText,
  width,
  slots,
  batchRows,
  firstLine,
  view,
  onSeveral,
}: {
  separator: string;
  width: number;
  slots: readonly number[];
  batchRows: number;
  firstLine: number;
  view: TextView;
  onSeveral?: OnSeveral | undefined;
}): Splitter {
  const separator = separatorText.charCodeAt(0);
  // Begin and end of each cell, from the batch's first byte on. Two wanted cells may be the same column.
  const columns: (Uint32Array | undefined)[] = new Array(width).fill(undefined);
  for (const index of slots) if (index >= 0) columns[index] ??= new Uint32Array(2 * batchRows);
  /** Of a column that the file has not. */
  const absent = slots.includes(-1) ? new Uint32Array(2 * batchRows) : undefined;
  const lines = new Float64Array(batchRows);
  const cellCounts = new Uint8Array(batchRows);
  let count = 0;

  /** The batch is `begin` … `used` − 1, what is not read yet `at` … `end` − 1, and a line break stands at `end`. */
  let store: Buffer = Buffer.alloc(LEAST_ROOM);
  let [begin, used, at, end] = [0, 0, 0, 0];
  let last = false;
  let line = firstLine;
  let carriedLines = 0;
  let waiting = true;

  /** Room for more behind `end`: where there is none, what is read or was empty lines is let go. */
  function makeRoom(more: number): void {
    if (store.length - end > more) return;
    const [kept, unread] = [used - begin, end - at];
    const need = kept + unread + more + 1;
    const to = store.length >= 2 * need ? store : Buffer.allocUnsafeSlow(2 * need);
    store.copy(to, 0, begin, used);
    store.copy(to, kept, at, end);
    store = to;
    [begin, used, at, end] = [0, kept, kept, kept + unread];
  }

  function finishRecord(found: number, surplus: boolean, next: number): void {
    for (let k = found; k < width; k++) note(k, begin, begin);
    lines[count] = line;
    cellCounts[count] = found < width ? CELL_COUNTS.TOO_FEW : surplus ? CELL_COUNTS.TOO_MANY : CELL_COUNTS.EXACT;
    count++;
    used = at = next < end ? next : end;
    if (used - begin > MAX_BATCH_BYTES) throw new KitError('ROWS_TOO_LARGE', { line });
  }

  function note(k: number, from: number, to: number): void {
    const column = columns[k];
    if (column === undefined) return;
    column[2 * count] = from - begin;
    column[2 * count + 1] = to - begin;
  }

  function flush(): CsvBatch {
    const bytes = store.subarray(begin, used);
    const shown = viewOf(bytes);
    const texts = slots.map((index) => ({
      ...{ bytes, view: shown },
      spans: ((index < 0 ? absent : columns[index]) as Uint32Array).subarray(0, 2 * count),
    }));
    let cells: string[][] | undefined;
    const batch = {
      count,
      lines: lines.subarray(0, count),
      texts,
      cellCounts: cellCounts.subarray(0, count),
      get cells() {
        cells ??= stringsOf(bytes, texts, view);
        return cells;
      },
    };
    count = 0;
    return batch;
  }

  /** A record with a quote in it. False: it goes on in bytes that were not fed yet. */
  function readQuoted(): boolean {
    const spans: number[] = [];
    const bytes = store.subarray(0, end);
    const enough = last || end - at > MAX_LINE_BYTES;
    const { next, lineBreaks, astray } = readRecord(
      { bytes, at, separator, last, view, table: { width, enough } },
      spans,
    );
    if (next < 0) {
      if (astray === true || enough) {
        throw new KitError('QUOTE_UNCLOSED', { line: line + countLineBreaks(bytes, at, -1 - next) });
      }
      return false;
    }
    const found = spans.length / 2;
    let surplus = false;
    for (let k = 0; k < found; k++) {
      const [from, to] = [spans[2 * k] as number, spans[2 * k + 1] as number];
      if (k < width) note(k, from, to);
      else if (to > from) surplus = true;
    }
    finishRecord(found, surplus, next);
    if (lineBreaks > 1) onSeveral?.(line, lineBreaks);
    line += lineBreaks;
    return true;
  }

  /** Reads the line at `at`, or the record that begins there. False: it goes on in bytes that were not fed yet. */
  function readLine(): boolean {
    if (count === 0) begin = used = at;
    const bytes = store;
    let found = 0;
    let surplus = false;
    for (let i = at; ; i++) {
      const from = i;
      let byte = bytes[i] as number;
      if (byte === QUOTE) return readQuoted();
      while (byte !== separator && byte !== LF) byte = bytes[++i] as number;
      const to = byte === LF && i > from && bytes[i - 1] === CR ? i - 1 : i;
      if (found < width) note(found, from, to);
      else if (to > from) surplus = true;
      found++;
      if (byte !== LF) continue;
      // An empty line is no record.
      if (found === 1 && to === from) at = i < end ? i + 1 : end;
      else finishRecord(found, surplus, i + 1);
      line++;
      return true;
    }
  }

  return {
    feed(more, isLast) {
      makeRoom(more.length);
      store.set(more, end);
      end += more.length;
      store[end] = LF;
      last = isLast;
      carriedLines = 0;
      waiting = false;
    },
    nextLine: () => line + carriedLines,
    take() {
      while (at < end && !waiting) {
        if (count === batchRows) return flush();
        if (readLine()) continue;
        waiting = true;
        carriedLines = countLineBreaks(store, at, end);
      }
      return count === batchRows ? flush() : undefined;
    },
    rest: () => (count > 0 ? flush() : undefined),
  };
}

/** Cells as strings: cut from one where a byte is a letter, else each by itself. */
function stringsOf(bytes: Buffer, texts: readonly PackedTexts[], view: TextView): string[][] {
  const letters = bytes.toString('latin1');
  const plain = view === 'latin1' || isAscii(bytes);
  return texts.map(({ spans }) => {
    const cells = new Array<string>(spans.length / 2);
    for (let i = 0; i < cells.length; i++) {
      const from = spans[2 * i] as number;
      const to = spans[2 * i + 1] as number;
      cells[i] = from === to ? '' : plain ? letters.slice(from, to) : bytes.toString(view, from, to);
    }
    return cells;
  });
}
