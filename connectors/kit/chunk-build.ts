import { createHmac } from 'node:crypto';
import { type PackedTexts, packed } from '../../gateway/proof/packed-texts.ts';
import { packedRowRefs } from '../../gateway/proof/row-ref.ts';
import { encodeChunk } from './chunk-encode.ts';
import type { OutgoingChunk } from './chunk-stream.ts';
import { CELL_COUNTS, type CsvBatch } from './csv-read.ts';
import { KitError } from './kit-error.ts';
import { createRowEcho, type RowEcho } from './row-echo.ts';

/** A chunk made from one batch of records, with what is needed to write its results. */
export type BuiltChunk = OutgoingChunk & {
  readonly echo: RowEcho;
  /** 16 bytes a row. */
  readonly refs: Uint8Array;
  /** Records with more cells than the header: sent with empty values, so that nothing shifted is compared. */
  readonly misshapen: number;
};

/** The slim form of a row's number and date, decided by pure functions of a connector: each of a text's bytes, UTF-8. */
export type SlimForm = {
  /** The number as an integer where it is exactly 12 digits of a personal ID, else 0. */
  idNumber(bytes: Uint8Array, from: number, to: number): number;
  /** The date as YYYYMMDD where it is whole and can be read in one way only, else 0. */
  birthDate(bytes: Uint8Array, from: number, to: number): number;
};

/** Cells of a batch in the order in which `buildChunk` takes them. */
export const CHUNK_CELLS = ['row_id', 'msisdn', 'id_number', 'full_name', 'date_of_birth'] as const;

/** Chunks that may lie between the one being sent and the last whose answer is on the disk. */
export const ACK_WINDOW = 64;
/** A text of more bytes makes its row INVALID, so nothing is lost by cutting it at so many UTF-16 units. */
const TEXT_LIMIT = 1024;
/** UTF-16 units of a name that is sent in the slim form, at most. */
const SLIM_NAME = Math.floor(TEXT_LIMIT / 3);
/** A gateway takes messages of 8 MiB; the signature and the envelope go on top. */
const MAX_PAYLOAD_BYTES = 8 * 1024 * 1024 - 4096;

/**
 * What a chunk acknowledges. A rule of the number alone, because a chunk that is sent again must be the same bytes; the
 * sender keeps it true by not sending chunk n before the answers below n − ACK_WINDOW are on the disk.
 */
export function ackedThrough(num: number): number {
  return Math.max(0, num - ACK_WINDOW);
}

/** 16 bytes that nobody without the job key can guess, and that are the same when the chunk is sent again. */
export function chunkBlind(jobKey: Uint8Array, num: number): Uint8Array {
  return createHmac('sha256', jobKey).update(`lt-chunk-blind\0${num}`).digest().subarray(0, 16);
}

/**
 * Makes chunk `num` from a batch whose cells stand in the order of {@link CHUNK_CELLS}. Pure: the same batch, key and
 * number give the same bytes.
 */
export function buildChunk({
  num,
  batch,
  jobKey,
  slim,
}: {
  num: number;
  batch: CsvBatch;
  jobKey: Uint8Array;
  slim: SlimForm;
}): BuiltChunk {
  const { count, lines, texts, cellCounts } = batch;
  const [rowIds = NO_TEXTS, msisdns = NO_TEXTS, idNumbers = NO_TEXTS, names = NO_TEXTS, birthDates = NO_TEXTS] = texts;
  const ids = new Float64Array(count);
  const dates = new Uint32Array(count);
  const nameSpans = new Uint32Array(2 * count);
  const textIndexes = new Uint32Array(count);
  let [slims, textRows, misshapen] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    if (cellCounts[i] === CELL_COUNTS.TOO_MANY) misshapen++;
    else {
      const [idFrom, idTo] = [idNumbers.spans[2 * i] as number, idNumbers.spans[2 * i + 1] as number];
      const [dateFrom, dateTo] = [birthDates.spans[2 * i] as number, birthDates.spans[2 * i + 1] as number];
      const [nameFrom, nameTo] = [names.spans[2 * i] as number, names.spans[2 * i + 1] as number];
      const id = slim.idNumber(idNumbers.bytes, idFrom, idTo);
      const date = id === 0 ? 0 : slim.birthDate(birthDates.bytes, dateFrom, dateTo);
      if (date !== 0 && isSlimName(names.bytes, nameFrom, nameTo)) {
        ids[slims] = id;
        dates[slims] = date;
        nameSpans[2 * slims] = nameFrom;
        nameSpans[2 * slims + 1] = nameTo;
        slims++;
        continue;
      }
    }
    textIndexes[textRows++] = i;
  }
  const indexes = textIndexes.subarray(0, textRows);
  const refs = packedRowRefs(jobKey, lines, rowIds, msisdns);
  const payload = encodeChunk({
    num,
    ackedThrough: ackedThrough(num),
    ids: ids.subarray(0, slims),
    names: { ...names, spans: nameSpans.subarray(0, 2 * slims) },
    dates: dates.subarray(0, slims),
    rowRefs: refs,
    textRows: {
      indexes,
      idNumbers: textsOfRows(idNumbers, indexes, cellCounts),
      fullNames: textsOfRows(names, indexes, cellCounts),
      birthDates: textsOfRows(birthDates, indexes, cellCounts),
    },
    blind: chunkBlind(jobKey, num),
  });
  if (payload.length > MAX_PAYLOAD_BYTES) throw new KitError('ROWS_TOO_LARGE', { line: (lines[count - 1] ?? 0) + 1 });
  return { num, rows: count, payload, echo: createRowEcho(lines, rowIds, msisdns), refs, misshapen };
}

const NO_TEXTS = packed(Buffer.alloc(0), new Uint32Array());

/** A UTF-16 unit is one to three bytes, so that most names need not be decoded to be counted. */
function isSlimName(bytes: Buffer, from: number, to: number): boolean {
  if (to - from <= SLIM_NAME) return true;
  return to - from <= 3 * SLIM_NAME && bytes.toString('utf8', from, to).length <= SLIM_NAME;
}

/**
 * The texts of these rows as read; one beyond the limit is cut just behind it, so that the gateway still sees that it is
 * too long. Of a record with too many cells none.
 */
function textsOfRows(texts: PackedTexts, indexes: Uint32Array, cellCounts: Uint8Array): PackedTexts {
  const { bytes, spans } = texts;
  const own = new Uint32Array(2 * indexes.length);
  const cuts: Buffer[] = [];
  let end = bytes.length;
  for (let i = 0; i < indexes.length; i++) {
    const row = indexes[i] as number;
    if (cellCounts[row] === CELL_COUNTS.TOO_MANY) continue;
    const [from, to] = [spans[2 * row] as number, spans[2 * row + 1] as number];
    const cut = to - from > TEXT_LIMIT ? cutText(bytes.toString('utf8', from, to)) : undefined;
    own[2 * i] = cut === undefined ? from : end;
    if (cut !== undefined) {
      cuts.push(cut);
      end += cut.length;
    }
    own[2 * i + 1] = cut === undefined ? to : end;
  }
  return cuts.length === 0 ? { ...texts, spans: own } : packed(Buffer.concat([bytes, ...cuts]), own);
}

function cutText(text: string): Buffer | undefined {
  return text.length <= TEXT_LIMIT ? undefined : Buffer.from(text.slice(0, TEXT_LIMIT + 1).toWellFormed(), 'utf8');
}
