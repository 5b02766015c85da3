/** Whose chunk is worked on next: parties in turns of so many bytes, each not faster than it may, a few chunks at the same time. */

export interface TurnsOptions {
  /**
   * Chunks of all parties that may be worked on at the same time where this party has one that waits; asked each time, at least one.
   * Of several such parties the least counts for all of them: whoever held back alone would never have a turn beside the others.
   */
  readonly atOnce: (party: string) => number;
  /** Chunks of one party in a second, and at once after a pause. */
  readonly perSecond: number;
  readonly nowMs: () => number;
}

export interface Turns {
  /** Resolves when it is the party's turn, to how it is given back. */
  enter(party: string, bytes: number): Promise<() => void>;
  /** Chunks that wait. */
  readonly waiting: number;
}

/** Of full chunks more rows than any machine judges; of chunks of a row, what a busy client of single calls asks. */
export const CHUNKS_PER_SECOND = 200;

/** What a party may have worked on in its turn: a part of a large chunk. */
const TURN_BYTES = 64 * 1024;
/** What a chunk costs however small it is: a signature each way, an entry of the log, six messages between threads. */
const LEAST_BYTES = 16 * 1024;

const LOOK_MS = 500;

interface Line {
  readonly waiting: { readonly cost: number; go(): void }[];
  credit: number;
  /** Chunks it may begin now; refilled by the clock. */
  allowance: number;
  at: number;
}

/**
 * Deficit round robin before anything is done for a chunk: one with many streams gets as much as one with a single stream, and
 * chunks of a row wait at their own pace, which stops the reading of their streams.
 */
export function createTurns({ atOnce, perSecond, nowMs }: TurnsOptions): Turns {
  /** Of all parties that were here, those whose turn is next first. */
  const lines = new Map<string, Line>();
  let running = 0;
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;
  let looking: NodeJS.Timeout | undefined;

  function refill(line: Line): void {
    const now = nowMs();
    line.allowance = Math.min(perSecond, line.allowance + ((now - line.at) / 1000) * perSecond);
    line.at = now;
  }

  function lineOf(party: string): Line {
    const known = lines.get(party);
    if (known !== undefined) return known;
    const line = { waiting: [], credit: 0, allowance: perSecond, at: nowMs() };
    lines.set(party, line);
    return line;
  }

  function leave(): void {
    running -= 1;
    next();
  }

  /** What may be begun rises again with time as well, while what was begun may hang. */
  function lookAgain(): void {
    looking = undefined;
    next();
  }

  /** Those that may begin one now; the others are looked at again when the first of them may. */
  function ready(): [string, Line][] {
    const some = [...lines].filter(([, line]) => line.waiting.length > 0);
    for (const [, line] of some) refill(line);
    const now = some.filter(([, line]) => line.allowance >= 1);
    if (now.length < some.length && timer === undefined) {
      const least = Math.min(...some.filter(([, line]) => line.allowance < 1).map(([, line]) => 1 - line.allowance));
      timer = setTimeout(
        () => {
          timer = undefined;
          next();
        },
        Math.ceil((1000 * least) / perSecond),
      );
    }
    return now;
  }

  function next(): void {
    while (waiting > 0) {
      const parties = ready();
      if (parties.length === 0) return;
      const most = Math.min(...parties.map(([party]) => atOnce(party)));
      if (running >= most) {
        if (looking === undefined) looking = setTimeout(lookAgain, LOOK_MS).unref();
        return;
      }
      for (const [party, line] of parties) {
        const first = line.waiting[0];
        if (first === undefined || running >= most) continue;
        line.credit += TURN_BYTES;
        if (line.credit < first.cost) continue;
        line.waiting.shift();
        // What was not used is lost with the end of a line: nobody saves up.
        line.credit = line.waiting.length === 0 ? 0 : line.credit - first.cost;
        line.allowance -= 1;
        // Whoever had a turn stands last.
        lines.delete(party);
        lines.set(party, line);
        waiting -= 1;
        running += 1;
        first.go();
      }
    }
  }

  return {
    enter(party, bytes) {
      return new Promise((resolve) => {
        let left = false;
        const go = () =>
          resolve(() => {
            if (left) return;
            left = true;
            leave();
          });
        lineOf(party).waiting.push({ cost: Math.max(LEAST_BYTES, bytes), go });
        waiting += 1;
        next();
      });
    },
    get waiting() {
      return waiting;
    },
  };
}
