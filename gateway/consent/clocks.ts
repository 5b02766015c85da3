/** Periods of the personal data law (Law 91/2025, Decree 356/2025), in Viet Nam's days. */
import { ClockKind, MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { dateOf, dayOf, startOf } from '../exchange/viet-nam-day.ts';
import { CALENDAR } from './calendar.ts';

/** Days of each period, and of its one extension. */
const PERIODS = {
  [ClockKind.ACKNOWLEDGE]: { days: 2, working: true, extension: 0 },
  [ClockKind.CARRY_OUT]: { days: 15, working: false, extension: 15 },
  [ClockKind.PROVIDE]: { days: 10, working: false, extension: 10 },
  [ClockKind.DELETE]: { days: 20, working: false, extension: 20 },
} as const;
export type RunningClock = keyof typeof PERIODS;

/** Beside its acknowledgement, what a matter has a period for. */
export const PERIOD_OF = {
  [MatterKind.WITHDRAWAL]: ClockKind.CARRY_OUT,
  [MatterKind.RESTRICTION]: ClockKind.CARRY_OUT,
  [MatterKind.OBJECTION]: ClockKind.CARRY_OUT,
  [MatterKind.PROVISION]: ClockKind.PROVIDE,
  [MatterKind.CORRECTION]: ClockKind.PROVIDE,
  [MatterKind.DELETION]: ClockKind.DELETE,
} as const;
export type TimedMatter = keyof typeof PERIOD_OF;

/** Days from the one on which a matter was recorded to the last of its period, both ends of it; of a period in working days none is a number. */
export function daysOf(kind: TimedMatter): { readonly first: number; readonly extended: number } {
  const { days, working, extension } = PERIODS[PERIOD_OF[kind]];
  if (working) throw new TypeError('working days are no number of days');
  return { first: days, extended: days + extension };
}

/** Whether offices work on a day, by the calendar as far as it reaches. */
export function isWorkingDay(day: number): boolean {
  const date = dateOf(day);
  const name = date.toISOString().slice(0, 10);
  const year = CALENDAR[name.slice(0, 4)];
  if (year?.off.includes(name) === true) return false;
  if (year?.worked.includes(name) === true) return true;
  return date.getUTCDay() !== 0 && date.getUTCDay() !== 6;
}

/** The first moment after `days` whole days that follow the day of `from`, unix seconds; of working days, only those count. */
function after(from: number, days: number, working: boolean): number {
  let day = dayOf(from);
  for (let left = days; left > 0; ) {
    day += 1;
    if (!working || isWorkingDay(day)) left -= 1;
  }
  return startOf(day + 1);
}

/** A clock that began at `startedAt`; both ends unix seconds, 0 for an extension that there is none of. */
export function clockOf(
  kind: RunningClock,
  startedAt: number,
): { readonly dueAt: number; readonly extendedDueAt: number } {
  const { days, working, extension } = PERIODS[kind];
  return {
    dueAt: after(startedAt, days, working),
    extendedDueAt: extension === 0 ? 0 : after(startedAt, days + extension, working),
  };
}
