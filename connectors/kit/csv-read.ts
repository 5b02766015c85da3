import { type FileHandle, open } from 'node:fs/promises';
import { columnsOf, type HeaderReader, namesOf, readHeading, type WantedColumn } from './csv-header.ts';
import { type CsvBatch, createSplitter, MAX_LINE_BYTES, type OnSeveral } from './csv-split.ts';
import type { LinesToUtf8 } from './decode/line-decoder.ts';
import { KitError } from './kit-error.ts';
import { lineBlocks } from './line-blocks.ts';
import { unreadableFile } from './unreadable-file.ts';

export { SEPARATORS, type WantedColumn } from './csv-header.ts';
export { CELL_COUNTS, type CsvBatch, MAX_LINE_BYTES } from './csv-split.ts';

const PIECE_BYTES = 1 << 18;

export type CsvOptions = {
  readonly columns: readonly WantedColumn[];
  /** Records a batch; every batch but the last has exactly so many. */
  readonly batchRows: number;
  readonly maxLineBytes?: number;
  /** Of the file's encoding; UTF-8 unless given, and then every byte must be. */
  readonly decode?: LinesToUtf8 | undefined;
  /** What `decode` gives is no UTF-8 but the file's own bytes: cells have one code unit a byte. */
  readonly raw?: boolean;
  /** Line that the header stands on, whatever stands above it; the first that is not empty unless given. */
  readonly headerLine?: number | undefined;
  readonly layout?: HeaderReader;
  readonly onSeveral?: OnSeveral;
};

/**
 * The bytes of a file in pieces, each of which stands until the next is asked for. Throws KitError FILE_MISSING, which names
 * the path.
 *
 * @param onOpen is given the open file before the first piece; it is closed behind the last
 */
export async function* fileBytes(
  path: string,
  onOpen: (file: FileHandle) => unknown = () => undefined,
): AsyncGenerator<Uint8Array> {
  const file = await open(path).catch((error: unknown) => unreadable(path, error));
  try {
    await onOpen(file);
    const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    for (;;) {
      const { bytesRead } = await file
        .read(piece, 0, PIECE_BYTES, null)
        .catch((error: unknown) => unreadable(path, error));
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

function unreadable(path: string, error: unknown): never {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  throw unreadableFile(path, error);
}

/**
 * The data records of a CSV file, in batches of columns, each record exactly once and with the line it starts on.
 *
 * A byte order mark is dropped; LF or CRLF; cells quoted as in RFC 4180, line breaks inside quotes. The first
 * line, or the one that is said, is the header: it names the columns, in any order, among any others, compared without surrounding spaces and
 * case. An empty line is no record; a record with too few or too many cells is one (`cellCounts`).
 *
 * Throws KitError: FILE_EMPTY, HEADER_WRONG, HEADER_TWICE, HEADER_LINE_WRONG, ENCODING_*, LINE_TOO_LONG, QUOTE_UNCLOSED, ROWS_TOO_LARGE.
 */
export async function* readCsv(
  source: AsyncIterable<Uint8Array>,
  {
    columns,
    batchRows,
    maxLineBytes = MAX_LINE_BYTES,
    decode,
    raw = false,
    headerLine,
    layout = (header, line) => columnsOf(header, columns, line),
    onSeveral,
  }: CsvOptions,
): AsyncGenerator<CsvBatch> {
  const view = raw ? 'latin1' : 'utf8';
  let splitter: ReturnType<typeof createSplitter> | undefined;
  let above = { lines: 0, bytes: 0, headerLine };
  const nextLine = (): number => splitter?.nextLine() ?? above.lines + 1;
  for await (const { bytes, last } of lineBlocks(source, { maxLineBytes, nextLine, decode })) {
    let body = bytes;
    if (splitter === undefined) {
      const { layout: found, linesAbove, behind } = readHeading(bytes, view, layout, above);
      above = { ...above, lines: linesAbove, bytes: above.bytes + bytes.length };
      if (found === undefined) {
        if (!last) continue;
        throw headerLine === undefined
          ? new KitError('FILE_EMPTY', { needed: namesOf(columns) })
          : new KitError('HEADER_LINE_WRONG', { line: headerLine });
      }
      splitter = createSplitter({ ...found, batchRows, firstLine: linesAbove + 2, view, onSeveral });
      body = bytes.subarray(behind);
    }
    splitter.feed(body, last);
    for (let batch = splitter.take(); batch !== undefined; batch = splitter.take()) yield batch;
  }
  const rest = splitter?.rest();
  if (rest !== undefined) yield rest;
}
