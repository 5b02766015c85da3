import { fromDayNumber, fromMoment, withoutExponent } from './birth-moments.ts';
import { fromTime, readWords } from './birth-words.ts';
import { unescapeText } from './escaped-text.ts';
import { cleanNumberText } from './number-text.ts';
import { type FileProfile, LIMITS, NO_HABITS } from './profile.ts';
import { type BirthProblem, bitOf } from './reasons.ts';

/**
 * A date of birth as read. `value` is packed YYYYMMDD with 00 for an unknown month or day (19850000 is a bare year);
 * below 1,000,000 it is YYMMDD, a year by its last two digits; 0 where there is none, which `problem` or a note among
 * the reasons explains. `reasons`: bits of word 2.
 */
export type BirthReading = {
  readonly value: number;
  readonly reasons: number;
  readonly problem: BirthProblem | undefined;
};

export const FIRST_YEAR = 1890;
export const LAST_YEAR = 2100;
/** A packed date below this has a year of two digits. */
export const SHORT_YEAR_BELOW = 1_000_000;

const DATE_ORDER = bitOf('DATE_ORDER');
const PLACEHOLDER_DATE = bitOf('PLACEHOLDER_DATE');
const DEFAULT_DATE = bitOf('BIRTH_DATE_PLACEHOLDER');
const MISSING = bitOf('BIRTH_DATE_MISSING');
const TWO_DIGIT_YEAR = bitOf('TWO_DIGIT_YEAR');
const DATE_SERIAL = bitOf('DATE_SERIAL');
const STRAY_TEXT = bitOf('DATE_STRAY_TEXT');
const ZERO_LOST = bitOf('DATE_ZERO_LOST');
const OTHER_CALENDAR = bitOf('DATE_OTHER_CALENDAR');

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** What programs write where they know nothing: epochs of spreadsheets and databases, all ones, all nines. */
const DEFAULTS = new Set([
  10101, 17530101, 18000101, 18991230, 18991231, 19000100, 19000101, 11111111, 99991231, 99990101,
]);
/** What people and programs write for "unknown". */
const UNKNOWN =
  /^(?:0+|[-_.?*#xX\s/\\0]+|#?n\/?a|null|nil|none|nan|undefined|khong(?: ro| co| xac dinh)?|kxd|kr|chua ro|unknown|trong|nat|#[a-z]+[!?/]*[a-z]*|\d{1,3}\s*(?:t|tuoi)|\d{2}|\d{1,2}[/.-](?:\d{1,2}|thg ?\d{1,2}))$/;
const PARTS = /^(\d{1,8})(?:\s?([/.,;:\-\\_ ])\s?(\d{1,6})(?:\s?([/.,;:\-\\_ ])\s?(\d{1,4}))?)?$/;
/** The text of a card: its fourth part is the date. */
const CARD = /^\s*\d{12}[|;]\d*[|;][^|;]*[|;]\s*(\d{8})\s*[|;]/;
/** A day with a zone and no time, as XML writes it: it is the day there. In the zones of Viet Nam's clocks, and universal time. */
const ZONED = /^(\d{4}-\d{2}-\d{2})(?:z|[+-]00:?00|\+0[789]:?00)$/i;
/** Slashes that a scanner took for ones: 3010311982. What begins as phone numbers do is one. */
const ONES_FOR_SLASHES = /^(?!0[35789])([0-3]\d)1([01]\d)1((?:19|20)\d\d)$/;
/** Days from 1 January 1904 to 1 January 1900 in a workbook's count. */
export const FROM_1904 = 1462;
const SERIAL_DAY_ZERO = Date.UTC(1899, 11, 30);
const DAY_MS = 86_400_000;
/** Day numbers of 18 May 1927 and of 14 July 2064. */
const SERIALS = { first: 10_000, last: 60_000 } as const;

function refuse(problem: BirthProblem): BirthReading {
  return { value: 0, reasons: bitOf(problem), problem };
}

function unknown(reasons: number): BirthReading {
  return { value: 0, reasons, problem: undefined };
}

/**
 * Reads YYYY, YYYY-MM, YYYY-MM-DD, DD/MM/YYYY (any usual separator, with or without leading zeros), MM/YYYY, YYYYMMDD,
 * DDMMYYYY, years of two digits, months in words, day numbers of spreadsheets and moments in universal time. 00 or xx
 * for day or month is "unknown". Day and month are read in the order of the file's habit; where only the other order
 * gives a date, that one is taken and said. Years 1890–2100, real calendar. Never throws.
 */
export function parseBirthDate(text: string, habits: FileProfile = NO_HABITS): BirthReading {
  const card = text.length > LIMITS.birthDate ? CARD.exec(text.slice(0, LIMITS.card))?.[1] : undefined;
  if (card !== undefined) return readEight(card, STRAY_TEXT, habits);
  if (text.length > LIMITS.birthDate) return refuse('BIRTH_DATE_TOO_LONG');
  // A leading apostrophe is a spreadsheet's mark for text.
  const cleaned = withoutExponent(cleanNumberText(text).replace(/^['’`]+\s*|^="?|"$/g, ''));
  if (cleaned === '') return unknown(MISSING);
  const plain = readNumbers(cleaned, 0, habits);
  if (plain !== undefined) return plain;
  const dated = fromDayNumber(cleaned);
  if (dated !== undefined) return readDayNumber(dated.day, dated.reasons, habits);
  const zoned = ZONED.exec(cleaned)?.[1];
  if (zoned !== undefined) return readNumbers(zoned, STRAY_TEXT, habits) ?? refuse('BIRTH_DATE_FORMAT');
  const escaped = /[&\\%]/.test(cleaned) ? (unescapeText(cleaned) ?? cleaned).replaceAll('\\', '').trim() : cleaned;
  const moment = fromMoment(escaped);
  const slashes = moment === undefined ? ONES_FOR_SLASHES.exec(escaped) : null;
  if (slashes !== null) {
    const [, day = '', month = '', year = ''] = slashes;
    return readThree(day, month, year, STRAY_TEXT, NO_HABITS);
  }
  if (moment !== undefined) return check(moment.year, moment.month, moment.day, moment.reasons, habits);
  const words = readWords(escaped);
  if (UNKNOWN.test(words.folded)) return unknown(MISSING);
  const timed = fromTime(words.text);
  const found = readNumbers(timed.text, words.reasons | timed.reasons, habits);
  if (found === undefined) return refuse('BIRTH_DATE_FORMAT');
  return timed.nextDay && found.value % 100 !== 0 ? { ...found, value: dayAfter(found.value) } : found;
}

/** A date in numbers and separators; undefined where the text is none. */
function readNumbers(text: string, reasons: number, habits: FileProfile): BirthReading | undefined {
  const parts = PARTS.exec(
    text
      .replace(/^(\d{4,8})[.,]0+$/, '$1')
      .replace(/^(\d{2})[.,](\d{3})$/, '$1$2')
      .replace(/^(\d{8})0{6}$/, '$1'),
  );
  if (parts === null) return undefined;
  const [, first = '', sign, second, sign2, third] = parts;
  const odd = sign === undefined || ('/.-'.includes(sign) && (sign2 ?? sign) === sign) ? 0 : STRAY_TEXT;
  if (third !== undefined) return readThree(first, second ?? '', third, reasons | odd, habits);
  if (second !== undefined) return readTwo(first, second, reasons | odd);
  return readOne(first, reasons, habits);
}

function readOne(digits: string, reasons: number, habits: FileProfile): BirthReading | undefined {
  const number = Number(digits);
  switch (digits.length) {
    case 4:
      return check(number, 0, 0, reasons, habits);
    case 5:
      return readFive(number, digits, reasons, habits);
    case 6:
      return readSix(digits, reasons, habits);
    case 7:
      return readSeven(digits, reasons, habits);
    case 8:
      return readEight(digits, reasons, habits);
    default:
      return undefined;
  }
}

/** DDMMYYYY that lost its first zero, or a zero within; YYYYDDD, the day counted through the year. */
function readSeven(digits: string, reasons: number, habits: FileProfile): BirthReading {
  const front = readEight(`0${digits}`, reasons | ZERO_LOST, habits);
  if (front.problem === undefined) return front;
  const within = readEight(`${digits.slice(0, 2)}0${digits.slice(2)}`, reasons | ZERO_LOST, habits);
  if (within.problem === undefined) return within;
  const day = new Date(Date.UTC(Number(digits.slice(0, 4)), 0, Number(digits.slice(4))));
  if (day.getUTCFullYear() !== Number(digits.slice(0, 4))) return front;
  return check(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate(), reasons | DATE_SERIAL, habits);
}

function readFive(number: number, digits: string, reasons: number, habits: FileProfile): BirthReading {
  if (number > SERIALS.last) return readSix(`0${digits}`, reasons | ZERO_LOST, habits);
  return readDayNumber(number, reasons, habits);
}

function readDayNumber(number: number, reasons: number, habits: FileProfile): BirthReading {
  if (number < SERIALS.first || number > SERIALS.last) return refuse('BIRTH_DATE_FORMAT');
  const days = habits.daysFrom1904 ? number + FROM_1904 : number;
  const day = new Date(SERIAL_DAY_ZERO + days * DAY_MS);
  return check(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate(), reasons | DATE_SERIAL, habits);
}

/** MMYYYY, YYYYMM, DDMMYY or YYMMDD: taken where exactly one of them is a date. */
function readSix(digits: string, reasons: number, habits: FileProfile): BirthReading {
  const [a, b, c] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].map(Number) as [number, number, number];
  const readings = [
    check(Number(digits.slice(2)), a, 0, reasons, NO_HABITS),
    check(Number(digits.slice(0, 4)), c, 0, reasons, NO_HABITS),
    b === 0 || a === 0 ? undefined : check(c, b, a, reasons, habits),
    a > 31 && c > 0 ? check(a, b, c, reasons, habits) : undefined,
  ].filter((reading) => reading !== undefined && reading.problem === undefined && reading.value % 10_000 !== 0);
  const [only] = readings;
  if (only !== undefined) return readings.length > 1 ? refuse('BIRTH_DATE_FORMAT') : only;
  // 492008: both zeros are gone.
  return check(
    Number(digits.slice(2)),
    Number(digits.charAt(1)),
    a === 0 ? 0 : Number(digits.charAt(0)),
    reasons | ZERO_LOST,
    habits,
  );
}

function readEight(digits: string, reasons: number, habits: FileProfile): BirthReading {
  // Never both: a year 1890–2100 in front makes the last four digits a month and day, at most 1231.
  const year = Number(digits.slice(0, 4));
  if (year >= FIRST_YEAR && year <= LAST_YEAR && Number(digits.slice(4)) <= 1231) {
    return check(year, Number(digits.slice(4, 6)), Number(digits.slice(6)), reasons, habits);
  }
  return inOrder(Number(digits.slice(4)), Number(digits.slice(2, 4)), Number(digits.slice(0, 2)), reasons, habits);
}

function readTwo(first: string, second: string, reasons: number): BirthReading | undefined {
  if (first.length === 4 && second.length <= 2) return check(Number(first), Number(second), 0, reasons, NO_HABITS);
  if (first.length <= 2 && second.length === 4) return check(Number(second), Number(first), 0, reasons, NO_HABITS);
  // 2105/1999, 606/1983, 29/111988: one separator was lost.
  if (second.length === 4 && (first.length === 3 || first.length === 4)) return readSevered(first, second, reasons);
  if (first.length <= 2 && second.length === 6)
    return readThree(first, second.slice(0, 2), second.slice(2), reasons | STRAY_TEXT, NO_HABITS);
  // 03/85 can only be a month and a year; 05/06 can be two things.
  if (first.length <= 2 && second.length === 2 && Number(second) > 31) {
    return check(Number(second), Number(first), 0, reasons, NO_HABITS);
  }
  return undefined;
}

/** Day and month without a separator between them. */
function readSevered(first: string, year: string, reasons: number): BirthReading {
  const digits = first.length === 3 ? `0${first}` : first;
  return check(Number(year), Number(digits.slice(2)), Number(digits.slice(0, 2)), reasons | STRAY_TEXT, NO_HABITS);
}

function readThree(a: string, b: string, c: string, reasons: number, habits: FileProfile): BirthReading {
  if (b.length > 2) return refuse('BIRTH_DATE_FORMAT');
  const middle = Number(b);
  if (a.length === 4 && c.length <= 2) return inOrder(Number(a), middle, Number(c), reasons, habits);
  if (a.length > 2 || (c.length !== 4 && c.length !== 2)) return refuse('BIRTH_DATE_FORMAT');
  // 85-03-27: a first part that can be no day is the year.
  if (c.length === 2 && Number(a) > 31) return inOrder(Number(a), middle, Number(c), reasons, habits);
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

const BUDDHIST = { first: 2440, last: 2640, more: 543 } as const;

function check(year: number, month: number, day: number, reasons: number, habits: FileProfile): BirthReading {
  const value = year * 10_000 + month * 100 + day;
  if (DEFAULTS.has(value)) return unknown(reasons | DEFAULT_DATE);
  const short = value > 0 && value < SHORT_YEAR_BELOW;
  if (!short && value === 0) return unknown(reasons | MISSING);
  if (year >= BUDDHIST.first && year <= BUDDHIST.last) {
    return check(year - BUDDHIST.more, month, day, reasons | OTHER_CALENDAR, habits);
  }
  if (!short && (year < FIRST_YEAR || year > LAST_YEAR)) return refuse('BIRTH_DATE_OUT_OF_RANGE');
  if (!isCalendarDate(value)) return refuse('BIRTH_DATE_NOT_IN_CALENDAR');
  const told = short ? reasons | TWO_DIGIT_YEAR : reasons;
  if (habits.newYearMeansUnknown && month === 1 && day === 1) {
    return { value: year * 10_000, reasons: told | PLACEHOLDER_DATE, problem: undefined };
  }
  return { value, reasons: told, problem: undefined };
}

/** Whether a packed date exists: a bare year, a year and month, or a day of that month; a year of two digits may be in any century. */
export function isCalendarDate(packed: number): boolean {
  const year = Math.floor(packed / 10_000);
  const month = Math.floor(packed / 100) % 100;
  const day = packed % 100;
  const short = packed > 0 && packed < SHORT_YEAR_BELOW;
  if (!Number.isInteger(packed) || month > 12 || (!short && (year < FIRST_YEAR || year > LAST_YEAR))) return false;
  if (month === 0) return day === 0;
  if (day === 29 && month === 2) return year % 4 === 0 && (short || year % 100 !== 0 || year % 400 === 0);
  return day <= (DAYS[month - 1] ?? 0);
}

/** The day behind a packed whole date. */
function dayAfter(packed: number): number {
  const day = new Date(Date.UTC(Math.floor(packed / 10_000), (Math.floor(packed / 100) % 100) - 1, (packed % 100) + 1));
  return day.getUTCFullYear() * 10_000 + (day.getUTCMonth() + 1) * 100 + day.getUTCDate();
}
