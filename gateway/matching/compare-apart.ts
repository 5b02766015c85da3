import { BASE_BITS, LETTER_BITS } from './letter-table.ts';
import { FAMILY_WORDS } from './name-frequencies.ts';
import { NAME_LEVELS, type NameLevel, SIMILAR_UP_TO } from './name-levels.ts';
import { letterSimilarity } from './name-similarity.ts';
import { bitOf } from './reasons.ts';
import { isSyllable } from './syllable.ts';
import {
  endOf,
  hasAPart,
  isAbbreviated,
  isCutOff,
  isInitials,
  LEAST_STATED_CUT,
  lacksMiddleWords,
  placeWithin,
  sameInAnotherOrder,
  sameWord,
  sameWordsMixed,
  startOf,
  type Words,
} from './word-alignment.ts';
import { oneEditApart } from './word-edits.ts';

/** What is known of the two names beside their words. */
export type ApartFacts = {
  /** The row's name, or the register's, has no mark at all. */
  readonly bare: boolean;
  readonly registerBare: boolean;
  /** The file's profile says that this name was cut off. */
  readonly cut: boolean;
  /** The row itself shows that it was. */
  readonly cutShown: boolean;
};

export type Apart = {
  readonly level: NameLevel;
  readonly reasons: number;
  readonly score: number;
  /** Repairs of the writing explain nothing here: the difference is larger. */
  readonly plain: boolean;
};

const NAME_ORDER = bitOf('NAME_ORDER');
const MIDDLE_NAME_MISSING = bitOf('MIDDLE_NAME_MISSING');
const NAME_ABBREVIATED = bitOf('NAME_ABBREVIATED');
const NAME_CUT = bitOf('NAME_CUT');
const NAME_PART_MISSING = bitOf('NAME_PART_MISSING');
const MARKS_MISSING = bitOf('MARKS_MISSING');
const MARKS_NOT_IN_REGISTER = bitOf('MARKS_NOT_IN_REGISTER');
const NAME_NOTE = bitOf('NAME_NOTE');
const NAME_MISREAD = bitOf('NAME_MISREAD');
const NAME_SIMILAR = bitOf('NAME_SIMILAR');
const NAME_DIFFERS = bitOf('NAME_DIFFERS');

/** From this measured likeness on, names of which no level fits are SIMILAR; lower for a row that is plainly garbled. */
const SIMILAR_FROM = 68;
const GARBLED_FROM = 50;

/** Levels of names whose words do not stand beside each other letter for letter; the last ones measure. */
export function compareApart(row: Words, register: Words, facts: ApartFacts): Apart {
  const whole = byWords(row, register, LETTER_BITS, facts);
  if (whole !== undefined) return whole;
  if (facts.bare || facts.registerBare) {
    const bare = byWords(row, register, BASE_BITS, facts);
    const reason = facts.bare ? MARKS_MISSING : MARKS_NOT_IN_REGISTER;
    if (bare !== undefined) return bare.plain ? bare : { ...bare, reasons: bare.reasons | reason };
  }
  return byLetters(row, register, facts);
}

const TWO_PEOPLE: Apart = { level: NAME_LEVELS.DIFFERENT, reasons: NAME_DIFFERS, score: 0, plain: true };

const told = (level: NameLevel, reasons: number): Apart => ({ level, reasons, score: 0, plain: false });

/** The first level on which whole words agree under `mask` (which takes the marks out where one side has none at all). */
function byWords(row: Words, register: Words, mask: number, { cut, cutShown }: ApartFacts): Apart | undefined {
  if (sameInAnotherOrder(row, register, mask)) return told(NAME_LEVELS.NAME_ORDER, NAME_ORDER);
  if (lacksMiddleWords(row, register, mask)) return told(NAME_LEVELS.MIDDLE_NAME, MIDDLE_NAME_MISSING);
  const cutOff = isCutOff(row, register, mask, cutShown);
  const statedCut = cut && row.length >= LEAST_STATED_CUT;
  if (cutOff === 'surely' || (cutOff !== undefined && statedCut)) return told(NAME_LEVELS.CUT, NAME_CUT);
  if (isAbbreviated(row, register, mask) || isInitials(row, register, mask)) {
    return told(NAME_LEVELS.ABBREVIATED, NAME_ABBREVIATED);
  }
  if (cutOff === 'within') return told(NAME_LEVELS.CUT_WITHIN, NAME_CUT);
  if (cutOff !== undefined) return told(NAME_LEVELS.CUT_SHORT, NAME_CUT);
  const place = register.words >= 2 ? placeWithin(register, row, mask) : -1;
  if (place >= 0) {
    const beside = wordsBeside(row, place, place + register.words);
    if (beside === 'note') return told(NAME_LEVELS.EXTRA_WORDS, NAME_NOTE);
    // Another family name: the cell holds two people, and says nothing of either.
    if (beside === 'name') return TWO_PEOPLE;
  }
  if (hasAPart(row, register, mask)) return told(NAME_LEVELS.PART_MISSING, NAME_PART_MISSING);
  return undefined;
}

/**
 * What the row holds beside words `from` to `to`. `note`: initials and signs only. `word`: words that may be part of another
 * name, which makes it another person as easily (Nguyễn Thị Mai, Nguyễn Thị Mai Anh). `name`: several, a family name among them.
 */
function wordsBeside(row: Words, from: number, to: number): 'note' | 'word' | 'name' {
  let words = 0;
  let family = false;
  for (let word = 0; word < row.words; word++) {
    if (word >= from && word < to) continue;
    const text = bareWord(row, word);
    if (text.length < 2 || !/[aeiouy]/.test(text)) continue;
    words++;
    // Spelling has been folded: Lý stands here as Lí.
    family ||= FAMILY_WORDS.has(text) || FAMILY_WORDS.has(text.replace(/i$/, 'y'));
  }
  return words === 0 ? 'note' : words > 1 && family ? 'name' : 'word';
}

/** The same words in an order that no form produces: no letter differs, and yet it may be another name (Hoa Mai, Mai Hoa). */
function mixed(row: Words, register: Words, { bare, registerBare }: ApartFacts): number {
  if (sameWordsMixed(row, register, LETTER_BITS)) return NAME_ORDER;
  if (!sameWordsMixed(row, register, BASE_BITS)) return 0;
  if (bare) return NAME_ORDER | MARKS_MISSING;
  return registerBare ? NAME_ORDER | MARKS_NOT_IN_REGISTER : NAME_SIMILAR;
}

function byLetters(row: Words, register: Words, facts: ApartFacts): Apart {
  const mask = facts.bare ? BASE_BITS : LETTER_BITS;
  const measured = letterSimilarity(row.letters, row.length, register.letters, register.length);
  const score = Math.min(SIMILAR_UP_TO, measured);
  const similar = (level: NameLevel): Apart => ({ level, reasons: NAME_SIMILAR, score, plain: true });
  const { differing, at, given, slip, marks } = wordDifferences(row, register, mask);
  // A slip that makes no Vietnamese word of one explains itself; one that makes another word does not.
  // Beside another word of other marks, neither is the only doubt.
  if (differing === 1 && slip && !marks && isSlip(row, register, at, mask)) {
    return told(NAME_LEVELS.MISTYPED, NAME_MISREAD);
  }
  if (differing === 1 && slip && !marks) return similar(NAME_LEVELS.ONE_LETTER);
  if (differing === 1 && isRegionalTwin(row, register, at)) return similar(NAME_LEVELS.SIMILAR);
  const order = mixed(row, register, facts);
  if (order !== 0) return { level: NAME_LEVELS.SIMILAR, reasons: order, score, plain: order === NAME_SIMILAR };
  // Without marks most words are no syllables, and yet no garble.
  const garbled = mask === LETTER_BITS && isGarbled(row);
  // The same house, another given name: a brother or sister, not a slip.
  const sibling = differing === 1 && given && !garbled && !isBroken(row, register, at);
  // Likeness of letters is asked of one name: a cell that holds another beside it would always find some.
  const more = row.words > register.words + 1 && !garbled;
  if (!sibling && !more && (score >= SIMILAR_FROM || differing === 1 || (garbled && score >= GARBLED_FROM))) {
    return similar(NAME_LEVELS.SIMILAR);
  }
  return { level: NAME_LEVELS.DIFFERENT, reasons: NAME_DIFFERS, score: Math.min(score, SIMILAR_FROM), plain: true };
}

/** Of names with as many words: how many differ in their letters, whether others differ in marks, whether the given name is among them, whether one slip explains it. */
function wordDifferences(
  row: Words,
  register: Words,
  mask: number,
): { differing: number; at: number; given: boolean; slip: boolean; marks: boolean } {
  if (row.words !== register.words || row.words < 2) {
    const slip = row.words === register.words && oneEditApart(row, 0, register, 0, mask);
    return { differing: slip ? 1 : Number.POSITIVE_INFINITY, at: 0, given: true, slip, marks: false };
  }
  let differing = 0;
  let at = -1;
  let marks = false;
  for (let word = 0; word < row.words; word++) {
    if (sameWord(row, word, register, word, BASE_BITS)) {
      marks ||= !sameWord(row, word, register, word, mask);
      continue;
    }
    differing++;
    at = word;
  }
  return {
    differing,
    at,
    given: at === row.words - 1,
    slip: differing === 1 && oneEditApart(row, at, register, at, mask),
    marks,
  };
}

/**
 * The given name of the row is no word of the language where the register's is one, and more than half of it stands
 * there: nobody is called so, and no brother.
 */
function isBroken(row: Words, register: Words, at: number): boolean {
  if (!isSlip(row, register, at, LETTER_BITS)) return false;
  const [from, other] = [startOf(row, at), startOf(register, at)];
  const [to, until] = [endOf(row, at), endOf(register, at)];
  const shorter = Math.min(to - from, until - other);
  let front = 0;
  while (front < shorter && sameLetter(row, from + front, register, other + front)) front++;
  let back = 0;
  while (back < shorter - front && sameLetter(row, to - 1 - back, register, until - 1 - back)) back++;
  return (front + back) * 2 > Math.max(to - from, until - other);
}

function sameLetter(a: Words, i: number, b: Words, j: number): boolean {
  return (((a.letters[i] ?? 0) ^ (b.letters[j] ?? 0)) & LETTER_BITS) === 0;
}

/** The row's word is no syllable where the register's is one; without marks, where no word is one for want of them, never. */
function isSlip(row: Words, register: Words, at: number, mask: number): boolean {
  return (
    mask === LETTER_BITS &&
    isSyllable(register.letters, startOf(register, at), endOf(register, at)) &&
    !isSyllable(row.letters, startOf(row, at), endOf(row, at))
  );
}

/** Words that the North and the South spell differently, without marks. */
const TWINS = new Set(
  'phung phuong,an ien,hong huong,hoa hue,minh mieng,bao buu,binh buong,sinh sanh,nhat nhut,kinh kieng,duong dang,loi li,nguyen nguon,hoang huynh,vu vo,phuc phuoc,chau chu,nhan nhon,nghia ngai,canh kieng,quy quoi,tung tong,son san,thai thoi,binh bang,an yen'
    .split(',')
    .flatMap((pair) => {
      const [a = '', b = ''] = pair.split(' ');
      return [`${a} ${b}`, `${b} ${a}`];
    }),
);

function isRegionalTwin(row: Words, register: Words, at: number): boolean {
  return TWINS.has(`${bareWord(row, at)} ${bareWord(register, at)}`);
}

function bareWord(name: Words, word: number): string {
  let text = '';
  for (let i = startOf(name, word); i < endOf(name, word); i++)
    text += String.fromCharCode((name.letters[i] ?? 0) & BASE_BITS);
  return text;
}

/** Whether most words are no Vietnamese. Names of other peoples often are so too: then this only says "unknown". */
function isGarbled(name: Words): boolean {
  let readable = 0;
  for (let word = 0; word < name.words; word++) {
    if (isSyllable(name.letters, startOf(name, word), endOf(name, word))) readable++;
  }
  return readable * 2 < name.words;
}
