/** Codes of the answer's closed sets. They are stored, signed and hashed: a code is never re-used or changed. */

export const VERDICTS = {
  VERIFIED: 1,
  PROBABLE: 2,
  MISMATCH: 3,
  NOT_FOUND: 4,
  AMBIGUOUS: 5,
  INVALID: 6,
  NOT_PERMITTED: 7,
  CONSENT_MISSING: 8,
  LIMITED: 9,
  NOT_CONFIRMED: 10,
} as const;
export type Verdict = keyof typeof VERDICTS;
export type VerdictCode = (typeof VERDICTS)[Verdict];

/** The verdicts that matching itself can give; the others come from policy, consent, quotas and grants. */
export type MatchVerdictCode =
  | typeof VERDICTS.VERIFIED
  | typeof VERDICTS.PROBABLE
  | typeof VERDICTS.MISMATCH
  | typeof VERDICTS.NOT_FOUND
  | typeof VERDICTS.AMBIGUOUS
  | typeof VERDICTS.INVALID;

/** Result of one field: two bits in the packed answer. WITHHELD is what a caller without the grant sees. */
export const OUTCOMES = {
  WITHHELD: 0,
  TRUE: 1,
  FALSE: 2,
  NOT_AVAILABLE: 3,
} as const;
export type Outcome = keyof typeof OUTCOMES;
export type OutcomeCode = (typeof OUTCOMES)[Outcome];

/** Bit masks. Given with VERIFIED only: a notice on another verdict would tell of a person who was not identified. */
export const NOTICES = {
  DECEASED: 1,
  ID_SUPERSEDED: 2,
  MISSING: 4,
  UNDER_INVESTIGATION: 8,
} as const;
export type Notice = keyof typeof NOTICES;

/** A score byte that says "no score". */
export const NO_SCORE = 255;
