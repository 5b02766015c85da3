/** How many calls of one party are worked on at the same time: all that it may have, or fewer while others call too. */
import { createPresence } from './presence.ts';

export interface CallTurnsOptions {
  /** Of a party, at most, while another is here: enough to keep the database and the log busy, few enough to be waited for. */
  readonly besideOthers: number;
  /** Those whom nobody knows, in one: they take turns as everybody does, and nobody holds back for them. */
  readonly strangers: string;
  readonly nowMs: () => number;
}

export interface CallTurns {
  /**
   * Runs the work in the party's turn; those of one party in order. Where the call was given up while it waited nothing is run, and the
   * signal's reason is thrown.
   */
  run<T>(party: string, work: () => Promise<T>, call?: { readonly signal: AbortSignal }): Promise<T>;
  /** Somebody known asks something, signed: who works on jobs holds back ({@link CallTurns.othersCall}). */
  asks(party: string): void;
  /** Whether anybody but this party has asked within the last two seconds. */
  othersCall(party: string): boolean;
}

/** Enough to keep the database and the log at work, few enough that another's call waits for milliseconds. */
export const CALLS_BESIDE_OTHERS = 8;

/**
 * Whoever has its answers asks again in a moment, and waits for whatever was begun in that moment: as long as it takes to read an
 * answer and ask again from the other end of the country. Longer for whoever asked more at once: a single call four times a second
 * would keep everybody else at one at a time.
 */
const REMEMBERED_MS = 64;
const LONGEST_REMEMBERED_MS = 250;
/** How late what waits learns that somebody has gone. */
const LOOK_MS = 50;

interface Line {
  running: number;
  readonly waiting: (() => void)[];
  /** The most that it asked lately, and when. */
  asked: number;
  askedAt: number;
}

/** Whether what it asked counts as if it asked it now. */
const isRemembered = ({ asked, askedAt }: Line, now: number) =>
  now - askedAt <= Math.min(LONGEST_REMEMBERED_MS, asked * REMEMBERED_MS);

interface Asked {
  readonly party: string;
  readonly most: number;
  readonly next: number;
}

/**
 * A call waits on this thread for all that is begun before it. A party alone may have as many under way as it likes; beside others its
 * calls wait here, where they are only waiting, and not in front of another's. While another asks it has half as many under way as that
 * one asks: whoever asks two at a time waits for one of somebody else's, however many that one would like to have. Two that ask much
 * have as many as there may be, both.
 */
export function createCallTurns({ besideOthers, strangers, nowMs }: CallTurnsOptions): CallTurns {
  const lines = new Map<string, Line>();
  const { note, alone } = createPresence();
  const asking = createPresence();
  /** While anything waits: who has gone, and what is forgotten, lets it begin, and neither tells of itself. */
  let looking: NodeJS.Timeout | undefined;

  /** Whoever asks most or did a moment ago, and what the next one asks: beginning what waits changes neither. Forgets who is gone. */
  function mostAsked(now: number): Asked {
    let [party, most, next] = ['', 0, 0];
    for (const [one, line] of lines) {
      const asksNow = line.running + line.waiting.length;
      const remembered = isRemembered(line, now);
      if (asksNow === 0 && !remembered) lines.delete(one);
      const asks = one === strangers ? 0 : Math.max(asksNow, remembered ? line.asked : 0);
      if (asks > most) [party, most, next] = [one, asks, most];
      else if (asks > next) next = asks;
    }
    return { party, most, next };
  }

  /** How many of a party may be under way now. */
  function boundOf(party: string, by: Asked, now: number): number {
    if (alone(party, now)) return Number.POSITIVE_INFINITY;
    const asked = by.party === party ? by.next : by.most;
    return asked === 0 ? besideOthers : Math.min(besideOthers, Math.max(1, Math.floor(asked / 2)));
  }

  function begin(party: string, line: Line, by: Asked, now: number): void {
    while (line.waiting.length > 0 && line.running < boundOf(party, by, now)) {
      line.running += 1;
      line.waiting.shift()?.();
    }
  }

  /** What others may have hangs on what each asks, and on how long ago that was. */
  function beginAll(): void {
    const now = nowMs();
    const by = mostAsked(now);
    let left = 0;
    for (const [party, line] of lines) {
      begin(party, line, by, now);
      left += line.waiting.length;
    }
    if (left > 0) return;
    clearInterval(looking);
    looking = undefined;
  }

  /** As it asks, and as it has its answer: the moment begins with that, however long the answer took. */
  function remember(line: Line, asks: number, now: number): void {
    if (asks < line.asked && isRemembered(line, now)) return;
    line.asked = asks;
    line.askedAt = now;
  }

  function leave(line: Line): void {
    remember(line, line.running + line.waiting.length, nowMs());
    line.running -= 1;
    beginAll();
  }

  return {
    async run(party, work, call) {
      const now = nowMs();
      note(party, now);
      const line = lines.get(party) ?? { running: 0, waiting: [], asked: 0, askedAt: 0 };
      lines.set(party, line);
      // This one is neither under way nor in line yet.
      remember(line, line.running + line.waiting.length + 1, now);
      const waits = line.waiting.length > 0 || line.running >= boundOf(party, mostAsked(now), now);
      if (waits) {
        const turn = new Promise<void>((resolve) => line.waiting.push(resolve));
        looking ??= setInterval(beginAll, LOOK_MS).unref();
        await turn;
      } else line.running += 1;
      try {
        if (waits) call?.signal.throwIfAborted();
        return await work();
      } finally {
        leave(line);
      }
    },
    asks: (party) => asking.note(party, nowMs()),
    othersCall: (party) => !asking.alone(party, nowMs()),
  };
}
