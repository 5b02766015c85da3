import { bitOf } from './reasons.ts';

/**
 * Dates as programs print them: seconds or milliseconds since 1970, `/Date(…)/`, `Sun Nov 21 1999 00:00:00 GMT+0700`,
 * `31132.7083333`. Pure, linear.
 */

const DATE_TIME_CUT = bitOf('DATE_TIME_CUT');
const DATE_TIME_ZONE = bitOf('DATE_TIME_ZONE');

export type Moment = { readonly year: number; readonly month: number; readonly day: number; readonly reasons: number };

/** A number that begins with 0 is a phone. */
const EPOCH = /^(?:\/?date\()?(-?[1-9]\d{7,12})(?:[+-]\d{4})?(?:\)\/?)?$/i;
/** Fewer digits would be one of several days: 3.113E+04 is any of ten. */
const EXPONENT = /^(\d)[.,](\d{4})(\d{0,8})e\+?0?4$/i;
const LAST_SECOND = 2 ** 31;
const HOUR_MS = 3_600_000;
/** Viet Nam's clocks were seven to nine hours ahead: nine bring every midnight into its day, and none beyond it. */
const AHEAD = 9 * HOUR_MS;

function at(ms: number, reasons: number): Moment {
  const day = new Date(ms);
  return { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate(), reasons };
}

/** The day of a program's moment in Viet Nam; undefined where the text is none. */
export function fromMoment(text: string): Moment | undefined {
  const digits = EPOCH.exec(text)?.[1];
  if (digits === undefined) return undefined;
  const number = Number(digits);
  // Eight digits without a sign are a date; of programs, seconds have at most ten.
  const bare = digits.replace('-', '').length;
  // Seconds beyond what 32 bits hold: nobody was born then, and no program printed them. Ten digits are a date as well.
  if (bare === 10 && number > LAST_SECOND) return undefined;
  if (bare === 8 && number > 0 && !/date/i.test(text)) return undefined;
  return at((bare > 10 ? number : number * 1000) + AHEAD, DATE_TIME_ZONE);
}

/** A spreadsheet's day number that it wrote with an exponent, written out; any other text as it is. */
export function withoutExponent(text: string): string {
  const [, first = '', rest = '', time = ''] = EXPONENT.exec(text) ?? [];
  if (first === '') return text;
  return time === '' ? `${first}${rest}` : `${first}${rest}.${time}`;
}

const WITH_TIME = /^(\d{5})[.,](\d{1,17})$/;
const DAY_SECONDS = 86_400;
/** Hours at which a day begins in Viet Nam, by other clocks. */
export const MIDNIGHTS_ELSEWHERE: readonly number[] = [15, 16, 17, 23];
/** Digits that leave more open than this do not show a full hour. */
const FINE_SECONDS = 10;

/**
 * A spreadsheet's day number with a time of day behind it: the day that is meant, or 0 where that reads two ways. In the
 * afternoon a moment counts by its clock, so one that is told by too few digits does; so does the last second, which is
 * the end of that day or, rounded, the beginning of the next.
 */
export function fromDayNumber(text: string): { readonly day: number; readonly reasons: number } | undefined {
  const [, whole = '', fraction = ''] = WITH_TIME.exec(text) ?? [];
  if (whole === '') return undefined;
  const day = Number(whole);
  const seconds = Number(`0.${fraction}`) * DAY_SECONDS;
  const open = Math.max(1, DAY_SECONDS * 10 ** -fraction.length);
  const nearMidnight = DAY_SECONDS - seconds;
  if (nearMidnight < 0.5) return { day: day + 1, reasons: DATE_TIME_CUT };
  if (seconds + open < (MIDNIGHTS_ELSEWHERE[0] ?? 0) * 3600) return { day, reasons: DATE_TIME_CUT };
  if (open > FINE_SECONDS || nearMidnight <= 2) return { day: 0, reasons: 0 };
  const fullHour = MIDNIGHTS_ELSEWHERE.some((hour) => Math.abs(seconds - hour * 3600) <= open);
  return fullHour ? { day: day + 1, reasons: DATE_TIME_ZONE } : { day, reasons: DATE_TIME_CUT };
}
