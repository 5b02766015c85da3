import type { BirthGrade } from './birth-levels.ts';
import type { NameGrade } from './name-levels.ts';
import type { NumberTrust } from './number-trust.ts';
import type { Strictness } from './profile.ts';
import { VERDICTS } from './verdicts.ts';

/**
 * The published precedence of verdicts.
 *
 * 1. INVALID: the row's ID number or name cannot be used, or its date of birth cannot be read. Nothing is looked up.
 * 2. NOT_FOUND: no person holds the number.
 * 3. Each person who holds the number gets a verdict from the weight of the evidence (`evidence.ts`), at most the one
 *    that the table below allows for the grades of name and date.
 * 4. One person VERIFIED: VERIFIED. Several: AMBIGUOUS.
 * 5. Else one person PROBABLE: PROBABLE. Several: AMBIGUOUS.
 * 6. Else MISMATCH.
 */
export type Judged = typeof VERDICTS.VERIFIED | typeof VERDICTS.PROBABLE | typeof VERDICTS.MISMATCH;

type Row = Readonly<Record<BirthGrade, Judged>>;
/** The best verdict that a pair of grades may have, however heavy the evidence. */
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

/**
 * One doubt is PROBABLE at best. A damaged name never rests on a date that is itself a stand-in (1 January) or missing, and
 * nothing outweighs another name or another date.
 */
const STANDARD: VerdictTable = {
  same: { ...NEVER, same: V, 'new-year': V, part: V, swapped: V, placeholder: P, close: P, absent: P },
  damaged: { ...NEVER, same: V, 'new-year': P, part: V, swapped: V, placeholder: P, close: P, absent: P },
  near: { ...NEVER, same: P, 'new-year': P, part: P, swapped: P, placeholder: P, close: P, absent: P },
  close: { ...NEVER, same: P, 'new-year': P, part: P, swapped: P },
  different: NEVER,
  absent: { ...NEVER, same: P },
};

/** As standard, with near misses handed to a person. */
const REVIEW: VerdictTable = {
  same: STANDARD.same,
  damaged: STANDARD.damaged,
  near: STANDARD.near,
  close: { ...STANDARD.close, close: P },
  different: NEVER,
  absent: { ...STANDARD.absent, part: P },
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
  same: { ...NEVER, same: V, 'new-year': V, part: P, swapped: P },
  damaged: { ...NEVER, same: V, 'new-year': P, part: P, swapped: P },
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

/**
 * The same for a number that lost nothing but its leading zeros and tells the row's own year of birth: a date that agrees
 * in part, its year among it, is for a person to look at.
 */
const CONFIRMED: VerdictTable = {
  ...GUESSED,
  same: { ...GUESSED.same, placeholder: P, close: P },
  damaged: { ...GUESSED.damaged, placeholder: P, close: P },
  near: { ...GUESSED.near, 'new-year': P, part: P, swapped: P },
};

export const CONFIRMED_ID_TABLES: Readonly<Record<Strictness, VerdictTable>> = {
  exact: NO_GUESSES,
  standard: CONFIRMED,
  review: CONFIRMED,
};

/** The tables by how far the row's number is to be trusted. */
export const CEILINGS: Readonly<Record<NumberTrust, Readonly<Record<Strictness, VerdictTable>>>> = {
  read: VERDICT_TABLES,
  confirmed: CONFIRMED_ID_TABLES,
  guessed: GUESSED_ID_TABLES,
};
