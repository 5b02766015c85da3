import { type Encoding, isUtf16 } from './encodings.ts';
import { type LineDecoder, lineDecoder } from './line-decoder.ts';
import type { UnreadableTally } from './unreadable.ts';
import { utf16AsUtf8 } from './utf16.ts';

/** The bytes of a file as bytes whose lines end in LF, and what makes text of such lines. */
export function decodeSource(
  source: AsyncIterable<Uint8Array>,
  encoding: Encoding,
  unreadable: UnreadableTally,
): { readonly source: AsyncIterable<Uint8Array>; readonly decode: LineDecoder } {
  if (!isUtf16(encoding)) return { source, decode: lineDecoder(encoding, unreadable) };
  return { source: utf16AsUtf8(source, encoding, unreadable), decode: lineDecoder('utf-8', unreadable) };
}
