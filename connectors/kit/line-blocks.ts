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
  // One piece of memory for all blocks: the source may use its own again, and what is left of a line stays in front.
  let store: Buffer = Buffer.alloc(0);
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
    const filled = heldBytes + bytes.length;
    if (store.length < filled) {
      const larger = Buffer.allocUnsafeSlow(2 * filled);
      store.copy(larger, 0, 0, heldBytes);
      store = larger;
    }
    store.set(bytes, heldBytes);
    const end = lineEnd === -1 ? 0 : heldBytes + lineEnd + 1;
    heldBytes = filled - end;
    if (end === 0) continue;
    yield decode(store.subarray(0, end), false);
    store.copyWithin(0, end, filled);
    if (heldBytes > maxLineBytes) throw new KitError('LINE_TOO_LONG', { line: nextLine(), limit: maxLineBytes });
  }
  yield decode(store.subarray(0, heldBytes), true);
}
