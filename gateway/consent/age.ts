import { dateOf, dayOf } from '../exchange/viet-nam-day.ts';

/** A child's consent takes the representative's; from this age on the child's own as well (Law 91/2025). */
export const CHILD_YEARS = 16;
export const OWN_ACT_YEARS = 7;

/**
 * Whole years at a moment, in Viet Nam. @param birthDate YYYYMMDD; parts that are not known count as the latest they can be, so
 * nobody is taken for older than they are. A date that is not known at all is an adult's: an adult is rather asked once too little
 * than kept from acting.
 */
export function ageAt(birthDate: number, nowSeconds: number): number {
  if (birthDate === 0) return Number.POSITIVE_INFINITY;
  const year = Math.floor(birthDate / 10_000);
  const month = Math.floor(birthDate / 100) % 100 || 12;
  const day = birthDate % 100 || 31;
  const now = dateOf(dayOf(nowSeconds));
  const passed = (now.getUTCMonth() + 1) * 100 + now.getUTCDate() >= month * 100 + day;
  return now.getUTCFullYear() - year - (passed ? 0 : 1);
}
