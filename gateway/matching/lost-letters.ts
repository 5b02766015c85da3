import { BASE_BITS, LETTER_BITS, LOST_LETTER, meaningOf } from './letter-table.ts';
import type { Words } from './word-alignment.ts';

/** How far the two may drift apart: `?` stands for one to three letters, and dropped letters for none. Keeps the work linear. */
const BAND = 12;
/** At least this share of the register's letters has to have survived. */
const SURVIVED = 0.55;

const NEVER = 1 << 20;
const ROWS = [new Int32Array(2 * BAND + 3), new Int32Array(2 * BAND + 3)] as const;

/**
 * Whether a row is the register's name after an encoding ate letters: those that show as `?`, or, where none does, those
 * with marks that were dropped without a trace. Letters without marks all survive, and a best-fit table may have taken
 * the marks of others. `marked`: the row holds lost letters that show.
 */
export function alignLost(row: Words, register: Words, marked: boolean): boolean {
  if (Math.abs(row.length - register.length) > BAND || row.words !== register.words) return false;
  if (!marked && (row.length >= register.length || !onlyLatin1(row))) return false;
  let current: Int32Array = ROWS[0];
  let next: Int32Array = ROWS[1];
  // current[k]: fewest letters lost when the letters of the row so far stand against i + k − BAND letters of the register.
  current.fill(NEVER);
  for (let k = BAND; k < current.length - 1; k++) {
    const at = k - BAND;
    if (at === 0) current[k] = 0;
    else current[k] = !marked && isMarked(register.letters[at - 1] ?? 0) ? (current[k - 1] ?? NEVER) + 1 : NEVER;
  }
  for (let i = 0; i < row.length; i++) {
    next.fill(NEVER);
    const a = row.letters[i] ?? 0;
    const lost = (a & LETTER_BITS) === LOST_LETTER;
    for (let k = 0; k < next.length - 1; k++) {
      const j = i + 1 + k - BAND;
      if (j < 0 || j > register.length) continue;
      const b = register.letters[j - 1] ?? 0;
      // next[k] stands for j letters of the register; current[k] for j − 1, current[k + 1] for j.
      let best = NEVER;
      if (j > 0 && lost && isMarked(b)) best = (current[k] ?? NEVER) + 1;
      else if (j > 0 && !lost && agrees(a, b)) best = current[k] ?? NEVER;
      if (lost && i > 0 && isLost(row.letters[i - 1] ?? 0)) best = Math.min(best, current[k + 1] ?? NEVER);
      if (!marked && j > 0 && k > 0 && isMarked(b)) best = Math.min(best, (next[k - 1] ?? NEVER) + 1);
      next[k] = best;
    }
    [current, next] = [next, current];
  }
  const lost = current[register.length - row.length + BAND] ?? NEVER;
  return lost > 0 && lost < NEVER && register.length - lost >= SURVIVED * register.length;
}

const I = 0x69;
const Y = 0x79;

const isLost = (letter: number): boolean => (letter & LETTER_BITS) === LOST_LETTER;
const isMarked = (letter: number): boolean => (letter & LETTER_BITS) !== (letter & BASE_BITS);

/**
 * Whether a row without marks is the register's name with a blank in the place of each letter that has any: what is left
 * stands where it stood.
 */
export function lostToBlanks(row: Words, register: Words): boolean {
  let at = 0;
  let word = 0;
  let lost = 0;
  // Before the first letter anything ends a word.
  let broken = true;
  let nextWord = 0;
  for (let i = 0; i < register.length; i++) {
    if (register.starts[nextWord] === i && nextWord < register.words) {
      broken = true;
      nextWord++;
    }
    const letter = register.letters[i] ?? 0;
    if (isMarked(letter)) {
      lost++;
      broken = true;
      continue;
    }
    if (at === row.length || (row.letters[at] ?? 0) !== letter) return false;
    const starts = word < row.words && row.starts[word] === at;
    if (starts !== broken) return false;
    if (starts) word++;
    broken = false;
    at++;
  }
  return at === row.length && lost > 0 && register.length - lost >= SURVIVED * register.length;
}

/** The same letter, or the row's without the marks; y and i where folding knew of no vowel behind the y that it is none. */
function agrees(a: number, b: number): boolean {
  if ((a & LETTER_BITS) === Y && (b & LETTER_BITS) === I) return true;
  return ((a ^ b) & LETTER_BITS) === 0 || (!isMarked(a) && ((a ^ b) & BASE_BITS) === 0);
}

/** The marked Vietnamese letters that an encoding of Western Europe has, eth for đ among them. */
const LATIN_1_LETTERS: ReadonlySet<number> = new Set(
  Array.from('àáâãèéêìíòóôõùúýđ'.normalize('NFC'), (letter) => meaningOf(letter.charCodeAt(0)) & LETTER_BITS),
);

/** No letter that an encoding of Western Europe lacks has survived: then those that are missing were lost to one. */
function onlyLatin1(name: Words): boolean {
  for (let i = 0; i < name.length; i++) {
    const letter = (name.letters[i] ?? 0) & LETTER_BITS;
    if (isMarked(letter) && !LATIN_1_LETTERS.has(letter)) return false;
  }
  return true;
}
