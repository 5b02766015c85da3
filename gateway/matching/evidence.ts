import type { BirthComparison } from './compare-birth-dates.ts';
import type { NameComparison } from './compare-names.ts';
import type { Candidate } from './judgement.ts';
import { ID_KINDS } from './parse-id-number.ts';
import type { Strictness } from './profile.ts';
import type { Judged, VerdictTable } from './verdict-table.ts';
import { VERDICTS } from './verdicts.ts';

/**
 * The weight of the evidence that a row speaks of a candidate, after Fellegi and Sunter: the base-2 logarithm of how much
 * likelier the row is if they are one person than if they are two. Number, name and date each add their bits: the number
 * by how it led here, the name by how rare its agreeing words are less what the damage takes away, the date by how seldom
 * chance would have it.
 */

/** What it weighs that the row's number led to this person. */
export const ID_BITS = {
  /** A current 12-digit number: wrong in a few rows of a hundred. */
  current: 4,
  /** An old number, or one whose status is in doubt: cards were lent and numbers given twice. */
  old: 3,
  /** A number that had to be guessed. */
  guessed: -1,
} as const;

/** From so many bits on, a row gets the verdict; below both it is MISMATCH. `exact` asks its table alone. */
export const THRESHOLDS: Readonly<Record<Strictness, { readonly verified: number; readonly probable: number }>> = {
  exact: { verified: 0, probable: 0 },
  standard: { verified: 16, probable: 7.5 },
  review: { verified: 16, probable: 5 },
};

export function weigh(candidate: Candidate, guessed: boolean, name: NameComparison, birth: BirthComparison): number {
  const old = candidate.idKind === ID_KINDS.CMND || candidate.idStatus !== 'current';
  const id = guessed ? ID_BITS.guessed : old ? ID_BITS.old : ID_BITS.current;
  return id + name.bits + birth.level.bits;
}

const WHOLE: ReadonlySet<string> = new Set(['same', 'new-year', 'part']);

/** The verdict of one candidate: what the bits reach, and no more than the table allows. */
export function decide(
  table: VerdictTable,
  strictness: Strictness,
  name: NameComparison,
  birth: BirthComparison,
  bits: number,
): Judged {
  const { verified, probable } = THRESHOLDS[strictness];
  const most = table[name.level.grade][birth.level.grade];
  // Number, whole name and all that is known of the date agree: no name is too common for that.
  if (name.level.grade === 'same' && WHOLE.has(birth.level.grade)) return most;
  const reached = bits >= verified ? VERDICTS.VERIFIED : bits >= probable ? VERDICTS.PROBABLE : VERDICTS.MISMATCH;
  // Codes rise from the best verdict to the worst.
  return Math.max(most, reached) as Judged;
}

/** Where half of the rows with that weight are the right person, and how fast that changes: fitted to `npm run quality`. */
const CALIBRATION = { half: 11, slope: 2 } as const;

/** The weight as a score: the share of right people among rows that weigh so much, of 99. */
export function scoreOf(bits: number): number {
  return Math.round(99 / (1 + 2 ** (-(bits - CALIBRATION.half) / CALIBRATION.slope)));
}
