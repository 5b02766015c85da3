import { MIDNIGHTS_ELSEWHERE } from './birth-moments.ts';
import { BASE_BITS, KIND, KIND_BITS, meaningOf } from './letter-table.ts';
import { bitOf } from './reasons.ts';

/** What stands around the numbers of a date: words, months by name, times of day. Pure, linear, bounded by the cell's length. */

const DATE_IN_WORDS = bitOf('DATE_IN_WORDS');
const DATE_TIME_CUT = bitOf('DATE_TIME_CUT');
const DATE_TIME_ZONE = bitOf('DATE_TIME_ZONE');
const STRAY_TEXT = bitOf('DATE_STRAY_TEXT');

/** Small letters without marks; whatever is no letter stays. */
function fold(text: string): string {
  let out = '';
  for (const sign of text.normalize('NFC').toLowerCase()) {
    const meaning = meaningOf(sign.charCodeAt(0));
    out += (meaning & KIND_BITS) === KIND.letter ? String.fromCharCode(meaning & BASE_BITS) : sign;
  }
  return out;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH_NAME =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
const GAP = '[\\s.,/\\-]*';
const DAY_MONTH = new RegExp(
  `^(?:[a-z]{3,9},?\\s+)?(\\d{1,2})(?:st|nd|rd|th)?${GAP}(${MONTH_NAME})${GAP}(\\d{4}|\\d{2})\\b`,
);
const MONTH_DAY = new RegExp(
  `^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\\s+)?(${MONTH_NAME})${GAP}(\\d{1,2})(?:st|nd|rd|th)?${GAP}(\\d{4})\\b`,
);
const YEAR_MONTH_DAY = new RegExp(`^(\\d{4})${GAP}(${MONTH_NAME})${GAP}(\\d{1,2})\\b`);
/** As C and Java print a moment: month, day, time, zone, year. */
const MONTH_DAY_TIME = new RegExp(
  `^(?:[a-z]{3}\\s+)?(${MONTH_NAME})\\s+(\\d{1,2})\\s+00:00(?::00)?\\s+(?:[a-z]{3,4}(?:[+-]\\d{2}:?\\d{2})?\\s+)?(\\d{4})$`,
);
/** Of two digits only what can be no day: spreadsheets show 03/1985 as Mar-85; Mar-05 may be the fifth. */
const MONTH_YEAR = new RegExp(`^(${MONTH_NAME})${GAP}(\\d{4}\\b|(?:3[2-9]|[4-9]\\d)$)`);
/** "27 tháng 3 năm 1985", "27-thg 3-85", "27 Thg3 1985", "tháng 3 năm 1985". */
const THANG = /^(?:(\d{1,2})[\s.,/-]*)?(?:thang|thg|th)[\s.]*(\d{1,2})[\s.,/-]*(?:nam[\s.]*)?(\d{4}|\d{2})\b/;
/** What people and programs put in front: "ngày", "sinh ngày", "sinh năm", "NS:", "năm", "mùng", "Thứ Tư,", "Chủ Nhật,". */
const FRONT =
  /^(?:(?:thu\s+(?:hai|ba|tu|sau|bay|[2-7](?=\s*,))|chu\s+nhat|sinh|ngay|nam|thu|ns|sn|ntns|dob|date|of|birth|khoang|tuoi|mung|mong|ng)[\s:.,/]*)+(?=\d|t|[a-z]{3}|[o|l]\d)/;

/** The text with words turned into numbers, and the same folded; reasons of what was read. */
export function readWords(text: string): { text: string; folded: string; reasons: number } {
  const folded = fold(text);
  const front = FRONT.exec(folded)?.[0] ?? '';
  const rest = folded.slice(front.length);
  const inWords = monthInWords(rest);
  if (inWords !== undefined) return { text: inWords, folded, reasons: DATE_IN_WORDS };
  const unknownParts = rest.replace(
    /^(?:xx?|\?\??|__?|--?|\*\*?)([/.-])(?:xx?|\?\??|__?|--?|\*\*?)\1(?=\d{4}$)/,
    '00$100$1',
  );
  const halfUnknown = unknownParts.replace(/^(?:xx?|\?\??|__?|\*\*?)([/.-])(?=\d{1,2}\1\d{4}$)/, '00$1');
  const mended = withoutStrays(halfUnknown);
  const strays = mended !== halfUnknown || halfUnknown !== rest ? STRAY_TEXT : 0;
  return { text: mended, folded, reasons: (front === '' ? 0 : DATE_IN_WORDS) | strays };
}

const ROMAN = ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii'];
const WORDS = ['mot', 'hai', 'ba', 'tu', 'nam', 'sau', 'bay', 'tam', 'chin', 'muoi', 'muoi mot', 'muoi hai'];
const ROMAN_MONTH = /^(\d{1,2})[\s./-]+([ivx]{1,4})[\s./-]+(\d{4}|\d{2})$/;
const WORD_MONTH = new RegExp(`(thang|thg)\\s+(${WORDS.toReversed().join('|')}|gieng|chap)\\b`);

/** As a program's source or a formula writes a date: datetime.date(1970, 10, 13), Timestamp('1970-10-13 00:00:00'), =DATE(1970;10;13). */
const CALLED =
  /^=?[a-z][a-z.]*\(['"]?(\d{4})(?:[,;]\s*|-)(\d{1,2})(?:[,;]\s*|-)(\d{1,2})(?:(?:,\s*0)*|[ t]00:00(?::00(?:\.0+)?)?)['"]?\)$/;

function monthInWords(given: string): string | undefined {
  const called = CALLED.exec(given);
  if (called !== null) return called.slice(1).join('-');
  const roman = ROMAN_MONTH.exec(given);
  const romanMonth = ROMAN.indexOf(roman?.[2] ?? '') + 1;
  if (roman !== null && romanMonth > 0) return `${roman[1]}/${romanMonth}/${roman[3]}`;
  const text = given.replace(WORD_MONTH, (_, thang: string, month: string) => {
    const number = month === 'gieng' ? 1 : month === 'chap' ? 12 : WORDS.indexOf(month) + 1;
    return `${thang} ${number}`;
  });
  const thang = THANG.exec(text);
  if (thang !== null) return [thang[1], thang[2], thang[3]].filter((part) => part !== undefined).join('/');
  const dayMonth = DAY_MONTH.exec(text);
  if (dayMonth !== null) return `${dayMonth[1]}/${monthOf(dayMonth[2])}/${dayMonth[3]}`;
  const monthDay = MONTH_DAY.exec(text);
  // Year first, so that no habit of the file turns a month that stands there by name.
  if (monthDay !== null) return `${monthDay[3]}-${monthOf(monthDay[1])}-${monthDay[2]}`;
  const timed = MONTH_DAY_TIME.exec(text);
  if (timed !== null) return `${timed[3]}-${monthOf(timed[1])}-${timed[2]}`;
  const yearFirst = YEAR_MONTH_DAY.exec(text);
  if (yearFirst !== null) return `${yearFirst[1]}-${monthOf(yearFirst[2])}-${yearFirst[3]}`;
  const monthYear = MONTH_YEAR.exec(text);
  return monthYear === null ? undefined : `${monthOf(monthYear[1])}/${monthYear[2]}`;
}

function monthOf(name: string | undefined): number {
  return MONTHS.indexOf((name ?? '').slice(0, 3)) + 1;
}

const TWO_DATES = /^(\d{1,2}[/.-]\d{1,2}[/.-](\d{4}))\b.*\b\d{1,2}[/.-]\d{1,2}[/.-](\d{4})\D*$/;

const SAID_TWICE = /^(\S*\d\S*)[\s,;|]+\1$/;
/** Bars for slashes: 26l07l1999. */
const BARS = /^(\d{1,2})[l|!](\d{1,2})[l|!](\d{4})$/;
/** Two parts and a year between slashes, of digits and letters that look like them. */
const SLASHED = /^([\dl|!io]{1,2})[/.-]([\dl|!io]{1,2})[/.-]([\dl|!io]{4})$/;
const asDigits = (text: string): string => text.replace(/[l|!i]/g, '1').replaceAll('o', '0');

/** Letters in the place of digits, a doubled separator, a full stop behind, a note without digits. */
function withoutStrays(text: string): string {
  if (/\d[:h]\d/.test(text)) return text;
  const digits = (SAID_TWICE.exec(text)?.[1] ?? text)
    .replace(BARS, (_, day: string, month: string, year: string) => [day, month, year].map(asDigits).join('/'))
    .replace(SLASHED, (_, day: string, month: string, year: string) => [day, month, year].map(asDigits).join('/'))
    .replace(/(?<=[\d/.-])[oq]|[oq](?=[\d/.-])/g, '0')
    .replace(/(?<=[\d/.-])s(?=[\d/.-]|$)/g, '5')
    .replace(/(?<=[\d/.-])b(?=[\d/.-]|$)/g, '8')
    .replace(/(?<=[\d/.-])z(?=[\d/.-]|$)/g, '2')
    .replace(/^(\d{1,2}[/.-]\d{2})[1l|!i](?=\d{4}$)/, '$1/')
    .replace(/^(\d{2})[1l|!i](?=\d{2}[/.-]\d{4}$)/, '$1/')
    .replace(/(?<=[\d/.-])[l|!i](?=[\d/.-]|$)|^[l|!i](?=\d)/g, '1')
    .replace(/([/.-])(?:\s*\1)+/g, '$1')
    .replace(/[\s.,;/-]+$/, '');
  // Two dates: the later one, an issue, says nothing of a birth that it follows by a childhood.
  const two = TWO_DATES.exec(digits);
  if (two !== null && Number(two[3]) - Number(two[2]) >= 14) return two[1] ?? digits;
  const note = /^[^\d]*?(\d[\d/.\- ]*\d)\s*[^\d]*$/.exec(digits);
  return note?.[1] ?? digits;
}

const TIMED =
  /^(\d[\d/.\- ]*\d)(?:\s*t\s*|\s+)(\d{1,2})(?::|h)(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(am|pm|sa|ch)?\s*(z|utc|gmt|[+-]\d{2}:?(?:\d{2})?)?\.?$/;

/**
 * Takes a time of day off. In universal time, midnight in Viet Nam is 17:00 of the day before (16:00 and 15:00 in years
 * of other clocks, 16:53 before 1911): such a moment belongs to the next day. The hour alone tells as much, because
 * nobody keeps the hour of a birth as a round one of those.
 */
export function fromTime(text: string): { text: string; reasons: number; nextDay: boolean } {
  const found = TIMED.exec(text);
  if (found === null) return { text, reasons: 0, nextDay: false };
  const [, date = '', hourText = '', minutes = '', seconds = '00', , half, zone = ''] = found;
  const hour = Number(hourText) + ((half === 'pm' || half === 'ch') && Number(hourText) < 12 ? 12 : 0);
  const universal = /^(?:z|utc|gmt|[+-]00:?(?:00)?)$/.test(zone);
  const round = Number(minutes) === 0 && Number(seconds) === 0 && MIDNIGHTS_ELSEWHERE.includes(hour);
  const nextDay = universal ? hour >= 15 : zone === '' && round;
  return { text: date, reasons: nextDay ? DATE_TIME_ZONE : DATE_TIME_CUT, nextDay };
}
