import { BIRTH_LEVELS, type BirthLevel } from './birth-levels.ts';
import { FROM_1904, isCalendarDate, SHORT_YEAR_BELOW } from './parse-birth-date.ts';
import { bitOf } from './reasons.ts';
import { OUTCOMES, type OutcomeCode } from './verdicts.ts';

export type BirthComparison = {
  level: BirthLevel;
  outcome: OutcomeCode;
  /** Bits of word 2 of a reason set. */
  reasons: number;
};

export function createBirthComparison(): BirthComparison {
  return { level: BIRTH_LEVELS.UNUSABLE, outcome: OUTCOMES.NOT_AVAILABLE, reasons: 0 };
}

/** Copies all of a comparison; both are kept by their owners. */
export function copyBirthComparison(from: BirthComparison, into: BirthComparison): void {
  into.level = from.level;
  into.outcome = from.outcome;
  into.reasons = from.reasons;
}

const PARTIAL_DATE = bitOf('PARTIAL_DATE');
const PLACEHOLDER_DATE = bitOf('PLACEHOLDER_DATE');
const DAY_MONTH_SWAPPED = bitOf('DAY_MONTH_SWAPPED');
const BIRTH_DATE_CLOSE = bitOf('BIRTH_DATE_CLOSE');
const BIRTH_DATE_DIFFERS = bitOf('BIRTH_DATE_DIFFERS');
const BIRTH_DATE_NOT_IN_REGISTER = bitOf('BIRTH_DATE_NOT_IN_REGISTER');

const NEW_YEAR = 101;
/** Where the clocks of Unix and of PostgreSQL begin: what programs make of an empty date. */
const EPOCHS: ReadonlySet<number> = new Set([19_700_101, 20_000_101]);

/**
 * Compares two packed dates (YYYYMMDD, 00 for an unknown part, 0 for none; YYMMDD with a year of two digits, which is
 * compared by these). A partial date is compared on the parts that both sides know, and says so; the year is always
 * among them. 1 January against another day of the same year is FALSE with its own level: a usual stand-in for an
 * unknown day, but never evidence. Symmetric but for absence and for years of two digits, which only a row has.
 */
export function compareBirthDates(row: number, register: number): BirthComparison {
  return compareBirthDatesInto(row, register, createBirthComparison());
}

/** As `compareBirthDates`, into a result that the caller keeps. */
export function compareBirthDatesInto(row: number, register: number, into: BirthComparison): BirthComparison {
  if (!isCalendarDate(row)) return answer(into, BIRTH_LEVELS.UNUSABLE, 0);
  if (register < SHORT_YEAR_BELOW || !isCalendarDate(register))
    return answer(into, BIRTH_LEVELS.NOT_IN_REGISTER, BIRTH_DATE_NOT_IN_REGISTER);
  if (row >= SHORT_YEAR_BELOW) return compareWhole(row, register, into);
  // A year of which the first two digits are left is read as the last two, and says nothing.
  const cut = Math.floor(row / 10_000) === Math.floor(register / 1_000_000) && row % 10_000 === register % 10_000;
  compareWhole(inCenturyOf(row, register), register, into);
  return cut && into.level === BIRTH_LEVELS.DIFFERENT ? answer(into, BIRTH_LEVELS.CLOSE, BIRTH_DATE_CLOSE) : into;
}

function compareWhole(row: number, register: number, into: BirthComparison): BirthComparison {
  const rowDay = row % 10_000;
  const registerDay = register % 10_000;
  const full = row % 100 !== 0 && register % 100 !== 0;
  if (full && row === register) {
    return answer(into, rowDay === NEW_YEAR ? BIRTH_LEVELS.SAME_NEW_YEAR : BIRTH_LEVELS.SAME_DATE, 0);
  }
  if (row - rowDay !== register - registerDay) return different(row, register, full, into);
  const newYear = rowDay === NEW_YEAR || registerDay === NEW_YEAR ? PLACEHOLDER_DATE : 0;
  if (!full && sameKnownParts(rowDay, registerDay)) {
    // A year that 1 January stands for is no better for being read as one.
    if (newYear !== 0) return answer(into, BIRTH_LEVELS.SAME_NEW_YEAR, PARTIAL_DATE | newYear);
    const months = rowDay >= 100 && registerDay >= 100;
    return answer(into, months ? BIRTH_LEVELS.SAME_MONTH : BIRTH_LEVELS.SAME_YEAR, PARTIAL_DATE);
  }
  if (newYear !== 0) return answer(into, BIRTH_LEVELS.PLACEHOLDER, PLACEHOLDER_DATE);
  if (rowDay === swap(registerDay)) return answer(into, BIRTH_LEVELS.SWAPPED, DAY_MONTH_SWAPPED);
  return different(row, register, full, into);
}

/** A year of two digits in the century that makes it the register's year, or the closest one. */
function inCenturyOf(row: number, register: number): number {
  const base = Math.floor(register / SHORT_YEAR_BELOW) * SHORT_YEAR_BELOW + row;
  const near = [base - SHORT_YEAR_BELOW, base, base + SHORT_YEAR_BELOW];
  return near.reduce((best, date) => (Math.abs(date - register) < Math.abs(best - register) ? date : best), base);
}

function different(row: number, register: number, full: boolean, into: BirthComparison): BirthComparison {
  if (EPOCHS.has(row)) return answer(into, BIRTH_LEVELS.PLACEHOLDER, PLACEHOLDER_DATE);
  return full && (onePartDiffers(row, register) || oneSlip(row, register))
    ? answer(into, BIRTH_LEVELS.CLOSE, BIRTH_DATE_CLOSE)
    : answer(into, BIRTH_LEVELS.DIFFERENT, BIRTH_DATE_DIFFERS);
}

function answer(into: BirthComparison, level: BirthLevel, reasons: number): BirthComparison {
  const { grade } = level;
  into.level = level;
  into.reasons = reasons;
  into.outcome =
    grade === 'absent'
      ? OUTCOMES.NOT_AVAILABLE
      : grade === 'same' || grade === 'new-year' || grade === 'part' || grade === 'swapped'
        ? OUTCOMES.TRUE
        : OUTCOMES.FALSE;
  return into;
}

/** MMDD with the parts exchanged; of a partial date it is no MMDD that exists. */
function swap(monthDay: number): number {
  return (monthDay % 100) * 100 + Math.floor(monthDay / 100);
}

function sameKnownParts(a: number, b: number): boolean {
  const monthA = Math.floor(a / 100);
  const monthB = Math.floor(b / 100);
  // A day is known only with its month, so one side at least ends at the month or the year.
  return monthA === 0 || monthB === 0 || monthA === monthB;
}

/** Exactly one of day, month and year differs; the year by a slip. */
function onePartDiffers(row: number, register: number): boolean {
  const [rowYear, registerYear] = [Math.floor(row / 10_000), Math.floor(register / 10_000)];
  if (rowYear !== registerYear && !yearSlipped(rowYear, registerYear)) return false;
  const year = rowYear === registerYear ? 0 : 1;
  const month = Math.floor(row / 100) % 100 === Math.floor(register / 100) % 100 ? 0 : 1;
  const day = row % 100 === register % 100 ? 0 : 1;
  return year + month + day === 1;
}

/** Fewer years than this are between no father and his son. */
const GENERATION = 13;

/**
 * Another year by a slip: a few years, a century, one other digit, or two neighbouring ones exchanged. Elsewhere it is
 * another person as easily: a son bears his father's name, and now and then his birthday.
 */
function yearSlipped(a: number, b: number): boolean {
  const apart = Math.abs(a - b);
  if (apart < GENERATION || apart === 100) return true;
  const digits = (year: number): number[] => [1000, 100, 10, 1].map((unit) => Math.floor(year / unit) % 10);
  const [of, other] = [digits(a), digits(b)];
  const differing = of.flatMap((digit, at) => (digit === other[at] ? [] : [at]));
  const [first = 0, second = 0] = differing;
  return (
    differing.length === 1 ||
    (differing.length === 2 && second === first + 1 && of[first] === other[second] && of[second] === other[first])
  );
}

/** The day before or behind, across the end of a month: what a shift of time zones does. */
function oneSlip(row: number, register: number): boolean {
  return Math.abs(dayNumber(row) - dayNumber(register)) === 1;
}

/**
 * A workbook's day number that is the register's day but for the first day of its count, 1900 or 1904: one doubt, which a
 * look at the file settles. For rows whose date was such a number.
 */
export function allowFor1904(row: number, register: number, into: BirthComparison): void {
  if (into.level !== BIRTH_LEVELS.DIFFERENT || !isWholeDate(row) || !isWholeDate(register)) return;
  if (Math.abs(dayNumber(row) - dayNumber(register)) === FROM_1904) answer(into, BIRTH_LEVELS.CLOSE, BIRTH_DATE_CLOSE);
}

const isWholeDate = (packed: number): boolean => packed > SHORT_YEAR_BELOW && packed % 100 !== 0;

function dayNumber(packed: number): number {
  return Date.UTC(Math.floor(packed / 10_000), (Math.floor(packed / 100) % 100) - 1, packed % 100) / 86_400_000;
}
