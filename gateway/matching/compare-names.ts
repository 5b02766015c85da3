import { BASE_BITS, LETTER_BITS, LOST_LETTER, TONE_BITS } from './letter-table.ts';
import { createMarkDifferences, findMarkDifferences } from './mark-differences.ts';
import { NAME_LEVELS, type NameLevel, SIMILAR_FROM, SIMILAR_UP_TO } from './name-levels.ts';
import { letterSimilarity } from './name-similarity.ts';
import { LIMITS } from './profile.ts';
import { createNameLetters, type NameLetters, readName } from './read-name.ts';
import { bitOf } from './reasons.ts';
import { sameButForCase } from './same-letters.ts';
import { foldSpelling } from './spelling.ts';
import { OUTCOMES, type OutcomeCode } from './verdicts.ts';
import { isAbbreviated, lacksMiddleWords, sameInAnotherOrder, type Words } from './word-alignment.ts';

export type NameComparison = {
  level: NameLevel;
  outcome: OutcomeCode;
  /** 0–99; 99 for the same name. */
  score: number;
  /** Bits of word 1 of a reason set. */
  reasons: number;
};

export function createNameComparison(): NameComparison {
  return { level: NAME_LEVELS.UNUSABLE, outcome: OUTCOMES.NOT_AVAILABLE, score: 0, reasons: 0 };
}

// Scratch space: comparing is synchronous and never re-entered, so one pair of buffers serves all calls.
const ROW = createNameLetters();
const REGISTER = createNameLetters();
const ROW_FOLDED = new Int32Array(LIMITS.name);
const REGISTER_FOLDED = new Int32Array(LIMITS.name);
const MARKS = createMarkDifferences();

const SPACING = bitOf('SPACING');
const PUNCTUATION = bitOf('PUNCTUATION');
const TONE_PLACEMENT = bitOf('TONE_PLACEMENT');
const I_Y_SPELLING = bitOf('I_Y_SPELLING');
const MARKS_MISSING = bitOf('MARKS_MISSING');
const MARKS_PARTLY_MISSING = bitOf('MARKS_PARTLY_MISSING');
const MARKS_NOT_IN_REGISTER = bitOf('MARKS_NOT_IN_REGISTER');
const LETTERS_LOST = bitOf('LETTERS_LOST');
const NAME_SIMILAR = bitOf('NAME_SIMILAR');
const NAME_DIFFERS = bitOf('NAME_DIFFERS');
const NAME_NOT_IN_REGISTER = bitOf('NAME_NOT_IN_REGISTER');

/**
 * Compares the name of a row with the name of the register and says on which level they meet.
 * TRUE: the same name but for writing habits or for damage that explains itself. FALSE: anything else, scored.
 * NOT_AVAILABLE: one side holds no name. Symmetric in outcome, level and score, but for names without marks: a row
 * that lost its marks is damage, a row that adds marks to the register's name is a difference. Never throws.
 */
export function compareNames(row: string, register: string): NameComparison {
  return compareNamesInto(row, register, createNameComparison());
}

/** As `compareNames`, into a result that the caller keeps. */
export function compareNamesInto(row: string, register: string, into: NameComparison): NameComparison {
  readName(row, ROW);
  if (ROW.problem !== undefined) return answer(into, NAME_LEVELS.UNUSABLE, bitOf(ROW.problem));
  if (sameButForCase(row, register)) return answer(into, NAME_LEVELS.IDENTICAL, 0);
  readName(register, REGISTER);
  if (REGISTER.problem !== undefined) return answer(into, NAME_LEVELS.NOT_IN_REGISTER, NAME_NOT_IN_REGISTER);

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
  return compareApart(repairs, rowWords, registerWords, into);
}

function answer(into: NameComparison, level: NameLevel, reasons: number, measured = 0): NameComparison {
  const { grade } = level;
  into.level = level;
  into.reasons = reasons;
  into.score = level.score ?? measured;
  into.outcome =
    grade === 'same' || grade === 'damaged'
      ? OUTCOMES.TRUE
      : grade === 'absent'
        ? OUTCOMES.NOT_AVAILABLE
        : OUTCOMES.FALSE;
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
  if (findMarkDifferences(ROW_FOLDED, REGISTER_FOLDED, length, words.starts, words.words, MARKS)) {
    return compareMarks(reasons | (spellingReasons() & I_Y_SPELLING), into);
  }
  if (ROW.lost + REGISTER.lost > 0 && agreesButForLost(length)) {
    answer(into, NAME_LEVELS.LETTERS_LOST, reasons | LETTERS_LOST);
    return true;
  }
  return false;
}

function compareMarks(reasons: number, into: NameComparison): boolean {
  if (ROW.bare) {
    answer(into, NAME_LEVELS.MARKS_MISSING, reasons | MARKS_MISSING);
  } else if (REGISTER.bare) {
    answer(into, NAME_LEVELS.MARKS_NOT_IN_REGISTER, reasons | MARKS_NOT_IN_REGISTER);
  } else if (MARKS.words === 1) {
    answer(into, NAME_LEVELS.ONE_WORD_MARKS, reasons | MARKS.reasons);
  } else if (MARKS.onlyLost) {
    answer(into, NAME_LEVELS.MARKS_PARTLY_MISSING, reasons | MARKS_PARTLY_MISSING);
  } else {
    return false;
  }
  return true;
}

/** All letters that survived agree, and most did survive. */
function agreesButForLost(length: number): boolean {
  let lost = 0;
  for (let i = 0; i < length; i++) {
    const a = (ROW_FOLDED[i] ?? 0) & LETTER_BITS;
    const b = (REGISTER_FOLDED[i] ?? 0) & LETTER_BITS;
    if (a === LOST_LETTER || b === LOST_LETTER) lost++;
    else if (a !== b) return false;
  }
  return lost * 5 <= length * 2;
}

type AlignmentLevel = 'NAME_ORDER' | 'MIDDLE_NAME' | 'ABBREVIATED';
const ALIGNMENT_REASONS: Readonly<Record<AlignmentLevel, number>> = {
  NAME_ORDER: bitOf('NAME_ORDER'),
  MIDDLE_NAME: bitOf('MIDDLE_NAME_MISSING'),
  ABBREVIATED: bitOf('NAME_ABBREVIATED'),
};

/** The first level on which whole words agree under `mask` (which takes the marks out where a row has none at all). */
function alignmentLevel(a: Words, b: Words, mask: number): AlignmentLevel | undefined {
  if (sameInAnotherOrder(a, b, mask)) return 'NAME_ORDER';
  if (lacksMiddleWords(a, b, mask)) return 'MIDDLE_NAME';
  return isAbbreviated(a, b, mask) ? 'ABBREVIATED' : undefined;
}

/** Levels of names whose words do not stand beside each other; the last two measure letters. */
function compareApart(reasons: number, row: NameLetters, register: NameLetters, into: NameComparison): NameComparison {
  const a: Words = { letters: ROW_FOLDED, starts: row.starts, words: row.words, length: ROW.length };
  const b: Words = {
    letters: REGISTER_FOLDED,
    starts: register.starts,
    words: register.words,
    length: REGISTER.length,
  };
  const level = alignmentLevel(a, b, LETTER_BITS);
  if (level !== undefined) return answer(into, NAME_LEVELS[level], reasons | ALIGNMENT_REASONS[level]);
  if (ROW.bare) {
    const bare = alignmentLevel(a, b, BASE_BITS);
    if (bare !== undefined) return answer(into, NAME_LEVELS[bare], reasons | ALIGNMENT_REASONS[bare] | MARKS_MISSING);
  }
  const score = Math.min(SIMILAR_UP_TO, letterSimilarity(ROW_FOLDED, ROW.length, REGISTER_FOLDED, REGISTER.length));
  return score >= SIMILAR_FROM
    ? answer(into, NAME_LEVELS.SIMILAR, NAME_SIMILAR, score)
    : answer(into, NAME_LEVELS.DIFFERENT, NAME_DIFFERS, score);
}
