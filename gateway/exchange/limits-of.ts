import type { Limits } from '../policy/decision.ts';
import type { Decided } from './decide.ts';
import type { Filtered } from './filter.ts';
import { chunkOf, decidedOf, type Grounds, workOf } from './grounds.ts';
import type { GuardUnits } from './guard-units.ts';
import type { LimitUse } from './log-port.ts';
import { dayOf } from './viet-nam-day.ts';

/** What people's names of the day are made with, where an agreement bounds their number. */
export function subjectScope(decided: Decided, nowMs: number): string {
  return scopeOf(decided.verified.authenticated.caller.agency, decided.work.asked.context.purpose, nowMs);
}

function scopeOf(agency: string, purpose: string, nowMs: number): string {
  return `${agency} ${purpose} ${dayOf(nowMs / 1000)}`;
}

/** What an answer takes of the limits of its agreement. */
export function limitsOf(filtered: Filtered, units: GuardUnits, nowMs: number): LimitUse {
  const { grounds } = filtered.fetched.consented;
  const { view, composed } = filtered;
  const decided = decidedOf(grounds);
  const { limits } = decided.decision;
  const { wanted, asked } = workOf(grounds);
  const rows = view.kind === 'rows' ? view.rows : undefined;
  const guard = rows?.guard;
  const person =
    wanted.kind === 'person' && limits.subjects_per_day !== undefined
      ? units.subjects(subjectScope(decided, nowMs), [wanted.identifier])
      : undefined;
  const subjects = guard?.subjects ?? person;
  return {
    purpose: asked.context.purpose,
    calls: chunkOf(grounds) === undefined ? 1 : 0,
    rows: rows?.count ?? (view.kind === 'person' ? 1 : 0),
    most: mostOf(limits),
    // What was begun must be able to end, and an effect has been made when this is counted: what begins something was held against the
    // rate when it was decided.
    always: composed.effects !== undefined,
    ...(subjects === undefined ? {} : { subjects }),
    ...(guard === undefined ? {} : { guard }),
  };
}

/**
 * An answer given again: a call like others, refused beyond the rate, and nothing but a call. A chunk is none, and has the turns and
 * the bounds of its stream.
 *
 * @param lessened what was taken out of it stands in the same transaction: it is counted and goes out
 */
export function limitsOfRepeat(grounds: Grounds, lessened: boolean): LimitUse | undefined {
  if (chunkOf(grounds) !== undefined) return undefined;
  const { decision, work } = decidedOf(grounds);
  const { purpose } = work.asked.context;
  return { purpose, calls: 1, rows: 0, most: mostOf(decision.limits), always: lessened };
}

/** A call that was refused before anybody was looked up: it is counted, so that asking in vain has its rate as well. */
export function limitsOfRefusal(purpose: string, limits: Limits): LimitUse {
  return { purpose, calls: 1, rows: 0, most: mostOf(limits), always: true };
}

/**
 * A call that was refused for what a look-up of this number found or did not find. It takes what an answer takes, and is refused where
 * an answer is: or whoever has used up the day would still learn who exists.
 */
export function limitsOfLookUp(
  { agency, purpose, identifier }: { readonly agency: string; readonly purpose: string; readonly identifier: number },
  limits: Limits,
  units: GuardUnits,
  nowMs: number,
): LimitUse {
  const subjects =
    limits.subjects_per_day === undefined ? undefined : units.subjects(scopeOf(agency, purpose, nowMs), [identifier]);
  const use = { purpose, calls: 1, rows: 1, most: mostOf(limits), always: false };
  return subjects === undefined ? use : { ...use, subjects };
}

function mostOf(limits: Limits): LimitUse['most'] {
  return {
    callsPerMinute: limits.calls_per_minute,
    rowsPerDay: limits.rows_per_day,
    subjectsPerDay: limits.subjects_per_day,
  };
}
