/** How many calls of one party are worked on at the same time: all that it may have, or fewer while others call too. */

export interface CallTurnsOptions {
  /** Of a party, while another is here: enough to keep the database and the log busy, few enough to be waited for. */
  readonly besideOthers: number;
  readonly nowMs: () => number;
}

export interface CallTurns {
  /** Runs the work in the party's turn; those of one party in order. */
  run<T>(party: string, work: () => Promise<T>): Promise<T>;
  /** Somebody known asks something, signed: who works on jobs holds back ({@link CallTurns.othersCall}). */
  asks(party: string): void;
  /** Whether anybody but this party has asked within the last two seconds. */
  othersCall(party: string): boolean;
}

/** Enough to keep the database and the log at work, few enough that another's call waits for milliseconds. */
export const CALLS_BESIDE_OTHERS = 8;

/** Whoever called within this time is here. */
const HERE_MS = 2_000;

interface Line {
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * A call waits on this thread for all that is begun before it. A party alone may have as many under way as it likes; beside others its
 * calls wait here, where they are only waiting, and not in front of another's.
 */
export function createCallTurns({ besideOthers, nowMs }: CallTurnsOptions): CallTurns {
  const lines = new Map<string, Line>();
  const { note, alone } = createPresence();
  const asking = createPresence();

  function begin(party: string, line: Line): void {
    while (line.waiting.length > 0 && (line.running < besideOthers || alone(party, nowMs()))) {
      line.running += 1;
      line.waiting.shift()?.();
    }
  }

  function leave(party: string, line: Line): void {
    line.running -= 1;
    if (line.running === 0 && line.waiting.length === 0) lines.delete(party);
    else begin(party, line);
  }

  return {
    async run(party, work) {
      const now = nowMs();
      note(party, now);
      const line = lines.get(party) ?? { running: 0, waiting: [] };
      lines.set(party, line);
      if (line.waiting.length > 0 || (line.running >= besideOthers && !alone(party, now))) {
        await new Promise<void>((resolve) => line.waiting.push(resolve));
      } else line.running += 1;
      try {
        return await work();
      } finally {
        leave(party, line);
      }
    },
    asks: (party) => asking.note(party, nowMs()),
    othersCall: (party) => !asking.alone(party, nowMs()),
  };
}

/** The two that were here last: whether anybody but a given party is. */
function createPresence() {
  let last: { party: string; at: number } | undefined;
  let other: { party: string; at: number } | undefined;
  return {
    note(party: string, at: number): void {
      if (last !== undefined && last.party !== party) other = last;
      last = { party, at };
    },
    alone(party: string, now: number): boolean {
      const someone = last?.party === party ? other : last;
      return someone === undefined || now - someone.at > HERE_MS;
    },
  };
}
