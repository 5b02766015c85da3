import { bitOf } from './reasons.ts';

/**
 * Dates as programs print them: seconds or milliseconds since 1970, `/Date(…)/`, `Sun Nov 21 1999 00:00:00 GMT+0700`,
 * `3.0994E+04`. Pure, linear.
 */

const DATE_SERIAL = bitOf('DATE_SERIAL');
const DATE_TIME_ZONE = bitOf('DATE_TIME_ZONE');

export type Moment = { readonly year: number; readonly month: number; readonly day: number; readonly reasons: number };

/** A number that begins with 0 is a phone. */
const EPOCH = /^(?:\/?date\()?(-?[1-9]\d{7,12})(?:[+-]\d{4})?(?:\)\/?)?$/i;
const EXPONENT = /^\d[.,]\d{1,8}e\+?0?4$/i;
const LAST_SECOND = 2 ** 31;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Viet Nam's clocks were seven to nine hours ahead: nine bring every midnight into its day, and none beyond it. */
const AHEAD = 9 * HOUR_MS;
/** Day 0 of spreadsheets. */
const SERIAL_ZERO = Date.UTC(1899, 11, 30);

function at(ms: number, reasons: number): Moment {
  const day = new Date(ms);
  return { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate(), reasons };
}

/** The day of a program's moment in Viet Nam; undefined where the text is none. */
export function fromMoment(text: string): Moment | undefined {
  if (EXPONENT.test(text)) return at(SERIAL_ZERO + Math.round(Number(text.replace(',', '.'))) * DAY_MS, DATE_SERIAL);
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
