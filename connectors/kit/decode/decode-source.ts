import { type Encoding, isUtf16 } from './encodings.ts';
import { type LinesToUtf8, linesToUtf8 } from './line-decoder.ts';
import type { UnreadableTally } from './unreadable.ts';
import { utf16AsUtf8 } from './utf16.ts';

/** The bytes of a file as bytes whose lines end in LF, and what makes UTF-8 of such lines. */
export function decodeSource(
  source: AsyncIterable<Uint8Array>,
  encoding: Encoding,
  unreadable: UnreadableTally,
): { readonly source: AsyncIterable<Uint8Array>; readonly decode: LinesToUtf8 } {
  if (!isUtf16(encoding)) return { source, decode: linesToUtf8(encoding, unreadable) };
  return { source: utf16AsUtf8(source, encoding, unreadable), decode: linesToUtf8('utf-8', unreadable) };
}
