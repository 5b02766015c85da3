/** How old a person is as far as their consent goes, by the register alone: that a child acts alone, no issuer can allow. */
import { dateOf, dayOf } from '../exchange/viet-nam-day.ts';

/** A child's consent takes the representative's; from this age on the child's own as well (Law 91/2025). */
export const CHILD_YEARS = 16;
export const OWN_ACT_YEARS = 7;

export interface Birth {
  /** The register's date, YYYYMMDD: parts that are not known 00, 0 where nothing is. */
  readonly date: number;
  /** The personal ID as a number; 0 where the person has none. */
  readonly personalId: number;
}

/**
 * Whole years at a moment, in Viet Nam, at the latest day on which the person can be born, so that nobody is taken for older than they
 * are; below 0 where that day is still to come. A whole date of the register stands, whatever the number says (of those two the number
 * is the one in doubt). Where the date is not whole, the year in the number counts as well: the later of the two. Undefined where
 * neither tells a year.
 */
export function ageAt({ date, personalId }: Birth, nowSeconds: number): number | undefined {
  const now = dateOf(dayOf(nowSeconds));
  const year = now.getUTCFullYear();
  const whole = date % 100 !== 0 && Math.floor(date / 100) % 100 !== 0;
  const born = whole ? date : Math.max(latestDay(date), latestDay(yearIn(personalId, year) * 10_000));
  if (born === 0) return undefined;
  const passed = (now.getUTCMonth() + 1) * 100 + now.getUTCDate() >= born % 10_000;
  return year - Math.floor(born / 10_000) - (passed ? 0 : 1);
}

/**
 * Whose acts a consent takes at an age. Of whom nobody knows whether they are 7, or 16, both: that covers the child of 7 or older, and
 * no child is left to one act. From 16 on nothing is demanded here: a court may have given a representative.
 */
export function actsNeeded(age: number | undefined): { readonly own: boolean; readonly representative: boolean } {
  if (age === undefined) return { own: true, representative: true };
  return { own: age >= OWN_ACT_YEARS && age < CHILD_YEARS, representative: age < CHILD_YEARS };
}

/** The last day that a date with parts unknown can be; 0 where not even its year is known. */
function latestDay(date: number): number {
  const year = Math.floor(date / 10_000);
  if (year === 0) return 0;
  const month = Math.floor(date / 100) % 100 || 12;
  const day = date % 100 || new Date(Date.UTC(year, month, 0)).getUTCDate();
  return year * 10_000 + month * 100 + day;
}

/** The year of birth that a personal ID tells by its digits 4 to 6 (century and sex, year); 0 where it tells none that has begun. */
function yearIn(personalId: number, thisYear: number): number {
  if (personalId === 0) return 0;
  const century = 1900 + 100 * Math.floor((Math.floor(personalId / 100_000_000) % 10) / 2);
  const year = century + (Math.floor(personalId / 1_000_000) % 100);
  return year > thisYear ? 0 : year;
}
