/** Dates as the register packs them: one integer YYYYMMDD, 00 for an unknown month or day, 0 for none. */

const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** The digits of `text` from `from` to `to`, -1 where one is none. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** A date of its parts, 0 for an unknown month or day; undefined where it does not exist or lies outside of 1850 to 2150. */
export function packParts(year: number, month: number, day: number): number | undefined {
  if (year < 1850 || year > 2150 || month > 12) return undefined;
  if (day > 0) {
    const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    if (day > (month === 2 && !leap ? 28 : (MONTH_DAYS[month - 1] ?? 0))) return undefined;
  }
  return year * 10000 + month * 100 + day;
}

/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, years 1850 to 2150, real days only; undefined for anything else. */
export function packDate(text: string): number | undefined {
  const { length } = text;
  if (length !== 4 && length !== 7 && length !== 10) return undefined;
  const year = digits(text, 0, 4);
  if (length === 4) return packParts(year, 0, 0);
  const month = digits(text, 5, 7);
  if (text[4] !== '-' || month < 1) return undefined;
  if (length === 7) return packParts(year, month, 0);
  const day = digits(text, 8, 10);
  return text[7] !== '-' || day < 1 ? undefined : packParts(year, month, day);
}

/** The contract's form of a packed date. */
export function unpackDate(packed: number): { year: number; month: number; day: number } {
  return { year: Math.floor(packed / 10000), month: Math.floor(packed / 100) % 100, day: packed % 100 };
}
