import { isUtf8 } from 'node:buffer';
import { KitError } from './kit-error.ts';

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const LF = 0x0a;

/** Whole lines of a file as text; only the last block may end without LF. */
export type TextBlock = { readonly text: string; readonly last: boolean };

/**
 * Bytes of a UTF-8 file as blocks of whole lines, whatever the pieces they arrive in. A byte order mark is dropped.
 *
 * Holds at most one line and one piece. Throws KitError LINE_TOO_LONG as soon as a line passes `maxLineBytes`, without
 * reading it to its end; ENCODING_INVALID names the first line that is not UTF-8 (nothing is replaced silently).
 *
 * @param nextLine number of the line that the next block begins with, for the errors
 */
export async function* textBlocks(
  source: AsyncIterable<Uint8Array>,
  { maxLineBytes, nextLine }: { maxLineBytes: number; nextLine: () => number },
): AsyncGenerator<TextBlock> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let first = true;

  function decode(bytes: Buffer, last: boolean): TextBlock {
    let from = 0;
    if (first) {
      if (bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))) {
        throw new KitError('ENCODING_UTF16');
      }
      if (bytes.subarray(0, 3).equals(BOM)) from = 3;
      first = false;
    }
    const body = from === 0 ? bytes : bytes.subarray(from);
    if (!isUtf8(body)) throw new KitError('ENCODING_INVALID', { line: firstBrokenLine(body, nextLine()) });
    return { text: body.toString('utf8'), last };
  }

  for await (const piece of source) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const lineEnd = bytes.lastIndexOf(LF);
    const firstEnd = lineEnd === -1 ? bytes.length : bytes.indexOf(LF);
    if (heldBytes + firstEnd > maxLineBytes)
      throw new KitError('LINE_TOO_LONG', { line: nextLine(), limit: maxLineBytes });
    if (lineEnd === -1) {
      // The source may use its buffer again: what is held is a copy.
      held.push(Buffer.from(bytes));
      heldBytes += bytes.length;
      continue;
    }
    const whole = bytes.subarray(0, lineEnd + 1);
    const block = decode(heldBytes === 0 ? whole : Buffer.concat([...held, whole]), false);
    held = lineEnd + 1 < bytes.length ? [Buffer.from(bytes.subarray(lineEnd + 1))] : [];
    heldBytes = bytes.length - lineEnd - 1;
    yield block;
    if (heldBytes > maxLineBytes) throw new KitError('LINE_TOO_LONG', { line: nextLine(), limit: maxLineBytes });
  }
  yield decode(Buffer.concat(held), true);
}

function firstBrokenLine(bytes: Buffer, firstLine: number): number {
  let line = firstLine;
  for (let at = 0; at < bytes.length; line++) {
    const end = bytes.indexOf(LF, at);
    const stop = end === -1 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(at, stop))) return line;
    at = stop;
  }
  return line;
}
