import {
  BASE_BITS,
  KIND,
  KIND_BITS,
  LETTER_BITS,
  LOOKALIKE,
  MARK,
  MARK_BITS,
  meaningOf,
  TONE_BITS,
} from './letter-table.ts';
import { LIMITS } from './profile.ts';
import { bitOf, type NameProblem } from './reasons.ts';

/**
 * A name as letters and words. Reused from row to row: reading allocates nothing unless the text has to be composed.
 * `letters` holds the packed letters of all words without gaps; word w is letters[starts[w]] up to starts[w + 1].
 */
export type NameLetters = {
  readonly letters: Int32Array;
  readonly starts: Int32Array;
  length: number;
  words: number;
  /** Bits (word 1) of the repairs that this writing needed. */
  repairs: number;
  /** Not one letter carries a mark or tone, and all are Latin. */
  bare: boolean;
  /** Letters that an encoding ate. */
  lost: number;
  problem: NameProblem | undefined;
};

export function createNameLetters(): NameLetters {
  return {
    letters: new Int32Array(LIMITS.name),
    starts: new Int32Array(LIMITS.name + 1),
    length: 0,
    words: 0,
    repairs: 0,
    bare: true,
    lost: 0,
    problem: undefined,
  };
}

const UNICODE_FORM = bitOf('UNICODE_FORM');
const INVISIBLE = bitOf('INVISIBLE_CHARACTERS');
const SPACING = bitOf('SPACING');
const PUNCTUATION = bitOf('PUNCTUATION');
const LOOKALIKE_LETTER = bitOf('LOOKALIKE_LETTER');
const MARK_DOUBLED = bitOf('MARK_DOUBLED');

const VOWELS_WITH_BREVE = 'aeiou';

/** Lays a free-standing mark on a letter. Returns the letter unchanged where it carries that very mark already. */
function addMark(letter: number, mark: number): number | undefined {
  if ((mark & TONE_BITS) !== 0) {
    if ((letter & TONE_BITS) === 0) return letter | mark;
    return (letter & TONE_BITS) === mark ? letter : undefined;
  }
  // A caron on a vowel is a breve drawn by a font or keyboard that has no breve.
  const isVowel = VOWELS_WITH_BREVE.includes(String.fromCharCode(letter & BASE_BITS));
  return letter | (mark === MARK.caron && isVowel ? MARK.breve : mark);
}

/** True where a text may be written with combining marks, or holds characters whose composed form lies in the table. */
function mayNeedComposing(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x300 && (code < 0x370 || code >= 0x483) && !(code >= 0x1ea0 && code < 0x1efa)) return true;
  }
  return false;
}

/**
 * Reads a name into `into`. Case is folded, Unicode composed, spaces and punctuation become word ends, invisible
 * characters and apostrophes vanish, look-alikes become the letter they stand for; marks and tones all stay.
 * Any string is accepted; one that cannot be a name sets `problem`. One pass, at most `LIMITS.name` code units.
 */
export function readName(text: string, into: NameLetters): NameLetters {
  into.length = 0;
  into.words = 0;
  into.repairs = 0;
  into.bare = true;
  into.lost = 0;
  into.problem = undefined;
  if (text.length > LIMITS.name) {
    into.problem = 'NAME_TOO_LONG';
    return into;
  }
  let source = text;
  if (mayNeedComposing(text)) {
    source = text.normalize('NFC');
    if (source !== text) into.repairs |= UNICODE_FORM;
  }
  readLetters(source, into);
  if (into.problem === undefined && into.length === 0) {
    into.problem = (into.repairs & PUNCTUATION) !== 0 ? 'NAME_UNREADABLE' : 'NAME_MISSING';
  } else if (into.lost > 0 && into.lost === into.length) {
    into.problem = 'NAME_UNREADABLE';
  }
  return into;
}

function readLetters(source: string, into: NameLetters): void {
  const { letters, starts } = into;
  let length = 0;
  let repairs = into.repairs;
  let inWord = false;
  // What stood since the last word: one plain space is the only gap that needs no repair.
  let spaces = 0;
  for (let i = 0; i < source.length; i++) {
    const meaning = meaningOf(source.charCodeAt(i));
    const kind = meaning & KIND_BITS;
    if (kind === KIND.letter || kind === KIND.lost) {
      if (length === LIMITS.name) {
        into.problem = 'NAME_TOO_LONG';
        return;
      }
      if (!inWord) {
        if (length === 0 ? spaces > 0 : spaces > 1) repairs |= SPACING;
        starts[into.words++] = length;
        inWord = true;
        spaces = 0;
      }
      const letter = meaning & LETTER_BITS;
      const base = letter & BASE_BITS;
      if (letter !== base || base < 0x61 || base > 0x7a) into.bare = false;
      if ((meaning & LOOKALIKE) !== 0) repairs |= LOOKALIKE_LETTER;
      if (kind === KIND.lost) into.lost++;
      letters[length++] = letter;
    } else if (kind === KIND.space || kind === KIND.blank) {
      if (kind === KIND.blank) repairs |= SPACING;
      spaces++;
      inWord = false;
    } else if (kind === KIND.separator) {
      repairs |= PUNCTUATION;
      inWord = false;
    } else if (kind === KIND.apostrophe) {
      repairs |= PUNCTUATION;
    } else if (kind === KIND.combining && inWord) {
      const before = letters[length - 1] ?? 0;
      const marked = addMark(before, meaning & (TONE_BITS | MARK_BITS));
      if (marked === undefined || marked === before) repairs |= MARK_DOUBLED;
      into.bare = false;
      // A second, other tone on one letter belongs to no word: keep it as a letter of its own, so nothing equals it.
      if (marked !== undefined) letters[length - 1] = marked;
      else if (length < LIMITS.name) letters[length++] = source.charCodeAt(i);
    } else {
      repairs |= INVISIBLE;
    }
  }
  if (spaces > 0) repairs |= SPACING;
  starts[into.words] = length;
  into.length = length;
  into.repairs = repairs;
}
