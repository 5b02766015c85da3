import type { UnreadableTally } from './unreadable.ts';

/** Bytes looked at where no byte order mark says what they are. */
const SNIFFED_BYTES = 4096;
const LF = 0x0a;

/**
 * Whether a file is UTF-16, by its first bytes: a byte order mark, or zero bytes in every other place, since headers and
 * numbers are ASCII. Half of the pairs must have it, and at most one in twenty the other.
 */
export function sniffUtf16(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const pairs = Math.min(head.length, SNIFFED_BYTES) >> 1;
  let [zeroFirst, zeroSecond] = [0, 0];
  for (let i = 0; i < pairs; i++) {
    if (head[2 * i] === 0) zeroFirst++;
    if (head[2 * i + 1] === 0) zeroSecond++;
  }
  if (zeroSecond * 2 >= pairs && zeroFirst * 20 <= pairs && zeroSecond > 0) return 'utf-16le';
  if (zeroFirst * 2 >= pairs && zeroSecond * 20 <= pairs && zeroFirst > 0) return 'utf-16be';
  return undefined;
}

/**
 * UTF-16 as UTF-8, piece by piece, so that lines are cut where they always are and memory is one piece. Halves of
 * characters, a last odd byte among them, become U+FFFD. A byte order mark stays one.
 */
export async function* utf16AsUtf8(
  source: AsyncIterable<Uint8Array>,
  order: 'utf-16le' | 'utf-16be',
  unreadable: UnreadableTally,
): AsyncGenerator<Uint8Array> {
  let held: Buffer = Buffer.alloc(0);
  let line = 1;

  function convert(bytes: Buffer): Buffer {
    const text = bytes.toString('utf16le');
    if (!text.isWellFormed()) {
      const whole = text.toWellFormed();
      let first = 0;
      let count = 0;
      for (let i = 0; i < text.length; i++) {
        if (text.charCodeAt(i) === whole.charCodeAt(i)) continue;
        if (count++ === 0) first = i;
      }
      unreadable.add(count, line + lineEnds(text, first));
    }
    line += lineEnds(text, text.length);
    return Buffer.from(text, 'utf8');
  }

  for await (const piece of source) {
    // A copy: the source may use its buffer again, and the bytes of the other order are turned in place.
    const bytes = Buffer.concat([held, piece]);
    let whole = bytes.length & ~1;
    // What was held is turned already, but for an odd byte.
    if (order === 'utf-16be') bytes.subarray(held.length & ~1, whole).swap16();
    // The first half of a surrogate pair waits for the second.
    if (whole >= 2 && ((bytes[whole - 1] as number) & 0xfc) === 0xd8) whole -= 2;
    held = bytes.subarray(whole);
    if (whole > 0) yield convert(bytes.subarray(0, whole));
  }
  const pairs = held.length & ~1;
  if (pairs > 0) yield convert(held.subarray(0, pairs));
  if (held.length > pairs) {
    unreadable.add(1, line);
    yield Buffer.from('\ufffd');
  }
}

function lineEnds(text: string, to: number): number {
  let count = 0;
  for (let i = 0; i < to; i++) if (text.charCodeAt(i) === LF) count++;
  return count;
}
