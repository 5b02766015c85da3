/** Parts of a date as text, and days counted as spreadsheets and clocks count them. */
import type { KnownDate } from '../damage.ts';

export const two = (value: number): string => String(value).padStart(2, '0');
export const isWhole = ({ day }: KnownDate): boolean => day > 0;

const DAY_MS = 86_400_000;
const midnight = ({ year, month, day }: KnownDate): number => Date.UTC(year, month - 1, day);

/** Days since 1899-12-30, as spreadsheets count from March 1900 on. */
export const dayNumber = (date: KnownDate): number => (midnight(date) - Date.UTC(1899, 11, 30)) / DAY_MS;
/** Milliseconds since 1970 of local midnight in Viet Nam (UTC+7). */
export const localMidnight = (date: KnownDate): number => midnight(date) - 7 * 3_600_000;

export function addDays(date: KnownDate, days: number): KnownDate {
  const moved = new Date(midnight(date) + days * DAY_MS);
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

/** True for days that the calendar has. */
export function exists({ year, month, day }: KnownDate): boolean {
  if (month < 1 || month > 12 || day < 1 || year < 1900 || year > 2025) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
