/** One record of a CSV file as bytes whose separators, quotes and line ends are ASCII: UTF-8, or any encoding of one byte a letter. */

/** How the bytes are shown as text: as what they are, or one code unit a byte where that is not known yet. */
export type TextView = 'utf8' | 'latin1';

const [QUOTE, CR, LF] = [0x22, 0x0d, 0x0a];

/** The cells of one line without line breaks inside, quotes removed: for headers. */
export function splitLine(line: string, separator: string): string[] {
  const bytes = Buffer.from(line, 'utf8');
  const spans: number[] = [];
  readRecord({ bytes, at: 0, separator: separator.charCodeAt(0), last: true, view: 'utf8' }, spans);
  return Array.from({ length: spans.length / 2 }, (_, i) => bytes.toString('utf8', spans[2 * i], spans[2 * i + 1]));
}

export type QuotedRecord = {
  /** Index behind the record, its line break included; −1−(index of the cell's quote) where a quote is open at the end. */
  readonly next: number;
  readonly lineBreaks: number;
};

/**
 * Reads one record that may hold quotes. Appends where each cell begins and ends; a cell whose value is not what stands
 * there (two quotes for one, something behind the closing one) is written anew in its own place, once the record is whole.
 *
 * A quote opens a cell only as its first character; inside, two stand for one, and line breaks belong to the cell.
 * What follows the closing quote up to the separator is kept as text (spaces are dropped), so that a stray quote
 * spoils one cell and never swallows the rows below.
 */
export function readRecord(
  { bytes, at, separator, last, view }: { bytes: Buffer; at: number; separator: number; last: boolean; view: TextView },
  spans: number[],
): QuotedRecord {
  const end = bytes.length;
  const quoted: { cell: number; closing: number }[] = [];
  const found: number[] = [];
  for (let i = at; ; ) {
    let from = i;
    if (bytes[i] === QUOTE) {
      const closing = closingQuote(bytes, i + 1);
      if (closing === -1 || (closing + 1 >= end && !last)) return { next: -1 - i, lineBreaks: 0 };
      quoted.push({ cell: found.length, closing });
      i = closing + 1;
      from++;
    }
    const plain = i;
    while (i < end && bytes[i] !== separator && bytes[i] !== LF) i++;
    const ended = i >= end || bytes[i] === LF;
    found.push(from, ended && i > plain && bytes[i - 1] === CR ? i - 1 : i);
    i = Math.min(i + 1, end);
    if (!ended) continue;
    // Before anything is written: a cell keeps its line breaks, wherever in it they come to stand.
    const lineBreaks = countLineBreaks(bytes, at, i);
    for (const { cell, closing } of quoted) {
      found[cell + 1] = unquote(bytes, found[cell] as number, closing, found[cell + 1] as number, view);
    }
    spans.push(...found);
    return { next: i, lineBreaks };
  }
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
