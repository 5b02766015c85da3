/** Dates of birth: of parents before children, of siblings in turn, of wives near their husbands. */
import { FIRST_CHILD_AGE, OLDEST_YEAR, type Place, SIBLING_GAP, WIFE_OLDER, WIFE_YOUNGER } from './households.ts';
import type { KnownDate } from './person.ts';
import { below, chance, draw } from './random.ts';
import { USE } from './uses.ts';

/** Someone else's birth, by place in the same household; undefined for no place. */
export type Kin = (place: number | undefined) => { readonly born: KnownDate } | undefined;

const TWIN_SHARE = 0.012;
/** Only for a place that names neither parents, years nor a husband; no layout has one. */
const YEAR_WITHOUT_HUSBAND = 1980;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const daysOf = (year: number, month: number): number => (month === 2 && year % 4 === 0 ? 29 : DAYS[month - 1]!);

/** Share of births of a year of which only the year, or year and month, are known; and those entered as 1 January. */
const yearOnlyShare = (year: number): number => (year < 1955 ? 0.16 : year < 1970 ? 0.04 : year < 1990 ? 0.003 : 0);
const monthOnlyShare = (year: number): number => (year < 1955 ? 0.03 : year < 1970 ? 0.01 : 0);
const newYearShare = (year: number): number => (year < 1970 ? 0.07 : year < 1995 ? 0.012 : 0);

function yearOf(seed: number, place: Place, index: number, kin: Kin): number {
  const bits = draw(seed, index, USE.year);
  const elder = kin(place.elder);
  if (elder !== undefined) return elder.born.year + SIBLING_GAP[0] + below(bits, SIBLING_GAP[1] - SIBLING_GAP[0] + 1);
  const mother = kin(place.mother);
  if (mother !== undefined) {
    const greatest = Math.min(FIRST_CHILD_AGE[1], (place.latest ?? Number.POSITIVE_INFINITY) - mother.born.year);
    // Two draws of the range averaged: most first children come in the middle of it.
    const spread = greatest - FIRST_CHILD_AGE[0] + 1;
    return mother.born.year + FIRST_CHILD_AGE[0] + ((below(bits, spread) + (bits % spread)) >> 1);
  }
  if (place.born !== undefined) {
    const [earliest, latest] = place.born;
    const share = bits / 0x1_0000_0000;
    // Fewer people are left of the earlier years.
    return Math.max(OLDEST_YEAR, earliest + Math.floor((latest - earliest + 1) * share ** 0.75));
  }
  const husband = kin(place.spouse);
  return (husband?.born.year ?? YEAR_WITHOUT_HUSBAND) - WIFE_OLDER + below(bits, WIFE_OLDER + WIFE_YOUNGER + 1);
}

/** When the person in a place was born, as far as the register knows it; `kin` gives those born before. */
export function bornOf(seed: number, place: Place, index: number, kin: Kin): KnownDate {
  const elder = kin(place.elder);
  if (elder !== undefined && chance(draw(seed, index, USE.twin), TWIN_SHARE)) return elder.born;
  const year = yearOf(seed, place, index, kin);
  const precision = draw(seed, index, USE.precision) / 0x1_0000_0000;
  if (precision < yearOnlyShare(year)) return { year, month: 0, day: 0 };
  const month = 1 + below(draw(seed, index, USE.month), 12);
  if (precision < yearOnlyShare(year) + monthOnlyShare(year)) return { year, month, day: 0 };
  if (chance(draw(seed, index, USE.newYear), newYearShare(year))) return { year, month: 1, day: 1 };
  return { year, month, day: 1 + below(draw(seed, index, USE.day), daysOf(year, month)) };
}
