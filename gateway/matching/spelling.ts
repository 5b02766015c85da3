import { BASE_BITS, MARK_BITS, TONE_BITS } from './letter-table.ts';
import type { NameLetters } from './read-name.ts';

/**
 * Two spelling rules of Vietnamese under which different writings are the same word:
 * a syllable has one tone, whichever of its vowels carries the mark (hòa/hoà, thúy/thuý, khỏe/khoẻ);
 * i and y are the same sound where nothing else can tell them apart (Lý/Lí, Mỹ/Mĩ, Quý/Quí, Yến/Iến), but not
 * beside another vowel (Thúy is not Thúi, Hai is not Hay).
 */

const A = 0x61;
const E = 0x65;
const G = 0x67;
const I = 0x69;
const O = 0x6f;
const Q = 0x71;
const U = 0x75;
const Y = 0x79;

/** A bit for each vowel, by its place in the alphabet. */
const VOWELS = [A, E, I, O, U, Y].reduce((bits, vowel) => bits | (1 << (vowel - A)), 0);

function isVowel(letter: number): boolean {
  const place = (letter & BASE_BITS) - A;
  return place >= 0 && place <= Y - A && ((VOWELS >>> place) & 1) !== 0;
}

/** Where the tone of the vowels [from, to) stands in the usual spelling; depends on letters and marks only. */
function tonePosition(letters: Int32Array, from: number, to: number, before: number, closed: boolean): number {
  let marked = -1;
  for (let i = from; i < to; i++) if (((letters[i] ?? 0) & MARK_BITS) !== 0) marked = i;
  if (marked >= 0) return marked;
  let first = from;
  const base = (letters[from] ?? 0) & BASE_BITS;
  // The u of qu and the i of gi belong to the consonant when another vowel follows.
  if (to - from > 1 && ((before === Q && base === U) || (before === G && base === I))) first++;
  const count = to - first;
  if (count === 1) return first;
  // uyên that lost its mark: the tone stands where it stood.
  if (count > 2 && closed) return to - 1;
  return count === 2 && !closed ? first : first + 1;
}

/** The one tone of these vowels, 0 for none, -1 where two different ones stand: then nothing may be moved. */
function singleTone(letters: Int32Array, from: number, to: number): number {
  let tone = 0;
  for (let i = from; i < to; i++) {
    const here = (letters[i] ?? 0) & TONE_BITS;
    if (here === 0) continue;
    if (tone !== 0 && tone !== here) return -1;
    tone = here;
  }
  return tone;
}

/** Of several vowels; a single y at a word's end always does. */
function yStandsForI(letters: Int32Array, at: number, from: number, to: number, start: number): boolean {
  if (at === from + 1 && ((letters[from] ?? 0) & BASE_BITS) === U && from > start) {
    if (((letters[from - 1] ?? 0) & BASE_BITS) === Q) return true;
  }
  return at === start && at + 1 < to && ((letters[at + 1] ?? 0) & BASE_BITS) === E;
}

/**
 * Writes the letters of `name` under the two rules into `out` (as long as the name), by the given word starts
 * (which may be those of another writing of the same letters). Linear; applying it twice changes nothing more.
 */
export function foldSpelling(name: NameLetters, starts: Int32Array, words: number, out: Int32Array): void {
  const { letters } = name;
  if (name.foreign) {
    for (let i = 0; i < name.length; i++) out[i] = letters[i] ?? 0;
    return;
  }
  for (let word = 0; word < words; word++) {
    const start = starts[word] ?? 0;
    const end = word + 1 < words ? (starts[word + 1] ?? 0) : name.length;
    let at = start;
    while (at < end) {
      const letter = letters[at] ?? 0;
      const from = at++;
      if (!isVowel(letter)) {
        out[from] = letter;
        continue;
      }
      while (at < end && isVowel(letters[at] ?? 0)) at++;
      if (at - from > 1) foldVowels(letters, from, at, start, end, out);
      // Alone, it keeps its tone.
      else out[from] = at === end && (letter & BASE_BITS) === Y ? (letter & ~BASE_BITS) | I : letter;
    }
  }
}

function foldVowels(letters: Int32Array, from: number, to: number, start: number, end: number, out: Int32Array): void {
  const tone = singleTone(letters, from, to);
  for (let i = from; i < to; i++) {
    let letter = letters[i] ?? 0;
    if (tone > 0) letter &= ~TONE_BITS;
    if ((letter & BASE_BITS) === Y && yStandsForI(letters, i, from, to, start)) letter = (letter & ~BASE_BITS) | I;
    out[i] = letter;
  }
  if (tone <= 0) return;
  const before = from > start ? (letters[from - 1] ?? 0) & BASE_BITS : 0;
  const position = tonePosition(letters, from, to, before, to < end);
  out[position] = (out[position] ?? 0) | tone;
}
