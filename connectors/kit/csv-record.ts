import { swallowsRows } from './csv-swallowed.ts';

/** One record of a CSV file as bytes whose separators, quotes and line ends are ASCII: UTF-8, or any encoding of one byte a letter. */

/** How the bytes are shown as text: as what they are, or one code unit a byte where that is not known yet. */
export type TextView = 'utf8' | 'latin1';

const [QUOTE, CR, LF, SPACE] = [0x22, 0x0d, 0x0a, 0x20];

/** The cells of one line without line breaks inside, quotes removed: for headers. */
export function splitLine(line: string, separator: string): string[] {
  const bytes = Buffer.from(line, 'utf8');
  const spans: number[] = [];
  readRecord({ bytes, at: 0, separator: separator.charCodeAt(0), last: true, view: 'utf8' }, spans);
  return Array.from({ length: spans.length / 2 }, (_, i) => bytes.toString('utf8', spans[2 * i], spans[2 * i + 1]));
}

export type QuotedRecord = {
  /** Index behind the record, its line break included; −1−(index of the cell's quote) where that quote is open at the end, or astray. */
  readonly next: number;
  readonly lineBreaks: number;
  /** No bytes to come would make it a cell: rows of the file stand behind its quote. */
  readonly astray?: boolean;
};

export type RecordBytes = {
  readonly bytes: Buffer;
  readonly at: number;
  readonly separator: number;
  /** No bytes are to come. */
  readonly last: boolean;
  readonly view: TextView;
  /** Of a file of rows: the cells of its header, and whether so many bytes are here that no more are waited for. */
  readonly table?: { readonly width: number; readonly enough: boolean };
};

/**
 * Reads one record that may hold quotes. Appends where each cell begins and ends; a cell whose value is not what stands
 * there (two quotes for one, something behind the closing one) is written anew in its own place, once the record is whole.
 *
 * A quote opens a cell only as its first character; inside, two stand for one, and line breaks belong to the cell.
 * What follows the closing quote up to the separator is kept as text (spaces are dropped), so that a stray quote
 * spoils one cell of its line. One that would reach into other rows is `astray`: a cell of several lines ends at its
 * closing quote, and has no rows in it ({@link swallowsRows}).
 */
export function readRecord(record: RecordBytes, spans: number[]): QuotedRecord {
  const { bytes, at, view, table } = record;
  const { found, quoted, next, astray } = findCells(record);
  if (next < 0) return { next, lineBreaks: 0, astray };
  // Before anything is written: a cell keeps its line breaks, wherever in it they come to stand.
  const lineBreaks = countLineBreaks(bytes, at, next);
  if (table !== undefined && lineBreaks > (bytes[next - 1] === LF ? 1 : 0)) {
    const { width } = table;
    const orderly = found.length / 2 === width && !hasQuoteBetween(record, quoted, next);
    for (const { cell, opening, closing } of quoted) {
      if (!bytes.subarray(opening, closing).includes(LF)) continue;
      const place = { opening, closing, before: cell / 2, orderly, width };
      const swallows = swallowsRows({ ...record, ...place, cellsAt: (line) => countCells(record, line) });
      if (swallows !== false) return { next: -1 - opening, lineBreaks: 0, astray: swallows ?? false };
    }
  }
  for (const { cell, closing } of quoted) {
    found[cell + 1] = unquote(bytes, found[cell] as number, closing, found[cell + 1] as number, view);
  }
  for (const place of found) spans.push(place);
  return { next, lineBreaks };
}

type Quotes = readonly { readonly cell: number; readonly opening: number; readonly closing: number }[];

type FoundCells = {
  readonly found: number[];
  readonly quoted: Quotes;
  readonly next: number;
  readonly astray: boolean;
};

/** Where the cells of a record stand, quotes and all; nothing is written. */
function findCells({ bytes, at, separator, last }: RecordBytes): FoundCells {
  const end = bytes.length;
  const quoted: { cell: number; opening: number; closing: number }[] = [];
  const found: number[] = [];
  for (let i = at; ; ) {
    let from = i;
    if (bytes[i] === QUOTE) {
      const closing = closingQuote(bytes, i + 1);
      if (closing === -1 || (closing + 1 >= end && !last)) return { found, quoted, next: -1 - i, astray: false };
      if (!endsCell(bytes, closing + 1, separator) && bytes.subarray(i, closing).includes(LF)) {
        return { found, quoted, next: -1 - i, astray: true };
      }
      quoted.push({ cell: found.length, opening: i, closing });
      i = closing + 1;
      from++;
    }
    const plain = i;
    while (i < end && bytes[i] !== separator && bytes[i] !== LF) i++;
    const ended = i >= end || bytes[i] === LF;
    found.push(from, ended && i > plain && bytes[i - 1] === CR ? i - 1 : i);
    i = Math.min(i + 1, end);
    if (ended) return { found, quoted, next: i, astray: false };
  }
}

/** Cells of a record that would begin here; undefined where bytes to come would tell. */
function countCells(record: RecordBytes, at: number): number | undefined {
  const { found, next, astray } = findCells({ ...record, at });
  if (next >= 0) return found.length / 2;
  return astray || record.last || record.table?.enough === true ? 0 : undefined;
}

/** Whether a quote stands in a record that neither opens nor closes a cell, nor belongs into one that is quoted. */
function hasQuoteBetween({ bytes, at }: RecordBytes, quoted: Quotes, next: number): boolean {
  let from = at;
  for (const { opening, closing } of [...quoted, { opening: next, closing: next }]) {
    if (bytes.subarray(from, opening).includes(QUOTE)) return true;
    from = closing + 1;
  }
  return false;
}

/** Whether nothing but spaces stands between the closing quote and the end of its cell. */
function endsCell(bytes: Buffer, behind: number, separator: number): boolean {
  let i = behind;
  while (bytes[i] === SPACE) i++;
  const byte = bytes[i];
  return byte === undefined || byte === separator || byte === LF || byte === CR;
}

/** Index of the quote that closes a cell; −1 where there is none. */
function closingQuote(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from); at !== -1; at = bytes.indexOf(QUOTE, at + 2)) {
    if (bytes[at + 1] !== QUOTE) return at;
  }
  return -1;
}

/** Writes the value of a quoted cell from its first byte on; returns where it ends. */
function unquote(bytes: Buffer, from: number, closing: number, end: number, view: TextView): number {
  let to = from;
  for (let i = from; i < closing; i++) {
    const byte = bytes[i] as number;
    bytes[to++] = byte;
    if (byte === QUOTE) i++;
  }
  if (closing + 1 >= end || bytes.toString(view, closing + 1, end).trim() === '') return to;
  bytes.copyWithin(to, closing + 1, end);
  return to + end - closing - 1;
}

export function countLineBreaks(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let i = bytes.indexOf(LF, from); i !== -1 && i < to; i = bytes.indexOf(LF, i + 1)) count++;
  return count;
}
