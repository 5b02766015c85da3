/** What every matcher here answers, so that they can be counted alike. */
import type { Verdict } from '../../../gateway/matching/index.ts';
import type { Claim } from '../generate/row.ts';

export interface Answer {
  /** The yardsticks know VERIFIED, MISMATCH and NOT_FOUND only. */
  readonly verdict: Verdict;
  /** Index of the person it speaks of; undefined for nobody. */
  readonly person: number | undefined;
}

export type Matcher = (claim: Claim) => Answer;
