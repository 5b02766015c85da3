import { BASE_BITS, LETTER_BITS, MARK, MARK_BITS, TONE_BITS } from './letter-table.ts';
import { bitOf } from './reasons.ts';

/** How two names of the same base letters, word for word, differ in their marks. */
export type MarkDifferences = {
  /** Words that differ. */
  words: number;
  /** The row only lacks marks: it has none that the register's name does not have at the same letter. */
  onlyLost: boolean;
  /** Every word that differs has no mark at all in the row. */
  wholeWords: boolean;
  /** The row has no vowel mark and no đ anywhere, and lacks nothing else. */
  shapeless: boolean;
  /** The row has no tone anywhere, and lacks nothing else. */
  toneless: boolean;
  /** Bits (word 1) that name the differences. */
  reasons: number;
};

const TONE_DIFFERS = bitOf('TONE_DIFFERS');
const VOWEL_MARK_DIFFERS = bitOf('VOWEL_MARK_DIFFERS');
const D_STROKE_DIFFERS = bitOf('D_STROKE_DIFFERS');

export function createMarkDifferences(): MarkDifferences {
  return { words: 0, onlyLost: true, wholeWords: true, shapeless: true, toneless: true, reasons: 0 };
}

/**
 * Compares letter by letter. Returns false where a base letter differs: then the names differ in more than marks.
 * `starts` are the words of both.
 */
export function findMarkDifferences(
  row: Int32Array,
  register: Int32Array,
  length: number,
  starts: Int32Array,
  words: number,
  into: MarkDifferences,
): boolean {
  into.words = 0;
  into.onlyLost = true;
  into.wholeWords = true;
  into.shapeless = true;
  into.toneless = true;
  into.reasons = 0;
  for (let word = 0; word < words; word++) {
    const end = word + 1 < words ? (starts[word + 1] ?? 0) : length;
    let differs = 0;
    let marks = 0;
    for (let i = starts[word] ?? 0; i < end; i++) {
      const a = row[i] ?? 0;
      const difference = (a ^ (register[i] ?? 0)) & LETTER_BITS;
      if ((difference & BASE_BITS) !== 0) return false;
      differs |= difference;
      marks |= a & ~BASE_BITS & LETTER_BITS;
      const tone = a & TONE_BITS;
      const added = a & MARK_BITS & difference;
      if (added !== 0 || (tone !== 0 && (difference & TONE_BITS) !== 0)) into.onlyLost = false;
    }
    if ((marks & MARK_BITS) !== 0 || (differs & TONE_BITS) !== 0) into.shapeless = false;
    if ((marks & TONE_BITS) !== 0 || (differs & MARK_BITS) !== 0) into.toneless = false;
    if (differs === 0) continue;
    if (marks !== 0) into.wholeWords = false;
    into.words++;
    if ((differs & TONE_BITS) !== 0) into.reasons |= TONE_DIFFERS;
    if ((differs & MARK.stroke) !== 0) into.reasons |= D_STROKE_DIFFERS;
    if ((differs & MARK_BITS & ~MARK.stroke) !== 0) into.reasons |= VOWEL_MARK_DIFFERS;
  }
  return true;
}
