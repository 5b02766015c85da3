import { VERDICTS } from '../matching/index.ts';

/** What a row is told that names nobody: said anew it could only show who has come since. */
const OF_NOBODY: readonly number[] = [VERDICTS.NOT_FOUND, VERDICTS.INVALID, VERDICTS.NOT_CONFIRMED];

/**
 * Whether a row's stored result must not be told again, of which no consent covers anybody now.
 *
 * @param told verdict code of the stored result
 * @param now what the row would be told now
 */
export function isTakenOut(told: number, now: number): boolean {
  if (told === VERDICTS.CONSENT_MISSING) return now === VERDICTS.CONSENT_MISSING;
  return !OF_NOBODY.includes(told);
}
