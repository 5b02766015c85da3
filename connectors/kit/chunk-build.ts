import { createHmac } from 'node:crypto';
import { rowRefs } from '../../gateway/proof/row-ref.ts';
import { encodeChunk, type TextRowToSend } from './chunk-encode.ts';
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

/** The slim form of a row's number and date, decided by pure functions of a connector. */
export type SlimForm = {
  /** The number as an integer where it is exactly 12 digits of a personal ID, else 0. */
  idNumber(text: string): number;
  /** The date as YYYYMMDD where it is whole and can be read in one way only, else 0. */
  birthDate(text: string): number;
};

/** Cells of a batch in the order in which `buildChunk` takes them. */
export const CHUNK_CELLS = ['row_id', 'msisdn', 'id_number', 'full_name', 'date_of_birth'] as const;

/** Chunks that may lie between the one being sent and the last whose answer is on the disk. */
export const ACK_WINDOW = 64;
/** A text of more bytes makes its row INVALID, so nothing is lost by cutting it there. */
const TEXT_LIMIT = 1024;
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
  const { count, lines, cells, cellCounts } = batch;
  const [rowIds = [], msisdns = [], idNumbers = [], names = [], birthDates = []] = cells;
  const slimIds: number[] = [];
  const slimNames: string[] = [];
  const slimDates: number[] = [];
  const textRows: TextRowToSend[] = [];
  let misshapen = 0;
  for (let i = 0; i < count; i++) {
    const [idText, name, dateText] = [idNumbers[i] as string, names[i] as string, birthDates[i] as string];
    if (cellCounts[i] === CELL_COUNTS.TOO_MANY) {
      misshapen++;
      textRows.push({ index: i, idNumber: '', fullName: '', birthDate: '' });
      continue;
    }
    const id = slim.idNumber(idText);
    const date = id === 0 ? 0 : slim.birthDate(dateText);
    if (date !== 0 && name.length <= TEXT_LIMIT / 3) {
      slimIds.push(id);
      slimNames.push(name);
      slimDates.push(date);
    } else {
      textRows.push({ index: i, idNumber: cut(idText), fullName: cut(name), birthDate: cut(dateText) });
    }
  }
  const refs = rowRefs(jobKey, lines, rowIds, msisdns);
  const payload = encodeChunk({
    num,
    ackedThrough: ackedThrough(num),
    ids: slimIds,
    names: slimNames,
    dates: slimDates,
    rowRefs: refs,
    textRows,
    blind: chunkBlind(jobKey, num),
  });
  if (payload.length > MAX_PAYLOAD_BYTES) throw new KitError('ROWS_TOO_LARGE', { line: (lines[count - 1] ?? 0) + 1 });
  return { num, rows: count, payload, echo: createRowEcho(lines, rowIds, msisdns), refs, misshapen };
}

/** A text as read; one beyond the limit is cut just behind it, so that the gateway still sees that it is too long. */
function cut(text: string): string {
  return text.length <= TEXT_LIMIT ? text : text.slice(0, TEXT_LIMIT + 1).toWellFormed();
}
