/** No disclosure under a consent stands in the log after what took the consent. */
import type { LogEvent } from './log-events.ts';

export type LogFault =
  /** Data of a person was used, or an answer with it was given again unchanged, and no consent stood behind it. */
  | 'NOT_COVERED'
  /** An acknowledgement without what it acknowledges before it. */
  | 'NOTHING_ACKNOWLEDGED'
  /** Leaves that do not open. */
  | 'SEALED';

export interface LogFindings {
  /** How many people's data answers used under a consent, those that were given again unchanged included. */
  readonly disclosed: number;
  /** Withdrawals, restrictions and objections. */
  readonly taken: number;
  /** Of these, those that nobody has acknowledged. */
  readonly pending: number;
  readonly wrong: readonly { readonly idx: number; readonly fault: LogFault }[];
}

type Told = Extract<LogEvent, { kind: 'told' }>;
type Again = Extract<LogEvent, { kind: 'told again' }>;

/** Takes events in the log's order, in as many parts as one likes; what it finds is of all so far. */
export function createLogJudge() {
  const ever = new Set<number>();
  const given = new Set<number>();
  const resting = new Set<number>();
  /** Whose consent came back once, lifted or given anew: what was taken out of an answer meanwhile stays out of it. */
  const cameBack = new Set<number>();
  const pending = new Set<string>();
  /** Of each content of an answer, whom it tells of. */
  const contents = new Map<string, readonly number[]>();
  /** Of each answer, whom it told of first. */
  const answers = new Map<string, readonly number[]>();
  const wrong: LogFindings['wrong'][number][] = [];
  let disclosed = 0;
  let taken = 0;

  const isCovered = (person: number) => given.has(person) && !resting.has(person);

  function mustBeCovered(people: readonly number[], idx: number): void {
    disclosed += people.length;
    if (!people.every(isCovered)) wrong.push({ idx, fault: 'NOT_COVERED' });
  }

  function judgeTold({ idx, entry, digest, people }: Told): void {
    mustBeCovered(people, idx);
    contents.set(digest, people);
    answers.set(entry, people);
  }

  /**
   * The content itself is not in the log, only its digest. One that was there before tells of whom it told then. A new one was lessened
   * or is a chunk's first one that is marked as given again: it tells of those who are still covered, for all that one can know.
   */
  function judgeAgain({ idx, entry, digest }: Again): void {
    const known = contents.get(digest);
    if (known !== undefined) {
      mustBeCovered(known, idx);
      return;
    }
    const most = answers.get(entry) ?? [];
    const certain = most.filter((person) => isCovered(person) && !cameBack.has(person));
    contents.set(digest, certain);
  }

  function judge(event: LogEvent): void {
    switch (event.kind) {
      case 'given':
        if (ever.has(event.person)) cameBack.add(event.person);
        ever.add(event.person);
        given.add(event.person);
        return;
      case 'lifted':
        cameBack.add(event.person);
        resting.delete(event.person);
        return;
      case 'withdrawn':
      case 'rested':
        if (event.kind === 'withdrawn') given.delete(event.person);
        else resting.add(event.person);
        pending.add(event.entry);
        taken += 1;
        return;
      case 'acknowledged':
        if (!pending.delete(event.entry)) wrong.push({ idx: event.idx, fault: 'NOTHING_ACKNOWLEDGED' });
        return;
      case 'told':
        judgeTold(event);
        return;
      case 'told again':
        judgeAgain(event);
        return;
      case 'sealed':
        wrong.push({ idx: event.idx, fault: 'SEALED' });
    }
  }

  return (events: readonly LogEvent[]): LogFindings => {
    for (const event of events) judge(event);
    return { disclosed, taken, pending: pending.size, wrong: [...wrong] };
  };
}

export const judgeLog = (events: readonly LogEvent[]): LogFindings => createLogJudge()(events);

const takes = ({ kind }: LogEvent) => kind === 'withdrawn' || kind === 'rested';

/** The same log, had this event come just before that one. */
export function movedBefore(events: readonly LogEvent[], event: LogEvent, before: LogEvent): LogEvent[] {
  const others = events.filter((each) => each !== event);
  return others.toSpliced(others.indexOf(before), 0, event);
}

/**
 * Holds the judge against a log that is sound: had what each person took first come just before the answer that told of them last, it
 * must be found there.
 *
 * @returns people of whom nothing would be found, those who took something and had never been told of included
 */
export function unseenIn(events: readonly LogEvent[]): number[] {
  const first = new Map(
    events.toReversed().flatMap((event) => (takes(event) && 'person' in event ? [[event.person, event] as const] : [])),
  );
  return [...first].flatMap(([person, took]) => {
    const before = events.slice(0, events.indexOf(took));
    const told = before.findLast((event) => event.kind === 'told' && event.people.includes(person));
    if (told === undefined) return [person];
    const { wrong } = judgeLog(movedBefore(events, took, told));
    return wrong.some(({ idx, fault }) => idx === told.idx && fault === 'NOT_COVERED') ? [] : [person];
  });
}
