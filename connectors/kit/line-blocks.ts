import { isUtf8 } from 'node:buffer';
import { firstBrokenLine, type LinesToUtf8 } from './decode/line-decoder.ts';
import { KitError } from './kit-error.ts';

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const LF = 0x0a;

/** Whole lines of a file; only the last block may end without LF. They stand until the next block is asked for. */
export type LineBlock = { readonly bytes: Buffer; readonly last: boolean };

/** UTF-8 and nothing else. Throws ENCODING_INVALID with the first line that is not: nothing is replaced. */
const strictUtf8: LinesToUtf8 = (bytes, firstLine) => {
  if (!isUtf8(bytes)) throw new KitError('ENCODING_INVALID', { line: firstBrokenLine(bytes, firstLine) });
  return bytes;
};

/**
 * Bytes of a file as blocks of whole lines, whatever the pieces they arrive in. A byte order mark is dropped.
 *
 * Holds at most one line and one piece. Throws KitError LINE_TOO_LONG as soon as a line passes `maxLineBytes`, without
 * reading it to its end; ENCODING_UTF16 where a mark says that these are no bytes whose lines end in LF.
 *
 * @param nextLine number of the line that the next block begins with, for the errors
 * @param decode UTF-8 unless given, and nothing else: ENCODING_INVALID
 */
export async function* lineBlocks(
  source: AsyncIterable<Uint8Array>,
  {
    maxLineBytes,
    nextLine,
    decode: decodeLines = strictUtf8,
  }: { maxLineBytes: number; nextLine: () => number; decode?: LinesToUtf8 | undefined },
): AsyncGenerator<LineBlock> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let first = true;

  function decode(bytes: Buffer, last: boolean): LineBlock {
    let from = 0;
    if (first) {
      if (bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))) {
        throw new KitError('ENCODING_UTF16');
      }
      if (bytes.subarray(0, 3).equals(BOM)) from = 3;
      first = false;
    }
    const body = from === 0 ? bytes : bytes.subarray(from);
    return { bytes: decodeLines(body, nextLine()), last };
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
