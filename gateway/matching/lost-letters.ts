import { BASE_BITS, LETTER_BITS, LOST_LETTER, meaningOf } from './letter-table.ts';
import { mayBeSyllable } from './syllable.ts';
import { endOf, startOf, type Words } from './word-alignment.ts';

/** How far the two may drift apart: `?` stands for one to three letters, and dropped letters for none. Keeps the work linear. */
const BAND = 12;
/** At least this share of the register's letters has to have survived. */
const SURVIVED = 0.55;

const NEVER = 1 << 20;
const ROWS = [new Int32Array(2 * BAND + 3), new Int32Array(2 * BAND + 3)] as const;

/**
 * What an encoding did with letters that it lacks. `shown`: a sign stands in their place. Or they vanish: all those with marks;
 * those that Western Europe has no like of; those of which its best-fit table makes no letter without the marks. No encoding
 * does one here and another there.
 */
type Loss = 'shown' | 'ascii' | 'latin-1' | 'best-fit';

/**
 * Whether a row is the register's name after an encoding ate letters: those that show as `?`, or, where none does, those
 * with marks that were dropped without a trace, where what is left shows it. Letters without marks all survive.
 * `marked`: the row holds lost letters that show; `signs`: it holds signs of an old encoding, which read as no letter.
 */
export function alignLost(row: Words, register: Words, marked: boolean, signs = false): boolean {
  if (Math.abs(row.length - register.length) > BAND || row.words !== register.words) return false;
  if (marked) return aligned(row, register, 'shown');
  if (row.length >= register.length || !onlyLatin1(row)) return false;
  const bare = isBare(row);
  if (!signs && !showsLoss(row, register, bare)) return false;
  if (aligned(row, register, bare ? 'ascii' : 'latin-1')) return true;
  // Of a given name that reads as a whole one, a letter was hardly lost: Trung is no Trường.
  return !readsWhole(row, register, row.words - 1) && aligned(row, register, 'best-fit');
}

function aligned(row: Words, register: Words, loss: Loss): boolean {
  let current: Int32Array = ROWS[0];
  let next: Int32Array = ROWS[1];
  // current[k]: fewest letters lost when the letters of the row so far stand against i + k − BAND letters of the register.
  current.fill(NEVER);
  for (let k = BAND; k < current.length - 1; k++) {
    const at = k - BAND;
    if (at === 0) current[k] = 0;
    else current[k] = mayVanish(register.letters[at - 1] ?? 0, loss) ? (current[k - 1] ?? NEVER) + 1 : NEVER;
  }
  for (let i = 0; i < row.length; i++) {
    next.fill(NEVER);
    const a = row.letters[i] ?? 0;
    const lost = isLost(a);
    for (let k = 0; k < next.length - 1; k++) {
      const j = i + 1 + k - BAND;
      if (j < 0 || j > register.length) continue;
      const b = register.letters[j - 1] ?? 0;
      // next[k] stands for j letters of the register; current[k] for j − 1, current[k + 1] for j.
      let best = NEVER;
      if (j > 0 && lost && isMarked(b)) best = (current[k] ?? NEVER) + 1;
      else if (j > 0 && !lost && agrees(a, b, loss)) best = current[k] ?? NEVER;
      if (lost && i > 0 && isLost(row.letters[i - 1] ?? 0)) best = Math.min(best, current[k + 1] ?? NEVER);
      if (j > 0 && k > 0 && mayVanish(b, loss)) best = Math.min(best, (next[k - 1] ?? NEVER) + 1);
      next[k] = best;
    }
    [current, next] = [next, current];
  }
  const lost = current[register.length - row.length + BAND] ?? NEVER;
  return lost > 0 && lost < NEVER && register.length - lost >= SURVIVED * register.length;
}

/**
 * Whether letters are missing from several words, or from one that is none of the language without them, or, beside marks
 * that survived, from another than the given name: a name that reads as a whole one lost nothing.
 */
function showsLoss(row: Words, register: Words, bare: boolean): boolean {
  let short = 0;
  for (let word = 0; word < row.words; word++) {
    if (!isShorter(row, register, word)) continue;
    short++;
    if (short > 1 || !readsWhole(row, register, word) || (!bare && word < row.words - 1)) return true;
  }
  return false;
}

function readsWhole(row: Words, register: Words, word: number): boolean {
  return isShorter(row, register, word) && mayBeSyllable(row.letters, startOf(row, word), endOf(row, word));
}

const isShorter = (row: Words, register: Words, word: number): boolean =>
  endOf(row, word) - startOf(row, word) < endOf(register, word) - startOf(register, word);

const I = 0x69;
const Y = 0x79;

/** Western Europe has an eth that looks so, where a program takes one for the other. */
const D_STROKE = meaningOf('đ'.charCodeAt(0)) & LETTER_BITS;

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

function mayVanish(letter: number, loss: Loss): boolean {
  if (loss === 'shown' || !isMarked(letter)) return false;
  if (loss === 'ascii') return true;
  const own = letter & LETTER_BITS;
  return loss === 'latin-1' ? own === D_STROKE || !LATIN_1_LETTERS.has(own) : !FITTED_LETTERS.has(own);
}

/** The same letter, or the row's without the marks; y and i where folding knew of no vowel behind the y that it is none. */
function agrees(a: number, b: number, loss: Loss): boolean {
  if ((a & LETTER_BITS) === Y && (b & LETTER_BITS) === I) return true;
  if (((a ^ b) & LETTER_BITS) === 0) return true;
  if (isMarked(a) || ((a ^ b) & BASE_BITS) !== 0) return false;
  return loss === 'shown' || (loss === 'best-fit' && FITTED_LETTERS.has(b & LETTER_BITS));
}

const lettersOf = (text: string): ReadonlySet<number> =>
  new Set(Array.from(text.normalize('NFC'), (letter) => meaningOf(letter.charCodeAt(0)) & LETTER_BITS));

/** The marked Vietnamese letters that an encoding of Western Europe has, eth for đ among them. */
const LATIN_1_LETTERS = lettersOf('àáâãèéêìíòóôõùúýđ');
/** Those, and the others that a best-fit table of such an encoding writes without their marks. */
const FITTED_LETTERS = lettersOf('àáâãèéêìíòóôõùúýđăĩũơư');

function isBare(name: Words): boolean {
  for (let i = 0; i < name.length; i++) if (isMarked(name.letters[i] ?? 0)) return false;
  return true;
}

/** No letter that an encoding of Western Europe lacks has survived: then those that are missing were lost to one. */
function onlyLatin1(name: Words): boolean {
  for (let i = 0; i < name.length; i++) {
    const letter = (name.letters[i] ?? 0) & LETTER_BITS;
    if (isMarked(letter) && !LATIN_1_LETTERS.has(letter)) return false;
  }
  return true;
}
