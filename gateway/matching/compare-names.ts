import { compareApart } from './compare-apart.ts';
import { BASE_BITS, LETTER_TABLE, TONE_BITS } from './letter-table.ts';
import { alignLost, lostToBlanks } from './lost-letters.ts';
import { createMarkDifferences, findMarkDifferences } from './mark-differences.ts';
import { nameBits } from './name-frequencies.ts';
import { NAME_GRADES, NAME_LEVELS, type NameGrade, type NameLevel } from './name-levels.ts';
import { mayBeBytes } from './name-look.ts';
import { type NameRepair, readsOtherwise, repairsOf } from './name-repairs.ts';
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

// Scratch space: comparing is synchronous and never re-entered, so one set of buffers serves all calls.
const ROW = createNameLetters();
const REGISTER = createNameLetters();
const ROW_FOLDED = new Int32Array(LIMITS.name);
const REGISTER_FOLDED = new Int32Array(LIMITS.name);
const MARKS = createMarkDifferences();
const REPAIRED = createNameComparison();
const REPAIRED_ROW = createNameLetters();
/** Whether REGISTER_FOLDED holds the register's name by its own words. */
let registerIsFolded = false;
/** Whether the names compared last are the same words but for their marks: they weigh the same. */
let sameButForMarks = false;

const SPACING = bitOf('SPACING');
const PUNCTUATION = bitOf('PUNCTUATION');
const TONE_PLACEMENT = bitOf('TONE_PLACEMENT');
const I_Y_SPELLING = bitOf('I_Y_SPELLING');
const MARKS_MISSING = bitOf('MARKS_MISSING');
const MARKS_PARTLY_MISSING = bitOf('MARKS_PARTLY_MISSING');
const MARKS_NOT_IN_REGISTER = bitOf('MARKS_NOT_IN_REGISTER');
const KEYBOARD_CODES = bitOf('KEYBOARD_CODES');
const LETTERS_LOST = bitOf('LETTERS_LOST');
const NAME_CUT = bitOf('NAME_CUT');
const NAME_NOT_IN_REGISTER = bitOf('NAME_NOT_IN_REGISTER');

/** Lower is better. */
const RANKS = Object.fromEntries(NAME_GRADES.map((grade, at) => [grade, at])) as Record<NameGrade, number>;
const ODD_SIGNS = /[^\p{L}\p{M}\s'’.-]/u;
/** Letters of old encodings that look like none: § is the Đ of TCVN3. */
const BYTE_SIGNS = /[\u00a1-\u00ac\u00ae\u00b5-\u00b9\u00bb-\u00be]/;
const ODD_BUT_LOST = /[^\p{L}\p{M}\s'’.?\ufffd-]/u;
/** The same by code unit, for those of which names are made: asking the expression costs as much as reading the name. */
const IS_ODD = Uint8Array.from(LETTER_TABLE, (_, code) => (ODD_SIGNS.test(String.fromCharCode(code)) ? 1 : 0));

/**
 * Compares the name of a row with the name of the register and says on which level they meet.
 * TRUE: the same name but for writing habits or for damage that explains itself. FALSE: anything else, scored.
 * NOT_AVAILABLE: one side holds no name. Only the row's text is ever repaired, and only where it shows the damage.
 * `cut`: the file's profile says that a name of this length was cut off. Never throws.
 */
export function compareNames(row: string, register: string, cut = false): NameComparison {
  return compareNamesInto(row, readName(row, ROW), register, createNameComparison(), cut);
}

/** As `compareNames`, of a name that the caller has read, into a result that the caller keeps. */
export function compareNamesInto(
  text: string,
  row: NameLetters,
  register: string,
  into: NameComparison,
  cut = false,
): NameComparison {
  if (row.problem !== undefined) return answer(into, NAME_LEVELS.UNUSABLE, bitOf(row.problem));
  // The same letters weigh the same: what the register writes need not be read for it.
  if (sameButForCase(text, register)) return weighed(answer(into, NAME_LEVELS.IDENTICAL, 0), nameBits(row));
  readName(register, REGISTER);
  if (REGISTER.problem !== undefined) return answer(into, NAME_LEVELS.NOT_IN_REGISTER, NAME_NOT_IN_REGISTER);
  registerIsFolded = false;
  comparePlain(row, cut, !row.plain && BYTE_SIGNS.test(text), false, into);
  weighed(into, commonBits(row));
  if (into.level.grade === 'same') return into;
  // A name that is only damaged as it stands may be whole behind signs that no name has.
  const odd = !row.plain && hasOddSigns(text);
  const mistyped = into.level === NAME_LEVELS.MISTYPED;
  if (into.level.grade === 'damaged' && !mistyped && !odd) return into;
  // A slip without a sign of bytes is a slip; what `?` alone stands in the place of is lost.
  if (mistyped && !odd && !mayBeBytes(text)) return into;
  if (into.level === NAME_LEVELS.LETTERS_LOST && !ODD_BUT_LOST.test(text)) return into;
  // A slip of the keyboard may look like a key, but hardly like a byte.
  const slip = mistyped && !odd;
  const all = repairsOf(text, row, register, REGISTER.words, { quick: !slip, slip });
  const repairs = slip ? all.filter(({ whole, reasons }) => whole && (reasons & KEYBOARD_CODES) === 0) : all;
  let best = readsOtherwise(repairs[0], into.level) ? Number.POSITIVE_INFINITY : RANKS[into.level.grade];
  for (const repair of repairs) {
    readName(repair.text, REPAIRED_ROW);
    // Of the same letters, only written otherwise, nothing else comes out.
    if (!repair.whole && sameReading(REPAIRED_ROW, row)) continue;
    compareRepaired(repair, register, cut, REPAIRED);
    // A repair explains the whole row or nothing: with a slip beside it, it would explain anything.
    if (RANKS[REPAIRED.level.grade] >= best || REPAIRED.level === NAME_LEVELS.MISTYPED) continue;
    copyComparison(weighed(REPAIRED, commonBits(REPAIRED_ROW)), into);
    // Whether the name was cut for it is told by how it compares.
    into.reasons |= repair.reasons & ~NAME_CUT;
    best = RANKS[into.level.grade];
    into.bits -= 1;
    if (REPAIRED.level.grade === 'same') break;
  }
  return into;
}

/** Copies all of a comparison; both are kept by their owners. */
export function copyComparison(from: NameComparison, into: NameComparison): void {
  into.level = from.level;
  into.outcome = from.outcome;
  into.score = from.score;
  into.bits = from.bits;
  into.reasons = from.reasons;
}

/** What the two names weigh: the commoner one counts. */
function commonBits(row: NameLetters): number {
  const bits = nameBits(row);
  return sameButForMarks ? bits : Math.min(bits, nameBits(REGISTER));
}

function hasOddSigns(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Code units beyond the table may be halves of a letter, which only the expression sees whole.
    if (code >= IS_ODD.length) return ODD_SIGNS.test(text);
    if (IS_ODD[code] === 1) return true;
  }
  return false;
}

/** A repaired text against the register's name; both have been read. */
function compareRepaired(repair: NameRepair, register: string, cut: boolean, into: NameComparison): NameComparison {
  const { problem } = REPAIRED_ROW;
  sameButForMarks = false;
  if (problem !== undefined) return answer(into, NAME_LEVELS.UNUSABLE, bitOf(problem));
  sameButForMarks = sameButForCase(repair.text, register);
  if (sameButForMarks) return answer(into, NAME_LEVELS.IDENTICAL, 0);
  return comparePlain(REPAIRED_ROW, cut, false, (repair.reasons & NAME_CUT) !== 0, into);
}

/** The row's letters and the register's as they stand, without any repair of encodings or keystrokes. Weighs nothing. */
function comparePlain(
  row: NameLetters,
  cut: boolean,
  signs: boolean,
  cutShown: boolean,
  into: NameComparison,
): NameComparison {
  // A repair that both writings needed alike does not tell them apart; where it is all there is, it is the reason.
  const repairs = row.repairs ^ REGISTER.repairs || row.repairs;
  const sameBreaks = sameStarts(row, REGISTER);
  const differing = sameBreaks ? differingBits(row.letters, REGISTER.letters, row.length) : BASE_BITS;
  sameButForMarks = (differing & BASE_BITS) === 0;
  if (differing === 0) return answer(into, NAME_LEVELS.WRITTEN_FORM, repairs);
  // Spelling moves and takes away no mark: what one side has none of, it has none of when folded.
  if (sameButForMarks && row.bare) return answer(into, NAME_LEVELS.MARKS_MISSING, repairs | MARKS_MISSING);

  const finer = row.words >= REGISTER.words ? row : REGISTER;
  const joined = !sameBreaks && row.length === REGISTER.length && nested(row, REGISTER);
  const rowWords = joined ? finer : row;
  const registerWords = joined ? finer : REGISTER;
  foldSpelling(row, rowWords.starts, rowWords.words, ROW_FOLDED);
  foldRegister(registerWords);
  if (sameBreaks || joined) {
    // Words written together or apart: an apostrophe or hyphen explains it better than a missing space.
    const breaks = joined && (repairs & PUNCTUATION) === 0 ? SPACING : 0;
    if (compareAligned(row, repairs | breaks, joined, finer, into)) return into;
  }
  const a = wordsOf(ROW_FOLDED, rowWords, row.length);
  const b = wordsOf(REGISTER_FOLDED, registerWords, REGISTER.length);
  if (alignLost(a, b, row.lost > 0, signs)) return answer(into, NAME_LEVELS.LETTERS_LOST, repairs | LETTERS_LOST);
  // Blanks stand there only where they part words or are one too many: else the row is a name of its own (An for Đan).
  const blanks = row.bare && row.plain && (row.words > REGISTER.words || (row.repairs & SPACING) !== 0);
  if (blanks && lostToBlanks(row, REGISTER)) return answer(into, NAME_LEVELS.LETTERS_LOST, LETTERS_LOST);
  const apart = compareApart(a, b, { bare: row.bare, registerBare: REGISTER.bare, cut, cutShown });
  return answer(into, apart.level, (apart.plain ? 0 : repairs) | apart.reasons, apart.score);
}

/** By its own words the register's name is folded once for all that is compared with it. */
function foldRegister(by: NameLetters): void {
  const own = by === REGISTER;
  if (!own || !registerIsFolded) foldSpelling(REGISTER, by.starts, by.words, REGISTER_FOLDED);
  registerIsFolded = own;
}

function wordsOf(letters: Int32Array, { starts, words }: NameLetters, length: number): Words {
  return { letters, starts, words, length };
}

function answer(into: NameComparison, level: NameLevel, reasons: number, measured = 0): NameComparison {
  const { grade } = level;
  into.level = level;
  into.reasons = reasons;
  into.score = level.score ?? measured;
  into.bits = 0;
  into.outcome =
    grade === 'absent'
      ? OUTCOMES.NOT_AVAILABLE
      : grade === 'same' || grade === 'damaged'
        ? OUTCOMES.TRUE
        : OUTCOMES.FALSE;
  return into;
}

/** What a comparison says: `bits` of the words, and what the level takes of them. Only answers that count are weighed. */
function weighed(into: NameComparison, bits: number): NameComparison {
  into.bits = bits + into.level.bits;
  return into;
}

function differingBits(a: Int32Array, b: Int32Array, length: number): number {
  let bits = 0;
  for (let i = 0; i < length; i++) bits |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return bits;
}

function sameLetters(a: Int32Array, b: Int32Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether two texts are the same letters in the same words, so that a comparison cannot tell them apart. */
function sameReading(a: NameLetters, b: NameLetters): boolean {
  if (a.problem !== b.problem || a.length !== b.length || a.lost !== b.lost || a.foreign !== b.foreign) return false;
  return sameStarts(a, b) && sameLetters(a.letters, b.letters, a.length);
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
function spellingReasons(row: NameLetters): number {
  let reasons = 0;
  for (let i = 0; i < row.length; i++) {
    const difference = (row.letters[i] ?? 0) ^ (REGISTER.letters[i] ?? 0);
    if ((difference & BASE_BITS) !== 0) reasons |= I_Y_SPELLING;
    if ((difference & TONE_BITS) !== 0) reasons |= TONE_PLACEMENT;
  }
  return reasons;
}

/** Levels of names with as many letters, word for word. False where none fits. */
function compareAligned(
  row: NameLetters,
  reasons: number,
  joined: boolean,
  words: NameLetters,
  into: NameComparison,
): boolean {
  const { length } = row;
  if (sameLetters(ROW_FOLDED, REGISTER_FOLDED, length)) {
    answer(into, joined ? NAME_LEVELS.WORD_BREAKS : NAME_LEVELS.SPELLING, reasons | spellingReasons(row));
    return true;
  }
  if (!findMarkDifferences(ROW_FOLDED, REGISTER_FOLDED, length, words.starts, words.words, MARKS)) return false;
  const told = reasons | (spellingReasons(row) & I_Y_SPELLING);
  if (row.bare) answer(into, NAME_LEVELS.MARKS_MISSING, told | MARKS_MISSING);
  else if (REGISTER.bare && MARKS.words > 1)
    answer(into, NAME_LEVELS.MARKS_NOT_IN_REGISTER, told | MARKS_NOT_IN_REGISTER);
  else if (MARKS.onlyLost && MARKS.shown) answer(into, NAME_LEVELS.WORDS_WITHOUT_MARKS, told | MARKS_PARTLY_MISSING);
  else if (MARKS.words === 1) answer(into, NAME_LEVELS.ONE_WORD_MARKS, told | MARKS.reasons);
  else if (MARKS.onlyLost) {
    // Whole words without a mark, or one kind of mark that the whole row has not, are a habit of the damage and no slips.
    const habit = MARKS.wholeWords || MARKS.toneless || MARKS.shapeless || MARKS.stripped || MARKS.strokeless;
    answer(into, NAME_LEVELS[habit ? 'WORDS_WITHOUT_MARKS' : 'MARKS_PARTLY_MISSING'], told | MARKS_PARTLY_MISSING);
  } else answer(into, NAME_LEVELS.SEVERAL_MARKS, told | MARKS.reasons);
  return true;
}
