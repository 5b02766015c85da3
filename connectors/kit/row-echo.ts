import { writeCell } from './csv-write.ts';

/**
 * What a result line begins with: `line,row_id,msisdn`, as bytes. Written when the chunk is made, because strings kept
 * until the answer comes would outlive the young generation, and memory would grow with the file.
 */
export type RowEcho = {
  readonly lines: Float64Array;
  readonly bytes: Uint8Array;
  /** Row i is `bytes[ends[i − 1] … ends[i] − 1]`. */
  readonly ends: Uint32Array;
};

const COMMA = 0x2c;
const TYPICAL_ROW = 32;
/** Two commas and a line number. */
const ROW_ROOM = 24;

export function createRowEcho(
  lines: readonly number[],
  rowIds: readonly string[],
  msisdns: readonly string[],
): RowEcho {
  const ends = new Uint32Array(lines.length);
  let out = Buffer.allocUnsafe(lines.length * TYPICAL_ROW + ROW_ROOM);
  let end = 0;
  for (let i = 0; i < lines.length; i++) {
    const [rowId, msisdn] = [rowIds[i] as string, msisdns[i] as string];
    // At most two bytes of quotes for one of text, or three for one that is not ASCII; and the guard.
    const room = ROW_ROOM + 8 + 3 * (rowId.length + msisdn.length);
    if (end + room > out.length) out = Buffer.concat([out], (end + room) * 2);
    end = writeNumber(out, end, lines[i] as number);
    out[end++] = COMMA;
    end = writeText(out, end, rowId);
    out[end++] = COMMA;
    end = writeText(out, end, msisdn);
    ends[i] = end;
  }
  return { lines: Float64Array.from(lines), bytes: out.subarray(0, end), ends };
}

/** A whole number from 0 on, in decimal; returns where it ends. */
export function writeNumber(out: Uint8Array, at: number, value: number): number {
  let end = at + 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end++;
  for (let i = end - 1, rest = value; i >= at; i--) {
    const next = Math.floor(rest / 10);
    out[i] = 0x30 + (rest - next * 10);
    rest = next;
  }
  return end;
}

/** A cell from outside. Digits and ASCII letters are what they are; anything else goes the long way. */
function writeText(out: Buffer, start: number, cell: string): number {
  let at = start;
  for (let i = 0; i < cell.length; i++) {
    const c = cell.charCodeAt(i);
    const plain = (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
    if (!plain) return start + out.write(writeCell(cell), start, 'utf8');
    out[at++] = c;
  }
  return at;
}
