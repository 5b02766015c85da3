/**
 * Days off beside Saturdays and Sundays, and weekend days that are worked in the place of another. A year that is not here has its
 * weekends only, so that a clock ends rather too early than too late.
 *
 * Source: Labour Code 2019, art. 112; for 2026 the announcement of the Ministry of Home Affairs. Of 2027 nothing was announced yet:
 * Tet stands as the lunar calendar has it, without swapped days.
 */
export interface YearOff {
  readonly off: readonly string[];
  readonly worked: readonly string[];
}

export const CALENDAR: Readonly<Record<string, YearOff>> = {
  '2026': {
    off: [
      ...['2026-01-01', '2026-01-02', '2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20'],
      ...['2026-04-27', '2026-04-30', '2026-05-01', '2026-08-31', '2026-09-01', '2026-09-02'],
    ],
    worked: ['2026-01-10', '2026-08-22'],
  },
  '2027': {
    off: [
      ...['2027-01-01', '2027-02-05', '2027-02-08', '2027-02-09', '2027-02-10', '2027-02-11'],
      ...['2027-04-16', '2027-04-30', '2027-05-03', '2027-09-02', '2027-09-03'],
    ],
    worked: [],
  },
};
