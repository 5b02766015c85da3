/** Texts of many rows in one piece of memory, UTF-8: no object a row, and nothing to write anew before it is hashed. */
import { viewOf } from './copy-bytes.ts';
import { ProofError } from './errors.ts';

export interface PackedTexts {
  readonly bytes: Buffer;
  /** Of the same bytes, to copy from. */
  readonly view: DataView;
  /** Text i is `bytes[spans[2i] … spans[2i+1]−1]`. */
  readonly spans: Uint32Array;
}

/** Throws NOT_CANONICAL for a lone surrogate: written as U+FFFD, two different texts would become one. */
export function packTexts(texts: readonly string[], where = 'row'): PackedTexts {
  let room = 0;
  // At most three bytes a UTF-16 unit.
  for (const text of texts) room += 3 * text.length;
  const bytes = Buffer.allocUnsafe(room);
  const spans = new Uint32Array(2 * texts.length);
  let end = 0;
  for (let i = 0; i < texts.length; i++) {
    spans[2 * i] = end;
    end = write(bytes, end, texts[i]!, where);
    spans[2 * i + 1] = end;
  }
  return packed(bytes.subarray(0, end), spans);
}

export function packed(bytes: Buffer, spans: Uint32Array): PackedTexts {
  return { bytes, view: viewOf(bytes), spans };
}

function write(out: Buffer, start: number, text: string, where: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) {
      if (!text.isWellFormed()) throw new ProofError('NOT_CANONICAL', where);
      return start + out.write(text, start, 'utf8');
    }
    out[start + i] = code;
  }
  return start + text.length;
}

/** A whole number from 0 on, in decimal; returns where it ends. */
export function writeNumber(out: Uint8Array, at: number, value: number): number {
  if (value > 0x7fff_ffff) {
    const high = Math.floor(value / 10);
    const end = writeNumber(out, at, high);
    out[end] = 0x30 + (value - high * 10);
    return end + 1;
  }
  // Whole numbers of 32 bits are divided without a fraction.
  let end = at + 1;
  for (let rest = value | 0; rest >= 10; rest = (rest / 10) | 0) end++;
  for (let i = end - 1, rest = value | 0; i >= at; i--) {
    const next = (rest / 10) | 0;
    out[i] = 0x30 + (rest - next * 10);
    rest = next;
  }
  return end;
}
