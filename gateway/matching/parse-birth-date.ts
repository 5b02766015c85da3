import { KIND, KIND_BITS, meaningOf } from './letter-table.ts';
import { type FileProfile, LIMITS, NO_HABITS } from './profile.ts';
import { type BirthProblem, bitOf } from './reasons.ts';

/**
 * A date of birth as read. `value` is packed YYYYMMDD with 00 for an unknown month or day (19850000 is a bare year),
 * 0 when `problem` says why there is none. `reasons`: bits of word 2.
 */
export type BirthReading = {
  readonly value: number;
  readonly reasons: number;
  readonly problem: BirthProblem | undefined;
};

export const FIRST_YEAR = 1890;
export const LAST_YEAR = 2100;

const DATE_ORDER = bitOf('DATE_ORDER');
const DATE_TIME_CUT = bitOf('DATE_TIME_CUT');
const PLACEHOLDER_DATE = bitOf('PLACEHOLDER_DATE');

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Midnight after a date, as spreadsheets and databases write it. Any other time may belong to another day. */
const MIDNIGHT = /^(.*\d)(?:\s+|T)(?:0?0:00(?::00(?:[.,]0{1,9})?)?|12:00(?::00)?\s*[aA][mM])$/;
const PARTS = /^(\d{1,8})(?:\s?([/.-])\s?(\d{1,4})(?:\s?\2\s?(\d{1,4}))?)?$/;

function refuse(problem: BirthProblem): BirthReading {
  return { value: 0, reasons: bitOf(problem), problem };
}

/**
 * Reads YYYY, YYYY-MM, YYYY-MM-DD, DD/MM/YYYY (also with `-` or `.`, and without leading zeros), MM/YYYY, YYYYMMDD
 * and DDMMYYYY. 00 for day or month is "unknown". Day and month are read in the order of the file's habit; where
 * only the other order gives a date, that one is taken and said. Years 1890–2100, real calendar. Never throws.
 */
export function parseBirthDate(text: string, habits: FileProfile = NO_HABITS): BirthReading {
  if (text.length > LIMITS.birthDate) return refuse('BIRTH_DATE_TOO_LONG');
  let cleaned = clean(text);
  if (cleaned === '') return refuse('BIRTH_DATE_MISSING');
  let reasons = 0;
  if (cleaned.includes(':')) {
    const cut = MIDNIGHT.exec(cleaned)?.[1];
    if (cut === undefined) return refuse('BIRTH_DATE_FORMAT');
    cleaned = cut;
    reasons |= DATE_TIME_CUT;
  }
  const parts = PARTS.exec(cleaned);
  if (parts === null) return refuse('BIRTH_DATE_FORMAT');
  const [, first = '', , second, third] = parts;
  if (third !== undefined) return readThree(first, second ?? '', third, reasons, habits);
  if (second !== undefined) return readTwo(first, second, reasons);
  return readOne(first, reasons, habits);
}

/** Trims, drops what cannot be seen, turns every blank into a space and full-width digits into plain ones. */
function clean(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = meaningOf(code) & KIND_BITS;
    if (kind === KIND.invisible) continue;
    if (kind === KIND.space || kind === KIND.blank) out += ' ';
    else out += code >= 0xff0d && code <= 0xff19 ? String.fromCharCode(code - 0xfee0) : text.charAt(i);
  }
  // A leading apostrophe is a spreadsheet's mark for text.
  return out.replace(/^ *['’`]/, '').trim();
}

function readOne(digits: string, reasons: number, habits: FileProfile): BirthReading {
  if (digits.length === 4) return check(Number(digits), 0, 0, reasons, habits);
  if (digits.length !== 8) return refuse('BIRTH_DATE_FORMAT');
  // Never both: a year 1890–2100 in front makes the last four digits a month and day, at most 1231.
  const year = Number(digits.slice(0, 4));
  if (year >= FIRST_YEAR && year <= LAST_YEAR && Number(digits.slice(4)) <= 1231) {
    return check(year, Number(digits.slice(4, 6)), Number(digits.slice(6)), reasons, habits);
  }
  return check(Number(digits.slice(4)), Number(digits.slice(2, 4)), Number(digits.slice(0, 2)), reasons, habits);
}

function readTwo(first: string, second: string, reasons: number): BirthReading {
  if (first.length === 4 && second.length <= 2) return check(Number(first), Number(second), 0, reasons, NO_HABITS);
  if (first.length <= 2 && second.length === 4) return check(Number(second), Number(first), 0, reasons, NO_HABITS);
  return refuse('BIRTH_DATE_FORMAT');
}

function readThree(a: string, b: string, c: string, reasons: number, habits: FileProfile): BirthReading {
  if (b.length > 2) return refuse('BIRTH_DATE_FORMAT');
  const middle = Number(b);
  if (a.length === 4 && c.length <= 2) return inOrder(Number(a), middle, Number(c), reasons, habits);
  if (a.length > 2) return refuse('BIRTH_DATE_FORMAT');
  if (c.length === 2) return refuse('TWO_DIGIT_YEAR');
  if (c.length !== 4) return refuse('BIRTH_DATE_FORMAT');
  const year = Number(c);
  return habits.dateOrder === 'month-first'
    ? inOrder(year, Number(a), middle, reasons | DATE_ORDER, habits)
    : inOrder(year, middle, Number(a), reasons, habits);
}

/** A month beyond 12 can only be the day, if the day can be a month. */
function inOrder(year: number, month: number, day: number, reasons: number, habits: FileProfile): BirthReading {
  if (month > 12 && day >= 1 && day <= 12) return check(year, day, month, reasons ^ DATE_ORDER, habits);
  return check(year, month, day, reasons, habits);
}

function check(year: number, month: number, day: number, reasons: number, habits: FileProfile): BirthReading {
  if (year < FIRST_YEAR || year > LAST_YEAR) return refuse('BIRTH_DATE_OUT_OF_RANGE');
  const value = year * 10_000 + month * 100 + day;
  if (!isCalendarDate(value)) return refuse('BIRTH_DATE_NOT_IN_CALENDAR');
  if (value === 19_000_101) return refuse('BIRTH_DATE_PLACEHOLDER');
  if (habits.newYearMeansUnknown && month === 1 && day === 1) {
    return { value: year * 10_000, reasons: reasons | PLACEHOLDER_DATE, problem: undefined };
  }
  return { value, reasons, problem: undefined };
}

/** Whether a packed date exists: a bare year, a year and month, or a day of that month. */
export function isCalendarDate(packed: number): boolean {
  const year = Math.floor(packed / 10_000);
  const month = Math.floor(packed / 100) % 100;
  const day = packed % 100;
  if (!Number.isInteger(packed) || year < FIRST_YEAR || year > LAST_YEAR || month > 12) return false;
  if (month === 0) return day === 0;
  if (day === 29 && month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (DAYS[month - 1] ?? 0);
}
