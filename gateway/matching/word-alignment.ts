import { BASE_BITS, TONE_BITS } from './letter-table.ts';
import { isSyllable, mayBeSyllable } from './syllable.ts';

/** A name after spelling has been folded: packed letters and where each word starts. */
export type Words = {
  readonly letters: Int32Array;
  readonly starts: Int32Array;
  readonly words: number;
  readonly length: number;
};

/** Names of more words than this are not searched for another order (no Vietnamese name comes near). */
const MOST_WORDS = 12;

export function startOf(name: Words, word: number): number {
  return name.starts[word] ?? 0;
}

export function endOf(name: Words, word: number): number {
  return word + 1 < name.words ? startOf(name, word + 1) : name.length;
}

/** Whether two words are the same; `mask` takes the marks out of the comparison where one name has none at all. */
export function sameWord(a: Words, i: number, b: Words, j: number, mask: number): boolean {
  const from = startOf(a, i);
  const size = endOf(a, i) - from;
  const other = startOf(b, j);
  if (endOf(b, j) - other !== size) return false;
  for (let k = 0; k < size; k++) {
    if ((((a.letters[from + k] ?? 0) ^ (b.letters[other + k] ?? 0)) & mask) !== 0) return false;
  }
  return true;
}

/** The same words, cyclically moved, read backwards, or with first and last exchanged: how forms mix up name parts. */
export function sameInAnotherOrder(a: Words, b: Words, mask: number): boolean {
  const n = a.words;
  if (n !== b.words || n < 2 || n > MOST_WORDS) return false;
  const under = (place: (i: number) => number): boolean => {
    for (let i = 0; i < n; i++) if (!sameWord(a, i, b, place(i), mask)) return false;
    return true;
  };
  for (let shift = 1; shift < n; shift++) if (under((i) => (i + shift) % n)) return true;
  if (under((i) => n - 1 - i)) return true;
  return under((i) => (i === 0 ? n - 1 : i === n - 1 ? 0 : i));
}

/** A row of more words than this, and two or more beyond the register's, may hold two people's names. */
const ONE_NAME = 4;

/**
 * The shorter name has the longer one's first and last word and, between them, some of its middle words in order. The first
 * is the row's.
 */
export function lacksMiddleWords(a: Words, b: Words, mask: number): boolean {
  if (a.words > ONE_NAME && a.words > b.words + 1) return false;
  const [short, long] = a.words < b.words ? [a, b] : [b, a];
  if (short.words < 2 || short.words === long.words) return false;
  const lastShort = short.words - 1;
  const lastLong = long.words - 1;
  if (!sameWord(short, 0, long, 0, mask) || !sameWord(short, lastShort, long, lastLong, mask)) return false;
  let next = 1;
  for (let word = 1; word < lastLong && next < lastShort; word++) {
    if (sameWord(short, next, long, word, mask)) next++;
  }
  return next === lastShort;
}

const VOWELS: ReadonlySet<number> = new Set(Array.from('aeiouy', (letter) => letter.charCodeAt(0)));
const Q = 'q'.charCodeAt(0);

/**
 * A first letter, or up to three letters before the first vowel, of the other word ("Ng." for Nguyễn, "Qu." for Quang); marks
 * are not looked at, initials rarely bear them. What holds a vowel is a word of its own: Hồ is no Hoàng, Tú no Tuấn, Ý no Yến.
 */
function abbreviates(a: Words, i: number, b: Words, j: number): boolean {
  const from = startOf(a, i);
  const size = endOf(a, i) - from;
  const other = startOf(b, j);
  if (size > 3 || size >= endOf(b, j) - other) return false;
  // An initial with a tone is one of a word with that tone, or a word: Á of Ánh, but Ý not of Yến.
  const tone = (a.letters[from] ?? 0) & TONE_BITS;
  if (size === 1 && tone !== 0 && tone !== ((b.letters[other] ?? 0) & TONE_BITS)) return false;
  for (let k = 0; k < size; k++) {
    const letter = (a.letters[from + k] ?? 0) & BASE_BITS;
    if (letter !== ((b.letters[other + k] ?? 0) & BASE_BITS)) return false;
    const afterQ = k === 1 && ((a.letters[from] ?? 0) & BASE_BITS) === Q;
    if (size > 1 && VOWELS.has(letter) && !afterQ) return false;
  }
  return true;
}

/** Word for word the same or abbreviated in `a`, the row; the given name (the last word) written out in both. */
export function isAbbreviated(a: Words, b: Words, mask: number): boolean {
  const n = a.words;
  if (n !== b.words || n < 2 || !sameWord(a, n - 1, b, n - 1, mask)) return false;
  for (let i = 0; i < n - 1; i++) {
    if (!sameWord(a, i, b, i, mask) && !abbreviates(a, i, b, i)) return false;
  }
  return true;
}

/** The initials of all words but the last, written together ("NV An"), and the given name in full. */
export function isInitials(row: Words, register: Words, mask: number): boolean {
  if (row.words !== 2 || register.words < 3 || endOf(row, 0) !== register.words - 1) return false;
  if (!sameWord(row, 1, register, register.words - 1, mask)) return false;
  for (let word = 0; word < register.words - 1; word++) {
    const initial = register.letters[startOf(register, word)] ?? 0;
    if ((((row.letters[word] ?? 0) ^ initial) & BASE_BITS) !== 0) return false;
  }
  return true;
}

/** Letters that a cut name must have kept, and those of the given name among them, to be the name beyond doubt. */
const SURELY = { letters: 12, given: 2 } as const;
/** Letters that it must have kept where the file's profile says that it was cut: the caller's word alone is no evidence of who it is. */
export const LEAST_STATED_CUT = SURELY.letters;
const LEAST_CUT = 6;

/**
 * Whether the row is the front of the register's name; `surely` where enough of the given name is left and it is no word,
 * `within` where it is none, `perhaps` elsewhere. `shown`: the row ends in the rest of a letter that was cut in two.
 */
export function isCutOff(
  row: Words,
  register: Words,
  mask: number,
  shown = false,
): 'surely' | 'within' | 'perhaps' | undefined {
  if (row.length >= register.length || row.length < LEAST_CUT || row.words < 2) return undefined;
  for (let i = 0; i < row.length; i++) {
    if ((((row.letters[i] ?? 0) ^ (register.letters[i] ?? 0)) & mask) !== 0) return undefined;
  }
  for (let word = 0; word < row.words; word++) if (startOf(row, word) !== startOf(register, word)) return undefined;
  const last = startOf(register, register.words - 1);
  const given = row.length - last;
  const word = given > 0 && !shown && isGivenName(row, last, mask, register.length - row.length);
  if (row.length >= SURELY.letters && given >= SURELY.given && !word) return 'surely';
  return given > 0 && !word ? 'within' : 'perhaps';
}

/**
 * Whether what is left of a given name may be one itself: A of An, Tú of Tuấn, Hoàn of Hoàng. Without marks, a word is one
 * by some marks where a slip of one letter explains it as well (TIEN of Tiếng); where more is gone, too many fronts would be.
 */
function isGivenName(row: Words, from: number, mask: number, lost: number): boolean {
  if (isSyllable(row.letters, from, row.length)) return true;
  return mask === BASE_BITS && lost === 1 && mayBeSyllable(row.letters, from, row.length);
}

/** The shorter name stands within the longer one and has its last word, or its first and another. */
export function hasAPart(a: Words, b: Words, mask: number): boolean {
  const [short, long] = a.words < b.words ? [a, b] : [b, a];
  if (short.words === long.words || short.words === 0 || short.length < 2) return false;
  for (let shift = 0; shift + short.words <= long.words; shift++) {
    const atEnd = shift + short.words === long.words;
    if (!atEnd && (shift > 0 || short.words < 2)) continue;
    let all = true;
    for (let word = 0; word < short.words && all; word++) all = sameWord(short, word, long, word + shift, mask);
    if (all) return true;
  }
  return false;
}

/** The same words in any other order. */
export function sameWordsMixed(a: Words, b: Words, mask: number): boolean {
  if (a.words !== b.words || a.words < 2 || a.words > MOST_WORDS) return false;
  let taken = 0;
  for (let i = 0; i < a.words; i++) {
    let found = -1;
    for (let j = 0; j < b.words && found < 0; j++) {
      if ((taken & (1 << j)) === 0 && sameWord(a, i, b, j, mask)) found = j;
    }
    if (found < 0) return false;
    taken |= 1 << found;
  }
  return true;
}

/** The first word of `outer` at which the whole of `inner` stands, word for word in one run; -1 where it does not, or is all. */
export function placeWithin(inner: Words, outer: Words, mask: number): number {
  for (let shift = 0; shift + inner.words <= outer.words && inner.words < outer.words; shift++) {
    let all = true;
    for (let word = 0; word < inner.words && all; word++) all = sameWord(inner, word, outer, word + shift, mask);
    if (all) return shift;
  }
  return -1;
}
