/** Whoever was here within this time is here. */
const HERE_MS = 2_000;

export interface Presence {
  note(party: string, nowMs: number): void;
  /** Whether nobody but this party is here. */
  alone(party: string, nowMs: number): boolean;
  /** Whether nobody is. */
  empty(nowMs: number): boolean;
}

/** The two that were here last: enough to say whether anybody but a given party is. */
export function createPresence(): Presence {
  let last: { party: string; at: number } | undefined;
  let other: { party: string; at: number } | undefined;
  const gone = (someone: { at: number } | undefined, now: number) =>
    someone === undefined || now - someone.at > HERE_MS;
  return {
    note(party, at) {
      if (last !== undefined && last.party !== party) other = last;
      last = { party, at };
    },
    alone: (party, now) => gone(last?.party === party ? other : last, now),
    empty: (now) => gone(last, now),
  };
}
