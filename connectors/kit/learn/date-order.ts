import type { SentProfile } from './finding.ts';

/** Dates with the year last, by which of their two parts can only be a day. */
export type DateOrderCounts = {
  readonly dates: number;
  /** First part 13–31, second 1–12. */
  readonly dayFirst: number;
  /** First part 1–12, second 13–31. */
  readonly monthFirst: number;
};

/**
 * Three of five days are beyond 12, so a file with the month first shows it in most of its rows. It is taken for one when
 * at least 20 dates, and a tenth of all, can only be month before day, and at most one in a hundred of those says otherwise.
 */
export const MONTH_FIRST = { least: 20, shareOfDates: 0.1, contrary: 0.01 } as const;

export function findDateOrder(counts: DateOrderCounts): { value: SentProfile['dateOrder']; evidence: DateOrderCounts } {
  return { value: certainDateOrder(counts) ?? 'day-first', evidence: counts };
}

/** The order that the dates show as strongly as month before day has to be shown; undefined where they show neither so. */
export function certainDateOrder({
  dates,
  dayFirst,
  monthFirst,
}: DateOrderCounts): SentProfile['dateOrder'] | undefined {
  const shown = (these: number, others: number): boolean =>
    these >= MONTH_FIRST.least && these >= dates * MONTH_FIRST.shareOfDates && others <= these * MONTH_FIRST.contrary;
  if (shown(monthFirst, dayFirst)) return 'month-first';
  return shown(dayFirst, monthFirst) ? 'day-first' : undefined;
}
