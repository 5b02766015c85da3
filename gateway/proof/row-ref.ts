/**
 * row_ref: what ties a row's leaf to the row of the client's file without telling what stands there.
 * First 16 bytes of HMAC-SHA-256(job key, line ‖ 1F ‖ row_id ‖ 1F ‖ msisdn), UTF-8, line in decimal. The bytes 1B and 1F inside
 * the two cells get a 1B before them, so that no two rows share a message; cells without control characters are unchanged.
 */
import { type BulkHasher, bulkHasher } from './bulk-hasher.ts';
import { asBuffer } from './bytes.ts';
import { needLength, needRange, ProofError } from './errors.ts';
import { ROW_REF_BYTES } from './leaf.ts';

export const JOB_KEY_BYTES = 32;

const SEPARATOR = 0x1f;
const ESCAPE = 0x1b;
const BATCH = 4096;

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
  hasher: BulkHasher = bulkHasher(),
): Uint8Array {
  needLength(jobKey, JOB_KEY_BYTES, 'job key');
  if (rowIds.length !== lines.length || msisdns.length !== lines.length) throw new ProofError('LENGTH', 'rows');
  const out = Buffer.alloc(lines.length * ROW_REF_BYTES);
  let messages = Buffer.allocUnsafe(128 * Math.min(BATCH, lines.length) + 1024);
  for (let start = 0; start < lines.length; start += BATCH) {
    const end = Math.min(start + BATCH, lines.length);
    const offsets = new Uint32Array(end - start + 1);
    let at = 0;
    for (let i = start; i < end; i++) {
      const [line, rowId, msisdn] = [lines[i]!, rowIds[i]!, msisdns[i]!];
      needRange(line, 0, Number.MAX_SAFE_INTEGER, 'line');
      // At most 3 bytes a UTF-16 unit, or 2 for an escaped one; 18 for line and separators.
      const room = 18 + 3 * (rowId.length + msisdn.length);
      if (at + room > messages.length) messages = Buffer.concat([messages], (at + room) * 2);
      at = writeLine(messages, at, line);
      messages[at++] = SEPARATOR;
      at = writeCell(messages, at, rowId);
      messages[at++] = SEPARATOR;
      at = writeCell(messages, at, msisdn);
      offsets[i - start + 1] = at;
    }
    out.set(hasher.hmac16(jobKey, asBuffer(messages).subarray(0, at), offsets), start * ROW_REF_BYTES);
  }
  return out;
}

function writeLine(out: Uint8Array, at: number, line: number): number {
  let width = 1;
  for (let rest = line; rest >= 10; rest = Math.floor(rest / 10)) width++;
  for (let i = at + width - 1, rest = line; i >= at; i--) {
    const next = Math.floor(rest / 10);
    out[i] = 0x30 + (rest - next * 10);
    rest = next;
  }
  return at + width;
}

function writeCell(out: Buffer, start: number, cell: string): number {
  let at = start;
  for (let i = 0; i < cell.length; i++) {
    const code = cell.charCodeAt(i);
    if (code >= 0x80) return writeUnicode(out, start, cell);
    if (code === SEPARATOR || code === ESCAPE) out[at++] = ESCAPE;
    out[at++] = code;
  }
  return at;
}

function writeUnicode(out: Buffer, at: number, cell: string): number {
  // A lone surrogate has no UTF-8: written as U+FFFD, two different cells would become one.
  if (!cell.isWellFormed()) throw new ProofError('NOT_CANONICAL', 'row');
  return at + out.write(cell.replace(/[\x1b\x1f]/g, '\x1b$&'), at, 'utf8');
}
