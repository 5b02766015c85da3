/** Whole dates, and those of 1 January. 1 January 1900 is in neither: it is a placeholder of its own. */
export type NewYearCounts = { readonly dates: number; readonly newYears: number };

/**
 * By chance one date in 365 is 1 January. It stands for "day and month unknown" when at least 20 rows and one in a hundred
 * have it: some of them may be born that day, so reading it as a bare year loses a day and never finds a false one.
 */
export const NEW_YEAR = { least: 20, share: 0.01 } as const;

export function findNewYear(counts: NewYearCounts): { value: boolean; evidence: NewYearCounts } {
  const { dates, newYears } = counts;
  return { value: newYears >= NEW_YEAR.least && newYears >= dates * NEW_YEAR.share, evidence: counts };
}
