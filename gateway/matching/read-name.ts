import {
  BASE_BITS,
  FOREIGN_MARK,
  KIND,
  KIND_BITS,
  LETTER_BITS,
  LETTER_TABLE,
  LOOKALIKE,
  LOST_LETTER,
  MARK,
  MARK_BITS,
  mayCompose,
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
  /** Bears marks that no Vietnamese letter bears: no rule of Vietnamese spelling applies. */
  foreign: boolean;
  /** Letters that an encoding ate. */
  lost: number;
  /** Letters and spaces alone: no digit, no sign, and nothing that had to be composed. */
  plain: boolean;
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
    foreign: false,
    lost: 0,
    plain: false,
    problem: undefined,
  };
}

const UNICODE_FORM = bitOf('UNICODE_FORM');
const INVISIBLE = bitOf('INVISIBLE_CHARACTERS');
const SPACING = bitOf('SPACING');
const PUNCTUATION = bitOf('PUNCTUATION');
const LOOKALIKE_LETTER = bitOf('LOOKALIKE_LETTER');
const MARK_DOUBLED = bitOf('MARK_DOUBLED');

const VOWELS_WITH_BREVE: ReadonlySet<number> = new Set(Array.from('aeiouy', (vowel) => vowel.charCodeAt(0)));

/** Lays a free-standing mark on a letter. Returns the letter unchanged where it carries that very mark already. */
function addMark(letter: number, mark: number): number | undefined {
  if ((mark & TONE_BITS) !== 0) {
    if ((letter & TONE_BITS) === 0) return letter | mark;
    return (letter & TONE_BITS) === mark ? letter : undefined;
  }
  // A caron on a vowel is a breve drawn by a font or keyboard that has no breve.
  const isVowel = VOWELS_WITH_BREVE.has(letter & BASE_BITS);
  return letter | (mark === MARK.caron && isVowel ? MARK.breve : mark);
}

/** Code units below are looked up; beyond them lies none that need not be composed. */
const PLAIN_SIZE = 0x1f00;
/** Set in every entry, so that none is 0. */
const PLAIN_LETTER = 1 << 24;
/** A letter with a mark or tone, or none of a to z. */
const MARKED = 1 << 26;
/** A digit or the like: it stands in words, but in no name. */
const NO_LETTER = 1 << 27;

/** Letters that need not be composed, packed as in the whole table, with their flags; 0 for all other code units. */
const PLAIN: Int32Array = Int32Array.from({ length: PLAIN_SIZE }, (_, code) => {
  const meaning = LETTER_TABLE[code] ?? 0;
  if ((meaning & KIND_BITS) !== KIND.letter || (meaning & FOREIGN_MARK) !== 0 || mayCompose(code)) return 0;
  const letter = meaning & LETTER_BITS;
  const bare = letter === (letter & BASE_BITS) && letter >= 0x61 && letter <= 0x7a;
  const digit = /\p{L}/u.test(String.fromCharCode(code)) ? 0 : NO_LETTER;
  return PLAIN_LETTER | letter | (meaning & LOOKALIKE) | (bare ? 0 : MARKED) | digit;
});

/** Reads a name of which nothing has to be composed, in one go. False where something has: then nothing has been read. */
function readPlain(text: string, into: NameLetters): boolean {
  const { letters, starts } = into;
  let length = 0;
  let words = 0;
  let seen = 0;
  let repairs = 0;
  let lost = 0;
  let inWord = false;
  // What stood since the last word: one plain space is the only gap that needs no repair.
  let spaces = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x20) {
      spaces++;
      inWord = false;
      continue;
    }
    let letter = code < PLAIN_SIZE ? (PLAIN[code] ?? 0) : 0;
    if (letter === 0) {
      if (mayCompose(code)) return false;
      seen |= NO_LETTER;
      const kind = (LETTER_TABLE[code] ?? 0) & KIND_BITS;
      if (kind !== KIND.lost) {
        if (kind === KIND.blank) {
          repairs |= SPACING;
          spaces++;
        } else repairs |= kind === KIND.invisible ? INVISIBLE : PUNCTUATION;
        if (kind === KIND.blank || kind === KIND.separator) inWord = false;
        continue;
      }
      letter = MARKED | LOST_LETTER;
      lost++;
    }
    if (!inWord) {
      if (length === 0 ? spaces > 0 : spaces > 1) repairs |= SPACING;
      starts[words++] = length;
      inWord = true;
      spaces = 0;
    }
    letters[length++] = letter & LETTER_BITS;
    seen |= letter;
  }
  if (spaces > 0) repairs |= SPACING;
  if ((seen & LOOKALIKE) !== 0) repairs |= LOOKALIKE_LETTER;
  starts[words] = length;
  into.length = length;
  into.words = words;
  into.repairs = repairs;
  into.bare = (seen & MARKED) === 0;
  into.foreign = false;
  into.lost = lost;
  into.plain = (seen & NO_LETTER) === 0;
  into.problem = undefined;
  return true;
}

/**
 * Composes a text. What vanishes vanishes first, or a letter and its mark would stay apart around it. Each letter is made small by
 * itself, as the table has them: only the sigma's small form hangs on what stands around it.
 */
function compose(text: string, into: NameLetters): string {
  const kept = vanish(text.replaceAll('Σ', 'σ').toLowerCase(), into);
  const composed = kept.normalize('NFC');
  if (composed === kept) return composed;
  into.repairs |= UNICODE_FORM;
  // A few signs become an apostrophe by being composed (U+0374, U+1FEF, U+1FFD).
  const again = vanish(composed, into);
  return again === composed ? composed : again.normalize('NFC');
}

/** The text without apostrophes and what cannot be seen. */
function vanish(text: string, into: NameLetters): string {
  let kept = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const kind = meaningOf(text.charCodeAt(i)) & KIND_BITS;
    if (kind !== KIND.invisible && kind !== KIND.apostrophe) continue;
    into.repairs |= kind === KIND.invisible ? INVISIBLE : PUNCTUATION;
    kept += text.slice(from, i);
    from = i + 1;
  }
  return from === 0 ? text : kept + text.slice(from);
}

/**
 * Reads a name into `into`. Case is folded, Unicode composed, spaces and punctuation become word ends, invisible
 * characters and apostrophes vanish, look-alikes become the letter they stand for; marks and tones all stay.
 * Any string is accepted; one that cannot be a name sets `problem`. At most `LIMITS.name` code units are looked at.
 */
export function readName(text: string, into: NameLetters): NameLetters {
  if (text.length > LIMITS.name || !readPlain(text, into)) readComposed(text, into);
  if (into.problem !== undefined) return into;
  if (into.length === 0) into.problem = (into.repairs & PUNCTUATION) !== 0 ? 'NAME_UNREADABLE' : 'NAME_MISSING';
  else if (into.lost === into.length) into.problem = 'NAME_UNREADABLE';
  return into;
}

function readComposed(text: string, into: NameLetters): void {
  into.length = 0;
  into.repairs = 0;
  into.foreign = false;
  into.plain = false;
  into.problem = undefined;
  if (text.length > LIMITS.name) {
    into.problem = 'NAME_TOO_LONG';
    return;
  }
  const source = compose(text, into);
  const { repairs } = into;
  readLetters(source, into, true);
  if (into.foreign && into.problem === undefined) {
    // Marks of other scripts take part in no rule: such a name is its composed code units, equal to nothing but itself.
    into.repairs = repairs;
    readLetters(source, into, false);
  }
}

function readLetters(source: string, into: NameLetters, vietnamese: boolean): void {
  const { letters, starts } = into;
  let length = 0;
  let words = 0;
  let repairs = into.repairs;
  let bare = vietnamese;
  let foreign = into.foreign;
  let lost = 0;
  let tooLong = false;
  let inWord = false;
  // What stood since the last word: one plain space is the only gap that needs no repair.
  let spaces = 0;
  for (let i = 0; i < source.length; i++) {
    const code = source.charCodeAt(i);
    const meaning = meaningOf(code);
    const kind = meaning & KIND_BITS;
    if (kind === KIND.letter || kind === KIND.lost || (kind === KIND.combining && !vietnamese)) {
      if (length === LIMITS.name) {
        tooLong = true;
        break;
      }
      if (!inWord) {
        if (length === 0 ? spaces > 0 : spaces > 1) repairs |= SPACING;
        starts[words++] = length;
        inWord = true;
        spaces = 0;
      }
      const letter = vietnamese ? meaning & LETTER_BITS : code;
      const base = letter & BASE_BITS;
      if (letter !== base || base < 0x61 || base > 0x7a) bare = false;
      if ((meaning & LOOKALIKE) !== 0 && vietnamese) repairs |= LOOKALIKE_LETTER;
      if ((meaning & FOREIGN_MARK) !== 0) foreign = true;
      if (kind === KIND.lost) lost++;
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
      bare = false;
      // A second, other tone on one letter belongs to no Vietnamese word.
      if (marked === undefined) foreign = true;
      else letters[length - 1] = marked;
    } else {
      repairs |= INVISIBLE;
    }
  }
  into.words = words;
  into.bare = bare;
  into.foreign = foreign;
  into.lost = lost;
  if (tooLong) {
    into.problem = 'NAME_TOO_LONG';
    return;
  }
  if (spaces > 0) repairs |= SPACING;
  starts[words] = length;
  into.length = length;
  into.repairs = repairs;
}
