/** Dates as the register packs them: one integer YYYYMMDD, 00 for an unknown month or day, 0 for none. */

const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const FORM = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, years 1850 to 2150, real days only; undefined for anything else. */
export function packDate(text: string): number | undefined {
  const parts = FORM.exec(text);
  if (parts === null) return undefined;
  const year = Number(parts[1]);
  const month = Number(parts[2] ?? 0);
  const day = Number(parts[3] ?? 0);
  if (year < 1850 || year > 2150) return undefined;
  if (parts[2] !== undefined && (month < 1 || month > 12)) return undefined;
  if (parts[3] !== undefined) {
    const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    const last = month === 2 && !leap ? 28 : (MONTH_DAYS[month - 1] ?? 0);
    if (day < 1 || day > last) return undefined;
  }
  return year * 10000 + month * 100 + day;
}

/** The contract's form of a packed date. */
export function unpackDate(packed: number): { year: number; month: number; day: number } {
  return { year: Math.floor(packed / 10000), month: Math.floor(packed / 100) % 100, day: packed % 100 };
}
