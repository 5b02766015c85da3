/** Viet Nam's days, as limits and periods of law count them: seven hours ahead, without summer time. */

export const DAY_S = 86_400;
export const AHEAD_S = 7 * 3_600;

/** Days since 1970 in Viet Nam. */
export const dayOf = (unixSeconds: number): number => Math.floor((unixSeconds + AHEAD_S) / DAY_S);

/** The moment at which a day begins there, unix seconds. */
export const startOf = (day: number): number => day * DAY_S - AHEAD_S;

/** The day as a date: its members in UTC are those of the calendar. */
export const dateOf = (day: number): Date => new Date(day * DAY_S * 1000);
