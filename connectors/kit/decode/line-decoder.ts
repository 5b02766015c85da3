import { isUtf8 } from 'node:buffer';
import { byteTable, decodeByTable } from './byte-table.ts';
import type { ByteEncoding } from './encodings.ts';
import type { UnreadableTally } from './unreadable.ts';
import { decodeVni } from './vni.ts';

/** Bytes of whole lines as text. `firstLine` is the number of the first of them. Never throws, save where it says so. */
export type LineDecoder = (bytes: Buffer, firstLine: number) => string;

const LF = 0x0a;
const REPLACEMENT = Buffer.from('\ufffd');

/** The decoder of an encoding: what cannot be read becomes U+FFFD, and is told to `unreadable` with its line. */
export function lineDecoder(encoding: ByteEncoding, unreadable: UnreadableTally): LineDecoder {
  if (encoding === 'utf-8') return (bytes, firstLine) => decodeUtf8(bytes, firstLine, unreadable);
  const decode =
    encoding === 'vni'
      ? decodeVni
      : (bytes: Buffer, onUnreadable: (index: number) => void) =>
          decodeByTable(byteTable(encoding), bytes, onUnreadable);
  return (bytes, firstLine) => {
    let line = firstLine;
    let counted = 0;
    return decode(bytes, (index) => {
      line += countLineEnds(bytes, counted, index);
      counted = index;
      unreadable.add(1, line);
    });
  };
}

/** Bytes of whole lines as UTF-8. */
export type LinesToUtf8 = (bytes: Buffer, firstLine: number) => Buffer;

/** As `lineDecoder`, but bytes: those that are UTF-8 already are only looked at. */
export function linesToUtf8(encoding: ByteEncoding, unreadable: UnreadableTally): LinesToUtf8 {
  const decode = lineDecoder(encoding, unreadable);
  return (bytes, firstLine) =>
    encoding === 'utf-8' && isUtf8(bytes) ? bytes : Buffer.from(decode(bytes, firstLine), 'utf8');
}

/** The bytes themselves: for looking at a file whose encoding is not known yet. */
export const rawBytes: LinesToUtf8 = (bytes) => bytes;

function decodeUtf8(bytes: Buffer, firstLine: number, unreadable: UnreadableTally): string {
  const text = bytes.toString('utf8');
  if (isUtf8(bytes)) return text;
  // What stands in the file as U+FFFD was lost before.
  const replaced = countOf(text, '\ufffd') - countBytes(bytes, REPLACEMENT);
  unreadable.add(replaced, firstBrokenLine(bytes, firstLine));
  return text;
}

/** Number of the first line that is not UTF-8. */
export function firstBrokenLine(bytes: Buffer, firstLine: number): number {
  let line = firstLine;
  for (let at = 0; at < bytes.length; line++) {
    const end = bytes.indexOf(LF, at);
    const stop = end === -1 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(at, stop))) return line;
    at = stop;
  }
  return line;
}

function countLineEnds(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let i = bytes.indexOf(LF, from); i !== -1 && i < to; i = bytes.indexOf(LF, i + 1)) count++;
  return count;
}

function countOf(text: string, part: string): number {
  let count = 0;
  for (let i = text.indexOf(part); i !== -1; i = text.indexOf(part, i + part.length)) count++;
  return count;
}

function countBytes(bytes: Buffer, part: Buffer): number {
  let count = 0;
  for (let i = bytes.indexOf(part); i !== -1; i = bytes.indexOf(part, i + part.length)) count++;
  return count;
}
