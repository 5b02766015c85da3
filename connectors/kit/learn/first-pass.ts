import { stat } from 'node:fs/promises';
import { CHUNK_CELLS } from '../chunk-build.ts';
import { columnsOf, type HeaderReader, type Layout, type WantedColumn } from '../csv-header.ts';
import { CELL_COUNTS, type CsvBatch, readCsv } from '../csv-read.ts';
import { type ByteEncoding, type Encoding, isUtf16 } from '../decode/encodings.ts';
import { lineDecoder, rawBytes } from '../decode/line-decoder.ts';
import { createUnreadable } from '../decode/unreadable.ts';
import { sniffUtf16, utf16AsUtf8 } from '../decode/utf16.ts';
import { type FileDigest, readDigested } from '../file-digest.ts';
import { KitError } from '../kit-error.ts';
import { unreadableFile } from '../unreadable-file.ts';
import { createDateTally, findDateHabits } from './date-tally.ts';
import { CANDIDATES, detectEncoding, type FoundEncoding } from './detect-encoding.ts';
import { type LearntFile, type StatedProfile, settle } from './finding.ts';
import { findNameWidth } from './name-width.ts';
import { QuoteBehindHead, sampleRows } from './sample-rows.ts';
import { createTextTally } from './text-tally.ts';

export type ReadingProgress = { readonly bytesRead: number; readonly bytes: number };

export type FirstPass = { readonly digest: FileDigest; readonly learnt: LearntFile };

const HEADER_ENCODINGS: readonly ByteEncoding[] = [...CANDIDATES, 'windows-1252'];

type PassOptions = {
  readonly columns: readonly WantedColumn[];
  readonly batchRows: number;
  readonly stated: StatedProfile;
  /** Line of the header; the first that is not empty unless given. */
  readonly headerLine?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onReading?: ((progress: ReadingProgress) => void) | undefined;
};

/**
 * Reads a file from end to end, before anything is asked of a gateway: its digest, and what is to be learnt of it. The
 * rows are looked at as bytes, since what they are encoded in is known only behind the last; of a large file without quotes, a sample. What
 * cannot be read of it is refused here. The outcome depends on the file and on what is stated, and on nothing else.
 *
 * Throws KitError: what `readCsv` throws, NO_RECORDS, ENCODING_UNKNOWN, INTERRUPTED.
 */
export async function firstPass(path: string, options: PassOptions): Promise<FirstPass> {
  try {
    return await readOnce(path, options, sampleRows);
  } catch (error) {
    if (!(error instanceof QuoteBehindHead)) throw error;
    return readOnce(path, options, (source) => source);
  }
}

async function readOnce(
  path: string,
  { columns, batchRows, stated, headerLine, signal, onReading }: PassOptions,
  rowsOf: (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): Promise<FirstPass> {
  const bytes = await sizeOf(path);
  const reading = readDigested(path);
  const { source, encoding } = await opened(reading.pieces(), stated.encoding);
  const possible = new Set<ByteEncoding>();
  const texts = createTextTally();
  const dates = createDateTally();
  let rows = 0;

  const cells = CHUNK_CELLS.map((name) => columns.find((column) => column.name === name) ?? { name, header: name });
  const layout = headerReader(cells, encoding === undefined ? HEADER_ENCODINGS : [byteEncoding(encoding)], possible);
  const options = { columns: cells, batchRows, decode: rawBytes, raw: true, headerLine, layout };
  for await (const batch of readCsv(rowsOf(source), options)) {
    if (signal?.aborted === true) throw new KitError('INTERRUPTED');
    look(batch);
    rows += batch.count;
    onReading?.({ bytesRead: reading.read(), bytes });
  }
  if (rows === 0) throw new KitError('NO_RECORDS');

  function look({
    count,
    cells: [rowIds = [], msisdns = [], ids = [], names = [], births = []],
    cellCounts,
  }: CsvBatch) {
    for (let i = 0; i < count; i++) {
      // Its cells may stand in each other's places.
      if (cellCounts[i] === CELL_COUNTS.TOO_MANY) continue;
      texts.add(names[i] as string, rowIds[i] as string, msisdns[i] as string);
      dates.add(births[i] as string, ids[i] as string);
    }
  }

  const counts = texts.counts();
  const found: FoundEncoding | { value: Encoding; evidence: FoundEncoding['evidence'] } =
    encoding === undefined
      ? detectEncoding(counts, possible)
      : { value: encoding, evidence: { marked: counts.marked, utf8: counts.utf8 } };
  const habits = findDateHabits(dates.counts());
  const learnt: LearntFile = {
    encoding: settle<Encoding>(found, stated.encoding === undefined ? undefined : found.value),
    dateOrder: settle(habits.dateOrder, stated.dateOrder),
    newYearMeansUnknown: settle(habits.newYearMeansUnknown, stated.newYearMeansUnknown),
    nameWidth: settle(findNameWidth(texts.widths(found.value)), stated.nameWidth),
    daysFrom1904: settle(habits.daysFrom1904, stated.daysFrom1904),
  };
  return { digest: reading.end(), learnt };
}

/** The bytes, as ones whose lines end in LF, and the encoding where the first of them or the user say it. */
async function opened(pieces: AsyncGenerator<Uint8Array>, stated: Encoding | undefined) {
  const first = await pieces.next();
  const head: Uint8Array = first.done === true ? new Uint8Array() : first.value;
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head;
      yield* pieces;
    } finally {
      // Also where the reader wants no more than the head: the file is closed.
      await pieces.return(undefined);
    }
  }
  const hasMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  // Whoever says UTF-16 leaves the order of its bytes to the file.
  const said = stated !== undefined && isUtf16(stated) ? (sniffUtf16(head) ?? stated) : stated;
  const encoding = said ?? sniffUtf16(head) ?? (hasMark ? 'utf-8' : undefined);
  if (encoding === undefined || !isUtf16(encoding)) return { source: all(), encoding };
  return { source: utf16AsUtf8(all(), encoding, createUnreadable()), encoding };
}

/** UTF-16 has become UTF-8 by then. */
function byteEncoding(encoding: Encoding): ByteEncoding {
  return isUtf16(encoding) ? 'utf-8' : encoding;
}

/** Reads a header's bytes in each encoding, and notes in which of them it names the columns. */
function headerReader(
  columns: readonly WantedColumn[],
  encodings: readonly ByteEncoding[],
  possible: Set<ByteEncoding>,
): HeaderReader {
  return (header, line) => {
    let layout: Layout | undefined;
    let refused: unknown;
    for (const encoding of encodings) {
      try {
        const text = lineDecoder(encoding, createUnreadable())(Buffer.from(header, 'latin1'), 1);
        const found = columnsOf(text, columns, line);
        layout ??= found;
        possible.add(encoding);
      } catch (error) {
        refused ??= error;
      }
    }
    if (layout === undefined) throw refused;
    return layout;
  };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw unreadableFile(path, error);
  }
}
