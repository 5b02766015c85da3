/** The guessing guard as the exchange needs it. `limits/guess-book` is the one that exists; the page is `docs/design/limits.md`. */

/** Most that a legal entity may ask wrong before it is told nothing more, in the window of the guard. */
export interface GuardBounds {
  /** Different wrong values of one field of one person. */
  readonly perField: number;
  /** Different numbers tried for one name and date. */
  readonly perName: number;
}

/** What is already known of a unit, exactly: found out when an answer was overtaken. */
export interface GuardHint {
  readonly unit: bigint;
  /** Keyed hashes of the values that were asked. */
  readonly values: readonly bigint[];
}

/** What rows are guarded by. */
export interface GuardRules {
  readonly legalEntity: string;
  readonly bounds: GuardBounds;
  /** Revision of the legal entity's guesses that `table` holds at least. */
  readonly revision: number;
  /** Units whose bound may be near; undefined where there is none. */
  readonly table: SharedArrayBuffer | undefined;
  readonly hints: readonly GuardHint[];
  /** Where the agreement bounds the number of different people: what their names of the day are made with. */
  readonly subjectScope?: string;
}

/** What the judgement of rows stands on, and what it adds: the append transaction counts it, or has the rows judged again. */
export interface GuardFindings {
  readonly legalEntity: string;
  readonly bounds: GuardBounds;
  readonly revision: number;
  /** Units of everybody who was compared, 8 bytes each. */
  readonly units: Uint8Array;
  /** First two bytes of the units of the rows' names and dates. */
  readonly tags: Uint8Array;
  /** Wrong values: unit and value, 8 bytes each, and the field. The same pair may be there twice. */
  readonly missUnits: Uint8Array;
  readonly missValues: Uint8Array;
  readonly missFields: Uint8Array;
  /** By pair: how many different values the judge knew the unit to have after these rows; 0 where it did not know. */
  readonly missCounts: Uint8Array;
  /** By pair: the same field of the same person under a name that all legal entities have in common, 8 bytes; 0 where there is nobody. */
  readonly missCrossings: Uint8Array;
  /** With a `subjectScope`: those who were asked about, 8 bytes each. */
  readonly subjects?: Uint8Array;
}

export interface Guard {
  rulesFor(legalEntity: string, bounds: GuardBounds): GuardRules;
  /** What an append found that was not known here yet. */
  learn(news: GuardNews): void;
}

/** Changes of a legal entity's guesses, complete from one revision to another. */
export interface GuardNews {
  readonly legalEntity: string;
  readonly from: number;
  readonly to: number;
  readonly near: readonly { readonly unit: bigint; readonly count: number; readonly field: number }[];
  readonly hints: readonly GuardHint[];
}

/** Values of a field within the window; an agreement may say others, from {@link LEAST_BOUND} on. */
export const DEFAULT_BOUNDS: GuardBounds = { perField: 5, perName: 20 };
/** From so many values on a unit is near its bound, whatever the agreement: gateways keep those in memory. */
export const LEAST_BOUND = 3;

/** Fields of units: what the values of a unit are. */
export const GUARD_FIELDS = { number: 1, name: 2, birth: 3 } as const;

/** Misses beyond the share that the jobs of a legal entity may have in a day: with more, no further one begins without two officers. */
export const MOST_EXCESS = 5_000;
