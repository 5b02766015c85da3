import type { BirthGrade } from './birth-levels.ts';
import type { NameGrade } from './name-levels.ts';
import type { Strictness } from './profile.ts';
import { VERDICTS } from './verdicts.ts';

/**
 * The published precedence of verdicts.
 *
 * 1. INVALID: the row's ID number, name or date of birth cannot be used. Nothing is looked up.
 * 2. NOT_FOUND: no person holds the number.
 * 3. Each person who holds the number gets a verdict from the table below.
 * 4. One person VERIFIED: VERIFIED. Several: AMBIGUOUS.
 * 5. Else one person PROBABLE: PROBABLE. Several: AMBIGUOUS.
 * 6. Else MISMATCH.
 */
export type Judged = typeof VERDICTS.VERIFIED | typeof VERDICTS.PROBABLE | typeof VERDICTS.MISMATCH;

type Row = Readonly<Record<BirthGrade, Judged>>;
export type VerdictTable = Readonly<Record<NameGrade, Row>>;

const V = VERDICTS.VERIFIED;
const P = VERDICTS.PROBABLE;
const M = VERDICTS.MISMATCH;

const NEVER: Row = {
  same: M,
  'new-year': M,
  part: M,
  swapped: M,
  placeholder: M,
  close: M,
  different: M,
  absent: M,
};

/** The legal minimum: ID, name and full date equal after the profile, or no match. */
const EXACT: VerdictTable = {
  same: { ...NEVER, same: V, 'new-year': V },
  damaged: NEVER,
  near: NEVER,
  close: NEVER,
  different: NEVER,
  absent: NEVER,
};

/** A damaged or near name never rests on a date that is itself a stand-in (1 January against another day). */
const STANDARD: VerdictTable = {
  same: { ...NEVER, same: V, 'new-year': V, part: V, swapped: P, placeholder: P, absent: P },
  damaged: { ...NEVER, same: V, 'new-year': P, part: P, swapped: P },
  near: { ...NEVER, same: P, 'new-year': P, part: P, swapped: P },
  close: NEVER,
  different: NEVER,
  absent: { ...NEVER, same: P },
};

/** As standard, with near misses handed to a person. */
const REVIEW: VerdictTable = {
  same: { ...STANDARD.same, close: P },
  damaged: { ...STANDARD.damaged, placeholder: P, close: P, absent: P },
  near: { ...STANDARD.near, placeholder: P, close: P },
  close: { ...NEVER, same: P },
  different: NEVER,
  absent: STANDARD.absent,
};

export const VERDICT_TABLES: Readonly<Record<Strictness, VerdictTable>> = {
  exact: EXACT,
  standard: STANDARD,
  review: REVIEW,
};

/**
 * The same for a number that had to be guessed (a reason of kind `guess`): used only with a name and date that
 * agree. MISMATCH here carries ID_REPAIR_NOT_CONFIRMED.
 */
const GUESSED: VerdictTable = {
  same: { ...NEVER, same: V, 'new-year': V, part: P },
  damaged: { ...NEVER, same: V },
  near: { ...NEVER, same: P },
  close: NEVER,
  different: NEVER,
  absent: NEVER,
};

const NO_GUESSES: VerdictTable = {
  same: NEVER,
  damaged: NEVER,
  near: NEVER,
  close: NEVER,
  different: NEVER,
  absent: NEVER,
};

export const GUESSED_ID_TABLES: Readonly<Record<Strictness, VerdictTable>> = {
  exact: NO_GUESSES,
  standard: GUESSED,
  review: GUESSED,
};
