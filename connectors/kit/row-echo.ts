import { type PackedTexts, writeNumber } from '../../gateway/proof/packed-texts.ts';
import { writeCell } from './csv-write.ts';

/**
 * What a result line begins with: `line,row_id,msisdn`, as bytes. Written when the chunk is made, because the batch that
 * it is made of does not stand until the answer comes.
 */
export type RowEcho = {
  readonly lines: Float64Array;
  readonly bytes: Buffer;
  /** Row i is `bytes[ends[i − 1] … ends[i] − 1]`. */
  readonly ends: Uint32Array;
};

const COMMA = 0x2c;
const TYPICAL_ROW = 32;
/** Two commas and a line number. */
const ROW_ROOM = 24;

export function createRowEcho(lines: ArrayLike<number>, rowIds: PackedTexts, msisdns: PackedTexts): RowEcho {
  const ends = new Uint32Array(lines.length);
  let out = Buffer.allocUnsafeSlow(lines.length * TYPICAL_ROW + ROW_ROOM);
  let end = 0;
  for (let i = 0; i < lines.length; i++) {
    const [idFrom, idTo] = [rowIds.spans[2 * i] as number, rowIds.spans[2 * i + 1] as number];
    const [phoneFrom, phoneTo] = [msisdns.spans[2 * i] as number, msisdns.spans[2 * i + 1] as number];
    // At most two bytes of quotes for one of text; and the quotes around, and the guard.
    const room = ROW_ROOM + 8 + 2 * (idTo - idFrom + phoneTo - phoneFrom);
    if (end + room > out.length) out = Buffer.concat([out], (end + room) * 2);
    end = writeNumber(out, end, lines[i] as number);
    out[end++] = COMMA;
    end = writeText(out, end, rowIds.bytes, idFrom, idTo);
    out[end++] = COMMA;
    end = writeText(out, end, msisdns.bytes, phoneFrom, phoneTo);
    ends[i] = end;
  }
  return { lines: Float64Array.from(lines), bytes: out.subarray(0, end), ends };
}

/** A cell from outside. Digits and ASCII letters are what they are; anything else goes the long way. */
function writeText(out: Buffer, start: number, bytes: Buffer, from: number, to: number): number {
  const shift = start - from;
  for (let i = from; i < to; i++) {
    const c = bytes[i] as number;
    const plain = (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
    if (!plain) return start + out.write(writeCell(bytes.toString('utf8', from, to)), start, 'utf8');
    out[i + shift] = c;
  }
  return to + shift;
}
