/**
 * Whole lines of a file, for learning its habits: all of a small file, of a large one its head and windows spread over the
 * rest. Which bytes those are depends on their place in the file alone. Bounded memory: one window.
 */

/** Windows of 256 KiB: the first eight (2 MiB, some 35,000 subscribers), then one in thirty-two. */
export const SAMPLE = { window: 256 * 1024, head: 8, every: 32 } as const;

const LF = 0x0a;
const QUOTE = 0x22;
const HEAD_BYTES = SAMPLE.head * SAMPLE.window;

/**
 * Thrown where the first quote of a large file stands behind its head: no part of such a file tells where a line begins, nor whether
 * quotes are in order, so that its reader begins again and reads it all.
 */
export class QuoteBehindHead extends Error {}

/**
 * Reads `source` to its end whatever is yielded of it, so that who digests its bytes sees all of them. Where a quote stands in the
 * head, nothing is left out. Throws QuoteBehindHead.
 */
export async function* sampleRows(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let offset = 0;
  let all = false;
  let gathered: Uint8Array[] = [];
  for await (const piece of source) {
    for (let from = 0; from < piece.length; ) {
      const window = Math.floor(offset / SAMPLE.window);
      const size = Math.min(piece.length - from, (window + 1) * SAMPLE.window - offset);
      const part = piece.subarray(from, from + size);
      from += size;
      offset += size;
      if (!all && part.includes(QUOTE)) {
        if (window >= SAMPLE.head) throw new QuoteBehindHead();
        all = true;
        // What was kept back of the head, up to here.
        yield* gathered.splice(0);
      }
      if (all || window < SAMPLE.head - 1) {
        yield part;
        continue;
      }
      // A copy: the source may use its memory again.
      if (window < SAMPLE.head || window % SAMPLE.every === 0) gathered.push(Buffer.from(part));
      if (offset % SAMPLE.window !== 0 || gathered.length === 0) continue;
      const bytes = Buffer.concat(gathered);
      gathered = [];
      const rows = toLastLine(window < SAMPLE.head ? bytes : fromFirstLine(bytes));
      if (window < SAMPLE.head) {
        all = rows.length === 0;
        yield all ? bytes : rows;
      } else if (rows.length > 0) yield rows;
    }
  }
  // The last window ends with the file, and so does its last line.
  if (gathered.length > 0) {
    const bytes = Buffer.concat(gathered);
    yield offset <= HEAD_BYTES ? bytes : fromFirstLine(bytes);
  }
}

/** From behind the first line's end: that line began in a window that is left out. */
const fromFirstLine = (bytes: Uint8Array): Uint8Array => bytes.subarray(bytes.indexOf(LF) + 1);
const toLastLine = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.lastIndexOf(LF) + 1);
