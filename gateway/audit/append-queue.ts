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

/**
 * The queue of an appender: in order of arrival, at most `most` waiting. Its memory is what is sealed and not yet written, so
 * it must not grow with the database's slowness.
 */
export function createAppendQueue(most: Bounds) {
  let waiting: (Waiting | undefined)[] = [];
  let head = 0;
  let bytes = 0;

  return {
    get bytes() {
      return bytes;
    },

    get length() {
      return waiting.length - head;
    },

    /** False where the queue is full, and the item was not taken. */
    push(item: AppendItem, resolve: Waiting['resolve'], reject: Waiting['reject']): boolean {
      const size = bytesOf(item);
      const share = item.answer === undefined ? RESERVE : 1;
      if (this.length >= most.items * share || bytes + size > most.bytes * share) return false;
      bytes += size;
      waiting.push({ item, keys: keysOf(item), bytes: size, resolve, reject });
      return true;
    },

    /** The next group; what repeats a key of it stays, before all that came later. Empty where nothing waits. */
    next(limits: Bounds): Waiting[] {
      const group: Waiting[] = [];
      const skipped: Waiting[] = [];
      const keys = new Set<string>();
      const until = Math.min(waiting.length, head + limits.items * LOOK_AHEAD);
      let size = 0;
      let at = head;
      for (; at < until && group.length < limits.items; at++) {
        const next = waiting[at];
        if (next === undefined) continue;
        if (group.length > 0 && size + next.bytes > limits.bytes) break;
        const taken = next.keys.some((key) => keys.has(key));
        // Keys of what stays count too: a later item must not overtake it.
        for (const key of next.keys) keys.add(key);
        if (taken) skipped.push(next);
        else {
          group.push(next);
          size += next.bytes;
        }
      }
      waiting.fill(undefined, head, at);
      head = at - skipped.length;
      for (const [i, one] of skipped.entries()) waiting[head + i] = one;
      bytes -= size;
      // Moved down seldom enough that an item is moved once on the average.
      if (head * 2 > waiting.length) {
        waiting = waiting.slice(head);
        head = 0;
      }
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

function bytesOf({ entry, answer, decision, persons, personBodies, personLeaves }: AppendItem): number {
  const parts = [entry, answer, decision, persons, personBodies, personLeaves];
  return parts.reduce((sum, part) => sum + (part?.length ?? 0), 0);
}
