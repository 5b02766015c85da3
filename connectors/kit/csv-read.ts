import { createReadStream } from 'node:fs';
import { type CsvBatch, createSplitter, MAX_LINE_BYTES, splitLine } from './csv-split.ts';
import { KitError } from './kit-error.ts';
import { textBlocks } from './text-blocks.ts';

export { CELL_COUNTS, type CsvBatch, MAX_LINE_BYTES } from './csv-split.ts';

/** Separators that are recognised, by which of them makes the header hold the needed columns. */
export const SEPARATORS = [',', ';', '\t', '|'] as const;
const PIECE_BYTES = 1 << 18;

/** A column that a reader needs: what it is called here, and what it is called in the file. */
export type WantedColumn = { readonly name: string; readonly header: string };

export type CsvOptions = {
  readonly columns: readonly WantedColumn[];
  /** Records a batch; every batch but the last has exactly so many. */
  readonly batchRows: number;
  readonly maxLineBytes?: number;
};

/** The bytes of a file in pieces. Throws KitError FILE_MISSING, which names the path. */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) yield piece as Buffer;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code !== undefined) {
      throw new KitError('FILE_MISSING', { file: path }, { cause: error });
    }
    throw error;
  }
}

/**
 * The data records of a CSV file, in batches of columns, each record exactly once and with the line it starts on.
 *
 * UTF-8, with or without byte order mark; LF or CRLF; cells quoted as in RFC 4180, line breaks inside quotes. The first
 * line is the header: it names the columns, in any order, among any others, compared without surrounding spaces and
 * case. An empty line is no record; a record with too few or too many cells is one (`cellCounts`).
 *
 * Throws KitError: FILE_EMPTY, HEADER_WRONG, HEADER_TWICE, ENCODING_*, LINE_TOO_LONG, QUOTE_UNCLOSED, ROWS_TOO_LARGE.
 */
export async function* readCsv(
  source: AsyncIterable<Uint8Array>,
  { columns, batchRows, maxLineBytes = MAX_LINE_BYTES }: CsvOptions,
): AsyncGenerator<CsvBatch> {
  let splitter: ReturnType<typeof createSplitter> | undefined;
  let emptyLines = 0;
  const nextLine = (): number => splitter?.nextLine() ?? emptyLines + 1;
  for await (const { text, last } of textBlocks(source, { maxLineBytes, nextLine })) {
    let body = text;
    if (splitter === undefined) {
      const heading = readHeading(text, columns);
      emptyLines += heading.emptyLines;
      if (heading.layout === undefined) {
        if (last) throw new KitError('FILE_EMPTY', { needed: namesOf(columns) });
        continue;
      }
      splitter = createSplitter({ ...heading.layout, batchRows, firstLine: emptyLines + 2 });
      body = text.slice(heading.behind);
    }
    splitter.feed(body, last);
    for (let batch = splitter.take(); batch !== undefined; batch = splitter.take()) yield batch;
  }
  const rest = splitter?.rest();
  if (rest !== undefined) yield rest;
}

/** The header of a file alone, checked: what would be refused is refused before anything is asked of a gateway. */
export async function checkHeader(source: AsyncIterable<Uint8Array>, columns: readonly WantedColumn[]): Promise<void> {
  // The first batch is as small as can be, and nothing behind it is read.
  for await (const batch of readCsv(source, { columns, batchRows: 1 })) {
    if (batch.count > 0) return;
  }
  throw new KitError('NO_RECORDS');
}

type Layout = { readonly separator: string; readonly width: number; readonly slots: readonly number[] };

/** The header in whole lines of text; without layout where all of them are empty, which are no header. */
function readHeading(
  text: string,
  columns: readonly WantedColumn[],
): { readonly layout: Layout | undefined; readonly emptyLines: number; readonly behind: number } {
  let emptyLines = 0;
  for (let from = 0; from < text.length; emptyLines++) {
    const lineEnd = text.indexOf('\n', from);
    const end = lineEnd === -1 ? text.length : lineEnd;
    const line = text.slice(from, end);
    from = Math.min(end + 1, text.length);
    if (line.trim() !== '') return { layout: layoutOf(line.replace(/\r$/, ''), columns), emptyLines, behind: from };
  }
  return { layout: undefined, emptyLines, behind: text.length };
}

function layoutOf(header: string, columns: readonly WantedColumn[]): Layout {
  let best: { separator: string; names: string[]; missing: WantedColumn[] } | undefined;
  for (const separator of SEPARATORS) {
    const names = splitLine(header, separator).map(folded);
    const missing = columns.filter((column) => !names.includes(folded(column.header)));
    const better =
      best === undefined ||
      missing.length < best.missing.length ||
      (missing.length === best.missing.length && names.length > best.names.length);
    if (better) best = { separator, names, missing };
  }
  if (best === undefined || best.missing.length > 0) {
    const found = best === undefined ? [] : splitLine(header, best.separator);
    throw new KitError('HEADER_WRONG', {
      needed: namesOf(columns),
      missing: namesOf(best?.missing ?? columns),
      found: shown(found),
    });
  }
  const { separator, names } = best;
  const slots = columns.map(({ header: wanted }) => {
    const index = names.indexOf(folded(wanted));
    if (names.indexOf(folded(wanted), index + 1) !== -1) throw new KitError('HEADER_TWICE', { column: wanted });
    return index;
  });
  return { separator, width: names.length, slots };
}

/** Headers are compared without case, surrounding spaces and composition of their letters. */
function folded(name: string): string {
  return name.trim().normalize('NFC').toLowerCase();
}

function namesOf(columns: readonly WantedColumn[]): string {
  return columns.map(({ header }) => header).join(', ');
}

/** What was found, short: a file without a header shows a row here, so digits are blotted out. */
function shown(names: readonly string[]): string {
  const texts = names.slice(0, 12).map((name) => name.trim().slice(0, 40));
  const personal = texts.some((text) => /\d{4,}/.test(text));
  return personal ? `${names.length} cells that look like a row, not like a header` : texts.join(', ');
}
