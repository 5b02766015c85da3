import type { ByteEncoding } from '../decode/encodings.ts';
import { lineDecoder } from '../decode/line-decoder.ts';
import { createUnreadable } from '../decode/unreadable.ts';
import { KitError } from '../kit-error.ts';
import { isAscii } from './raw-text.ts';
import { isVietnameseWord } from './vietnamese-word.ts';

/** What was counted and kept of a file's texts, as bytes. */
export type EncodingCounts = {
  readonly rows: number;
  /** Texts that are not ASCII, and those of them that are UTF-8. */
  readonly marked: number;
  readonly utf8: number;
  /** Some of those that are not ASCII, spread over the whole file. */
  readonly sample: readonly string[];
};

/**
 * UTF-8 where nine of ten texts are, since text of another encoding is UTF-8 by accident once in thousands; else whichever
 * makes Vietnamese syllables of most of the words, and of at least half. A file with marks in hardly a row is left to
 * UTF-8, or to Windows-1252 where that reads them all as letters.
 */
export const ENCODING = { utf8Share: 0.9, wordShare: 0.5, hardlyAny: 0.01 } as const;

/** In the order in which they are preferred where they fit alike. */
export const CANDIDATES = [
  'utf-8',
  'tcvn3',
  'vni',
  'windows-1258',
  'viscii',
] as const satisfies readonly ByteEncoding[];

export type FoundEncoding = { readonly value: ByteEncoding; readonly evidence: Readonly<Record<string, number>> };

/**
 * @param possible encodings in which the header can be read
 * Throws KitError ENCODING_UNKNOWN where none fits: a guess would be told to the citizen as a mismatch.
 */
export function detectEncoding(counts: EncodingCounts, possible: ReadonlySet<ByteEncoding>): FoundEncoding {
  const { rows, marked, utf8 } = counts;
  const seen = { marked, utf8 };
  if (utf8 >= marked * ENCODING.utf8Share && possible.has('utf-8')) return { value: 'utf-8', evidence: seen };
  const words = markedWords(counts.sample);
  let best: { encoding: ByteEncoding; fitting: number } | undefined;
  for (const encoding of CANDIDATES.filter((candidate) => possible.has(candidate))) {
    const fitting = fittingWords(words, encoding);
    if (best === undefined || fitting > best.fitting) best = { encoding, fitting };
  }
  const evidence = { ...seen, words: words.length, fitting: best?.fitting ?? 0 };
  if (best !== undefined && best.fitting > 0 && best.fitting >= words.length * ENCODING.wordShare) {
    return { value: best.encoding, evidence };
  }
  if (marked <= rows * ENCODING.hardlyAny) {
    const western = possible.has('windows-1252') && words.every((word) => isWord(word, 'windows-1252'));
    return { value: western ? 'windows-1252' : 'utf-8', evidence: { ...seen, words: words.length, fitting: 0 } };
  }
  throw new KitError('ENCODING_UNKNOWN');
}

/** Words with a byte that is not ASCII, cut where ASCII cuts them. */
function markedWords(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(/[\0-\x40]+/)).filter((word) => word !== '' && !isAscii(word));
}

function fittingWords(words: readonly string[], encoding: ByteEncoding): number {
  return words.filter((word) => {
    const text = decoded(word, encoding);
    // A no-break space is a byte of its own in each of them.
    const parts = text?.split(/\s+/).filter((part) => part !== '') ?? [];
    return parts.length > 0 && parts.every(isVietnameseWord);
  }).length;
}

function isWord(word: string, encoding: ByteEncoding): boolean {
  return /^[\p{L}\p{M}\s]+$/u.test(decoded(word, encoding) ?? '');
}

/** Undefined where a byte of it is no character. */
function decoded(word: string, encoding: ByteEncoding): string | undefined {
  const unreadable = createUnreadable();
  const text = lineDecoder(encoding, unreadable)(Buffer.from(word, 'latin1'), 1);
  return unreadable.result().count === 0 ? text : undefined;
}
