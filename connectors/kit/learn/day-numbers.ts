/** Dates that are day numbers, and what speaks for either beginning of the count. */
export type DayNumberCounts = {
  readonly dayNumbers: number;
  /** Fit when counted from 1900 and not from 1904, and the other way round. */
  readonly only1900: number;
  readonly only1904: number;
};

/** The two beginnings lie four years apart. From 1904 when at least 20 dates fit only so, and nine times as many as the contrary. */
export const FROM_1904 = { least: 20, timesContrary: 9 } as const;

/** Births that a subscriber's file can hold where its row says nothing else: adults. */
const [FIRST_BIRTH, LAST_BIRTH] = [1910, 2012];
const DAY_MS = 86_400_000;
/** Day 0. The count from 1900 holds a 29 February 1900 that never was: from March 1900 on it begins on 30 December 1899. */
const FROM_1900_MS = Date.UTC(1899, 11, 30);
const FROM_1904_MS = Date.UTC(1904, 0, 1);
const PERSONAL_ID = /^\s*\d{3}([0-3])(\d{2})\d{6}\s*$/;

export function findDaysFrom1904(counts: DayNumberCounts): { value: boolean; evidence: DayNumberCounts } {
  const { only1900, only1904 } = counts;
  const value = only1904 >= FROM_1904.least && only1904 >= only1900 * FROM_1904.timesContrary;
  return { value, evidence: counts };
}

/**
 * Which beginning of the count fits a row: 1900, 1904, or undefined where both or neither do. Its personal ID carries the
 * year of birth; without one, the birth must be that of an adult.
 */
export function dayNumberFits(days: number, idNumber: string): 1900 | 1904 | undefined {
  const year1900 = new Date(FROM_1900_MS + days * DAY_MS).getUTCFullYear();
  const year1904 = new Date(FROM_1904_MS + days * DAY_MS).getUTCFullYear();
  const id = PERSONAL_ID.exec(idNumber);
  const fits =
    id === null
      ? (year: number) => year >= FIRST_BIRTH && year <= LAST_BIRTH
      : (year: number) => year === (Number(id[1]) < 2 ? 1900 : 2000) + Number(id[2]);
  if (fits(year1900) === fits(year1904)) return undefined;
  return fits(year1904) ? 1904 : 1900;
}
