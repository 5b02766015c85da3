import { BASE_BITS, LETTER_BITS, MARK, MARK_BITS, TONE_BITS } from './letter-table.ts';
import { bitOf } from './reasons.ts';
import { isSyllable } from './syllable.ts';

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
  /** The row has no tone and no vowel mark anywhere, every đ is right: what taking composed letters apart leaves. */
  stripped: boolean;
  /** The row has no đ anywhere, and lacks nothing else. */
  strokeless: boolean;
  /**
   * Every word that differs is no word of the language without its marks: several of them, or the family name alone, of
   * which two marks or more are lost. One given name may be one of several that tell brothers apart (Tuan: Tuấn, Tuân).
   */
  shown: boolean;
  /** Bits (word 1) that name the differences. */
  reasons: number;
};

const TONE_DIFFERS = bitOf('TONE_DIFFERS');
const VOWEL_MARK_DIFFERS = bitOf('VOWEL_MARK_DIFFERS');
const D_STROKE_DIFFERS = bitOf('D_STROKE_DIFFERS');

export function createMarkDifferences(): MarkDifferences {
  return {
    words: 0,
    onlyLost: true,
    wholeWords: true,
    shapeless: true,
    toneless: true,
    stripped: true,
    strokeless: true,
    shown: true,
    reasons: 0,
  };
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
  into.stripped = true;
  into.strokeless = true;
  into.shown = true;
  into.reasons = 0;
  let ambiguous = false;
  for (let word = 0; word < words; word++) {
    const end = word + 1 < words ? (starts[word + 1] ?? 0) : length;
    let differs = 0;
    let marks = 0;
    let lost = 0;
    for (let i = starts[word] ?? 0; i < end; i++) {
      const a = row[i] ?? 0;
      const difference = (a ^ (register[i] ?? 0)) & LETTER_BITS;
      if ((difference & BASE_BITS) !== 0) return false;
      differs |= difference;
      marks |= a & ~BASE_BITS & LETTER_BITS;
      const tone = a & TONE_BITS;
      lost += ((difference & TONE_BITS) !== 0 ? 1 : 0) + ((difference & MARK_BITS) !== 0 ? 1 : 0);
      const added = a & MARK_BITS & difference;
      if (added !== 0 || (tone !== 0 && (difference & TONE_BITS) !== 0)) into.onlyLost = false;
    }
    if ((marks & MARK_BITS) !== 0 || (differs & TONE_BITS) !== 0) into.shapeless = false;
    if ((marks & TONE_BITS) !== 0 || (differs & MARK_BITS) !== 0) into.toneless = false;
    if ((marks & ~MARK.stroke) !== 0 || (differs & MARK.stroke) !== 0) into.stripped = false;
    if ((marks & MARK.stroke) !== 0 || (differs & ~MARK.stroke) !== 0) into.strokeless = false;
    if (differs === 0) continue;
    if (lost < 2 || word > 0 || words < 3) ambiguous = true;
    if (into.shown && !showsLoss(row, register, starts[word] ?? 0, end)) into.shown = false;
    if (marks !== 0) into.wholeWords = false;
    into.words++;
    if ((differs & TONE_BITS) !== 0) into.reasons |= TONE_DIFFERS;
    if ((differs & MARK.stroke) !== 0) into.reasons |= D_STROKE_DIFFERS;
    if ((differs & MARK_BITS & ~MARK.stroke) !== 0) into.reasons |= VOWEL_MARK_DIFFERS;
  }
  if (ambiguous && into.words === 1) into.shown = false;
  return true;
}

/**
 * Whether the row's word cannot be written so while the register's can: no syllable without its marks (Nguyen, Viet), or
 * closed by a stop, which none is without a tone (Đưc).
 */
function showsLoss(row: Int32Array, register: Int32Array, from: number, to: number): boolean {
  return isSyllable(register, from, to) && (!isSyllable(row, from, to) || lacksItsTone(row, from, to));
}

function lacksItsTone(letters: Int32Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (((letters[i] ?? 0) & TONE_BITS) !== 0) return false;
  const [last, before] = [(letters[to - 1] ?? 0) & BASE_BITS, (letters[to - 2] ?? 0) & BASE_BITS];
  return last === C || last === P || last === T || (last === H && before === C && to - from > 2);
}

const C = 0x63;
const H = 0x68;
const P = 0x70;
const T = 0x74;
