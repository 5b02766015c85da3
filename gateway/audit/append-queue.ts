import type { AppendItem, AppendOutcome } from '../exchange/log-port.ts';

/** An item that waits for its group; what groups are made by is worked out once. */
export interface Waiting {
  readonly item: AppendItem;
  /** Token, request, chunk: none may stand twice in a group. */
  readonly keys: readonly string[];
  readonly bytes: number;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
}

export interface Bounds {
  readonly items: number;
  readonly bytes: number;
}

/** How far a group looks past items that must wait for the next one, in groups. */
const LOOK_AHEAD = 4;
/** Left free for items without an answer (refusals, repetitions): they are small, and the full queue must stay on record. */
const RESERVE = 1.25;
/** Told to callers that a full queue turns away. */
export const APPEND_RETRY_MS = 500;
/** What may wait for the log in each of an appender's queues, of all threads together. */
export const MOST_WAITING: Bounds = { items: 20_000, bytes: 256 * 1024 * 1024 };
/** What each party may add to a group in its turn: many single calls, a part of a chunk. */
const TURN_BYTES = 64 * 1024;

/** What waits of one party, in order of arrival; before `head` nothing is left. */
interface Line {
  waiting: (Waiting | undefined)[];
  head: number;
}

/**
 * The queue of an appender: at most `most` waiting. Its memory is what is sealed and not yet written, so it must not grow with the
 * database's slowness. Groups are filled in turns of so many bytes a legal entity (deficit round robin), each one's items in order of
 * arrival: beside somebody's bulk job, another's single call is in the next group, wherever it arrived.
 */
export function createAppendQueue(most: Bounds) {
  const lines = new Map<string, Line>();
  let count = 0;
  let bytes = 0;

  /** The next items of a line that may stand in a group, and what of it must stay for a key that is taken. */
  function* offer({ waiting, head }: Line, limit: number) {
    const keys = new Set<string>();
    const until = Math.min(waiting.length, head + limit * LOOK_AHEAD);
    for (let at = head; at < until; at++) {
      const next = waiting[at];
      if (next === undefined) continue;
      const taken = next.keys.some((key) => keys.has(key));
      // Keys of what stays count too: a later item must not overtake it.
      for (const key of next.keys) keys.add(key);
      if (!taken) yield { next, at };
    }
  }

  function leave(party: string, line: Line): void {
    while (line.head < line.waiting.length && line.waiting[line.head] === undefined) line.head += 1;
    // Whoever had a turn stands last in the next group.
    lines.delete(party);
    if (line.head === line.waiting.length) return;
    // Moved down seldom enough that an item is moved once on the average.
    if (line.head * 2 > line.waiting.length) {
      line.waiting = line.waiting.slice(line.head);
      line.head = 0;
    }
    lines.set(party, line);
  }

  return {
    get bytes() {
      return bytes;
    },

    get length() {
      return count;
    },

    /** False where the queue is full, and the item was not taken. */
    push(item: AppendItem, resolve: Waiting['resolve'], reject: Waiting['reject']): boolean {
      const size = bytesOf(item);
      const share = shareOf(item);
      if (count >= most.items * share || bytes + size > most.bytes * share) return false;
      bytes += size;
      count += 1;
      const party = item.legalEntity ?? item.agency;
      let line = lines.get(party);
      if (line === undefined) {
        line = { waiting: [], head: 0 };
        lines.set(party, line);
      }
      line.waiting.push({ item, keys: keysOf(item), bytes: size, resolve, reject });
      return true;
    },

    /** The next group; what repeats a key of it stays, before all that came later. Empty where nothing waits. */
    next(limits: Bounds): Waiting[] {
      const group: Waiting[] = [];
      let size = 0;
      let turns = [...lines].map(([party, line]) => {
        const offers = offer(line, limits.items);
        return { party, line, offers, offered: offers.next(), credit: 0 };
      });
      const all = turns;
      while (turns.length > 0 && group.length < limits.items) {
        for (const turn of turns) {
          turn.credit += TURN_BYTES;
          while (turn.offered.done !== true && group.length < limits.items) {
            const { next, at } = turn.offered.value;
            // One item is always taken, however large.
            if (group.length > 0 && next.bytes > turn.credit) break;
            if (group.length > 0 && size + next.bytes > limits.bytes) break;
            turn.credit -= next.bytes;
            size += next.bytes;
            group.push(next);
            turn.line.waiting[at] = undefined;
            turn.offered = turn.offers.next();
          }
        }
        turns = turns.filter(({ offered }) => offered.done !== true && size + offered.value.next.bytes <= limits.bytes);
      }
      for (const { party, line } of all) leave(party, line);
      bytes -= size;
      count -= group.length;
      return group;
    },
  };
}

function keysOf({ agency, token, request, chunk }: AppendItem): string[] {
  const keys: string[] = [];
  if (token !== undefined) keys.push(`t${token.issuer}/${token.jti.toString('hex')}`);
  if (request !== undefined) keys.push(`r${agency}/${request.requestId}`);
  if (chunk !== undefined) keys.push(`c${chunk.jobId.toString('hex')}/${chunk.num}`);
  return keys;
}

/** Of the bounds, how much is open to an item. */
export function shareOf({ answer }: AppendItem): number {
  return answer === undefined ? RESERVE : 1;
}

export function bytesOf(item: AppendItem): number {
  const { entry, answer, decision, persons, personBodies, personLeaves, limits, consents } = item;
  const { guard } = limits ?? {};
  const counted = [guard?.units, guard?.tags, guard?.missUnits, guard?.missValues, guard?.missCrossings];
  const parts = [
    entry,
    answer,
    decision,
    persons,
    personBodies,
    personLeaves,
    limits?.subjects,
    ...counted,
    consents?.scopes,
  ];
  return parts.reduce((sum, part) => sum + (part?.length ?? 0), 0);
}
