/**
 * row_ref: what ties a row's leaf to the row of the client's file without telling what stands there.
 * First 16 bytes of HMAC-SHA-256(job key, line ‖ 1F ‖ row_id ‖ 1F ‖ msisdn), UTF-8, line in decimal. The bytes 1B and 1F inside
 * the two cells get a 1B before them, so that no two rows share a message; cells without control characters are unchanged.
 */
import { type BulkHasher, bulkHasher } from './bulk-hasher.ts';
import { needLength, needRange, ProofError } from './errors.ts';
import { ROW_REF_BYTES } from './leaf.ts';
import { type PackedTexts, packTexts, writeNumber } from './packed-texts.ts';

export const JOB_KEY_BYTES = 32;

const SEPARATOR = 0x1f;
const ESCAPE = 0x1b;
const BATCH = 4096;
/** Scratch memory for the messages of a batch, kept where it is not larger than batches commonly need. */
let scratch = Buffer.alloc(0);
const KEPT_SCRATCH = 1 << 20;
const TYPICAL_ROW = 64;
/** A line and two separators. */
const ROW_ROOM = 18;

/** One row's reference, 16 bytes. Throws LENGTH for the key, RANGE for the line, NOT_CANONICAL for text that is not Unicode. */
export function rowRef(jobKey: Uint8Array, line: number, rowId: string, msisdn: string): Uint8Array {
  return rowRefs(jobKey, [line], [rowId], [msisdn]);
}

/** References of many rows, packed 16·n. The arrays have one length (else LENGTH). */
export function rowRefs(
  jobKey: Uint8Array,
  lines: ArrayLike<number>,
  rowIds: readonly string[],
  msisdns: readonly string[],
  hasher?: BulkHasher,
): Uint8Array {
  return packedRowRefs(jobKey, lines, packTexts(rowIds), packTexts(msisdns), hasher);
}

/** The same of texts that are packed already; they must be UTF-8. */
export function packedRowRefs(
  jobKey: Uint8Array,
  lines: ArrayLike<number>,
  rowIds: PackedTexts,
  msisdns: PackedTexts,
  hasher: BulkHasher = bulkHasher(),
): Uint8Array {
  needLength(jobKey, JOB_KEY_BYTES, 'job key');
  const count = lines.length;
  if (rowIds.spans.length !== 2 * count || msisdns.spans.length !== 2 * count) throw new ProofError('LENGTH', 'rows');
  const out = Buffer.alloc(count * ROW_REF_BYTES);
  const [idSpans, phoneSpans] = [rowIds.spans, msisdns.spans];
  const wanted = TYPICAL_ROW * Math.min(BATCH, count) + 1024;
  let messages = scratch.length >= wanted ? scratch : Buffer.allocUnsafeSlow(wanted);
  for (let start = 0; start < count; start += BATCH) {
    const end = Math.min(start + BATCH, count);
    const offsets = new Uint32Array(end - start + 1);
    let at = 0;
    for (let i = start; i < end; i++) {
      const line = lines[i]!;
      needRange(line, 0, Number.MAX_SAFE_INTEGER, 'line');
      const [idFrom, idTo, phoneFrom, phoneTo] = [
        idSpans[2 * i]!,
        idSpans[2 * i + 1]!,
        phoneSpans[2 * i]!,
        phoneSpans[2 * i + 1]!,
      ];
      // Every byte may be one that is escaped.
      const room = ROW_ROOM + 2 * (idTo - idFrom + phoneTo - phoneFrom);
      if (at + room > messages.length) messages = Buffer.concat([messages], (at + room) * 2);
      at = writeNumber(messages, at, line);
      messages[at++] = SEPARATOR;
      at = writeCell(messages, at, rowIds.bytes, idFrom, idTo);
      messages[at++] = SEPARATOR;
      at = writeCell(messages, at, msisdns.bytes, phoneFrom, phoneTo);
      offsets[i - start + 1] = at;
    }
    out.set(hasher.hmac16(jobKey, messages.subarray(0, at), offsets), start * ROW_REF_BYTES);
  }
  if (messages.length <= KEPT_SCRATCH) scratch = messages;
  return out;
}

function writeCell(out: Uint8Array, start: number, bytes: Uint8Array, from: number, to: number): number {
  let at = start;
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    if (byte === SEPARATOR || byte === ESCAPE) out[at++] = ESCAPE;
    out[at++] = byte;
  }
  return at;
}
