import { BASE_BITS } from './letter-table.ts';

/** A name after spelling has been folded: packed letters and where each word starts. */
export type Words = {
  readonly letters: Int32Array;
  readonly starts: Int32Array;
  readonly words: number;
  readonly length: number;
};

/** Names of more words than this are not searched for another order (no Vietnamese name comes near). */
const MOST_WORDS = 12;

function startOf(name: Words, word: number): number {
  return name.starts[word] ?? 0;
}

function endOf(name: Words, word: number): number {
  return word + 1 < name.words ? startOf(name, word + 1) : name.length;
}

/** Whether two words are the same; `mask` takes the marks out of the comparison where one name has none at all. */
function sameWord(a: Words, i: number, b: Words, j: number, mask: number): boolean {
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

/** The shorter name has the longer one's first and last word and, between them, some of its middle words in order. */
export function lacksMiddleWords(a: Words, b: Words, mask: number): boolean {
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

/** One or two letters that begin the other word ("Ng." for Nguyễn); marks are not looked at, initials rarely bear them. */
function abbreviates(a: Words, i: number, b: Words, j: number): boolean {
  const from = startOf(a, i);
  const size = endOf(a, i) - from;
  const other = startOf(b, j);
  if (size > 2 || size >= endOf(b, j) - other) return false;
  for (let k = 0; k < size; k++) {
    if ((((a.letters[from + k] ?? 0) ^ (b.letters[other + k] ?? 0)) & BASE_BITS) !== 0) return false;
  }
  return true;
}

/** Word for word the same or abbreviated, the given name (the last word) written out in both. */
export function isAbbreviated(a: Words, b: Words, mask: number): boolean {
  const n = a.words;
  if (n !== b.words || n < 2 || !sameWord(a, n - 1, b, n - 1, mask)) return false;
  for (let i = 0; i < n - 1; i++) {
    if (!sameWord(a, i, b, i, mask) && !abbreviates(a, i, b, i) && !abbreviates(b, i, a, i)) return false;
  }
  return true;
}
