import { compareApart } from './compare-apart.ts';
import { BASE_BITS, TONE_BITS } from './letter-table.ts';
import { alignLost } from './lost-letters.ts';
import { createMarkDifferences, findMarkDifferences } from './mark-differences.ts';
import { nameBits } from './name-frequencies.ts';
import { NAME_GRADES, NAME_LEVELS, type NameLevel } from './name-levels.ts';
import { repairsOf } from './name-repairs.ts';
import { LIMITS } from './profile.ts';
import { createNameLetters, type NameLetters, readName } from './read-name.ts';
import { bitOf } from './reasons.ts';
import { sameButForCase } from './same-letters.ts';
import { foldSpelling } from './spelling.ts';
import { OUTCOMES, type OutcomeCode } from './verdicts.ts';
import type { Words } from './word-alignment.ts';

export type NameComparison = {
  level: NameLevel;
  outcome: OutcomeCode;
  /** 0–99; 99 for the same name. */
  score: number;
  /** What this comparison says for one person, in bits: how rare the agreeing words are, less what the damage takes. */
  bits: number;
  /** Bits of word 1 of a reason set. */
  reasons: number;
};

export function createNameComparison(): NameComparison {
  return { level: NAME_LEVELS.UNUSABLE, outcome: OUTCOMES.NOT_AVAILABLE, score: 0, bits: 0, reasons: 0 };
}

// Scratch space: comparing is synchronous and never re-entered, so one pair of buffers serves all calls.
const ROW = createNameLetters();
const REGISTER = createNameLetters();
const ROW_FOLDED = new Int32Array(LIMITS.name);
const REGISTER_FOLDED = new Int32Array(LIMITS.name);
const MARKS = createMarkDifferences();
const REPAIRED = createNameComparison();

const SPACING = bitOf('SPACING');
const PUNCTUATION = bitOf('PUNCTUATION');
const TONE_PLACEMENT = bitOf('TONE_PLACEMENT');
const I_Y_SPELLING = bitOf('I_Y_SPELLING');
const MARKS_MISSING = bitOf('MARKS_MISSING');
const MARKS_PARTLY_MISSING = bitOf('MARKS_PARTLY_MISSING');
const MARKS_NOT_IN_REGISTER = bitOf('MARKS_NOT_IN_REGISTER');
const KEYBOARD_CODES = bitOf('KEYBOARD_CODES');
const LETTERS_LOST = bitOf('LETTERS_LOST');
const NAME_NOT_IN_REGISTER = bitOf('NAME_NOT_IN_REGISTER');

const rank = (level: NameLevel): number => NAME_GRADES.indexOf(level.grade);
const ODD_SIGNS = /[^\p{L}\p{M}\s'’.-]/u;

/**
 * Compares the name of a row with the name of the register and says on which level they meet.
 * TRUE: the same name but for writing habits or for damage that explains itself. FALSE: anything else, scored.
 * NOT_AVAILABLE: one side holds no name. Only the row's text is ever repaired, and only where it shows the damage.
 * `cut`: the file's profile says that a name of this length was cut off. Never throws.
 */
export function compareNames(row: string, register: string, cut = false): NameComparison {
  return compareNamesInto(row, register, createNameComparison(), cut);
}

/** As `compareNames`, into a result that the caller keeps. */
export function compareNamesInto(row: string, register: string, into: NameComparison, cut = false): NameComparison {
  comparePlain(row, register, cut, into);
  if (into.level.grade === 'same' || into.level.grade === 'absent') return into;
  // A name that is only damaged as it stands may be whole behind signs that no name has.
  if (into.level.grade === 'damaged' && into.level !== NAME_LEVELS.MISTYPED && !ODD_SIGNS.test(row)) return into;
  // A slip of the keyboard may look like a key, but hardly like a byte.
  const slip = into.level === NAME_LEVELS.MISTYPED && !ODD_SIGNS.test(row);
  const all = repairsOf(row, register, REGISTER.words);
  const repairs = slip ? all.filter(({ whole, reasons }) => whole && (reasons & KEYBOARD_CODES) === 0) : all;
  // What reads as a name throughout is the row's name, also where it agrees less than the damaged text.
  let best = repairs[0]?.whole === true ? Number.POSITIVE_INFINITY : rank(into.level);
  for (const { text, reasons } of repairs) {
    comparePlain(text, register, cut, REPAIRED);
    // A repair explains the whole row or nothing: with a slip beside it, it would explain anything.
    if (rank(REPAIRED.level) >= best || REPAIRED.level === NAME_LEVELS.MISTYPED) continue;
    Object.assign(into, REPAIRED);
    into.reasons |= reasons;
    into.bits -= 1;
    best = rank(into.level);
    if (REPAIRED.level.grade === 'same') break;
  }
  return into;
}

/** The two texts as they stand, without any repair of encodings or keystrokes. */
function comparePlain(row: string, register: string, cut: boolean, into: NameComparison): NameComparison {
  readName(row, ROW);
  if (ROW.problem !== undefined) return answer(into, NAME_LEVELS.UNUSABLE, bitOf(ROW.problem));
  readName(register, REGISTER);
  if (REGISTER.problem !== undefined) return answer(into, NAME_LEVELS.NOT_IN_REGISTER, NAME_NOT_IN_REGISTER);
  if (sameButForCase(row, register)) return answer(into, NAME_LEVELS.IDENTICAL, 0);

  // A repair that both writings needed alike does not tell them apart; where it is all there is, it is the reason.
  const repairs = ROW.repairs ^ REGISTER.repairs || ROW.repairs;
  const sameBreaks = sameStarts(ROW, REGISTER);
  if (sameBreaks && ROW.length === REGISTER.length && sameLetters(ROW.letters, REGISTER.letters, ROW.length)) {
    return answer(into, NAME_LEVELS.WRITTEN_FORM, repairs);
  }

  const finer = ROW.words >= REGISTER.words ? ROW : REGISTER;
  const joined = !sameBreaks && ROW.length === REGISTER.length && nested(ROW, REGISTER);
  const rowWords = joined ? finer : ROW;
  const registerWords = joined ? finer : REGISTER;
  foldSpelling(ROW, rowWords.starts, rowWords.words, ROW_FOLDED);
  foldSpelling(REGISTER, registerWords.starts, registerWords.words, REGISTER_FOLDED);
  if (sameBreaks || joined) {
    // Words written together or apart: an apostrophe or hyphen explains it better than a missing space.
    const breaks = joined && (repairs & PUNCTUATION) === 0 ? SPACING : 0;
    if (compareAligned(repairs | breaks, joined, finer, into)) return into;
  }
  const a = wordsOf(ROW_FOLDED, rowWords, ROW.length);
  const b = wordsOf(REGISTER_FOLDED, registerWords, REGISTER.length);
  if (alignLost(a, b, ROW.lost > 0)) return answer(into, NAME_LEVELS.LETTERS_LOST, repairs | LETTERS_LOST);
  const apart = compareApart(a, b, { bare: ROW.bare, registerBare: REGISTER.bare, cut });
  return answer(into, apart.level, (apart.plain ? 0 : repairs) | apart.reasons, apart.score);
}

function wordsOf(letters: Int32Array, { starts, words }: NameLetters, length: number): Words {
  return { letters, starts, words, length };
}

function answer(into: NameComparison, level: NameLevel, reasons: number, measured = 0): NameComparison {
  const { grade } = level;
  into.level = level;
  into.reasons = reasons;
  into.score = level.score ?? measured;
  if (grade === 'absent') {
    into.outcome = OUTCOMES.NOT_AVAILABLE;
    into.bits = 0;
    return into;
  }
  into.outcome = grade === 'same' || grade === 'damaged' ? OUTCOMES.TRUE : OUTCOMES.FALSE;
  into.bits = Math.min(nameBits(ROW), nameBits(REGISTER)) + level.bits;
  return into;
}

function sameLetters(a: Int32Array, b: Int32Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function sameStarts(a: NameLetters, b: NameLetters): boolean {
  if (a.words !== b.words) return false;
  for (let i = 0; i <= a.words; i++) if (a.starts[i] !== b.starts[i]) return false;
  return true;
}

/** Every word start of the name with fewer words is a word start of the other. */
function nested(a: NameLetters, b: NameLetters): boolean {
  const [few, many] = a.words < b.words ? [a, b] : [b, a];
  let at = 0;
  for (let i = 0; i < few.words; i++) {
    while (at < many.words && (many.starts[at] ?? 0) < (few.starts[i] ?? 0)) at++;
    if (at === many.words || many.starts[at] !== few.starts[i]) return false;
  }
  return few.words < many.words;
}

/** Which spelling rules told the two writings apart, given that their folded letters agree. */
function spellingReasons(): number {
  let reasons = 0;
  for (let i = 0; i < ROW.length; i++) {
    const difference = (ROW.letters[i] ?? 0) ^ (REGISTER.letters[i] ?? 0);
    if ((difference & BASE_BITS) !== 0) reasons |= I_Y_SPELLING;
    if ((difference & TONE_BITS) !== 0) reasons |= TONE_PLACEMENT;
  }
  return reasons;
}

/** Levels of names with as many letters, word for word. False where none fits. */
function compareAligned(reasons: number, joined: boolean, words: NameLetters, into: NameComparison): boolean {
  const { length } = ROW;
  if (sameLetters(ROW_FOLDED, REGISTER_FOLDED, length)) {
    answer(into, joined ? NAME_LEVELS.WORD_BREAKS : NAME_LEVELS.SPELLING, reasons | spellingReasons());
    return true;
  }
  if (!findMarkDifferences(ROW_FOLDED, REGISTER_FOLDED, length, words.starts, words.words, MARKS)) return false;
  const told = reasons | (spellingReasons() & I_Y_SPELLING);
  if (ROW.bare) answer(into, NAME_LEVELS.MARKS_MISSING, told | MARKS_MISSING);
  else if (REGISTER.bare && MARKS.words > 1)
    answer(into, NAME_LEVELS.MARKS_NOT_IN_REGISTER, told | MARKS_NOT_IN_REGISTER);
  else if (MARKS.words === 1) answer(into, NAME_LEVELS.ONE_WORD_MARKS, told | MARKS.reasons);
  else if (MARKS.onlyLost) {
    // Whole words without a mark, not one tone or not one vowel mark in the whole row, are a habit of the damage and no slips.
    const habit = MARKS.wholeWords || MARKS.toneless || MARKS.shapeless;
    answer(into, NAME_LEVELS[habit ? 'WORDS_WITHOUT_MARKS' : 'MARKS_PARTLY_MISSING'], told | MARKS_PARTLY_MISSING);
  } else answer(into, NAME_LEVELS.SEVERAL_MARKS, told | MARKS.reasons);
  return true;
}
