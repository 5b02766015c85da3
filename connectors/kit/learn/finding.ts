import type { FileProfile } from '../../../gateway/matching/profile.ts';
import type { Encoding } from '../decode/encodings.ts';

/** One thing that was learnt of a file, with the counts that it was concluded from. */
export type Finding<T> = {
  readonly value: T;
  /** The user said so; what the file shows was counted all the same. */
  readonly stated: boolean;
  readonly evidence: Readonly<Record<string, number>>;
};

/** What a job's opening says of its file. */
export type SentProfile = FileProfile & { readonly encoding: Encoding };

/** All that is learnt of a file. Data: it is kept with the job, so that a resumed run says the same. */
export type LearntFile = { readonly [K in keyof SentProfile]: Finding<SentProfile[K]> };

/** What the user states: it wins over what the file shows. */
export type StatedProfile = { readonly [K in keyof SentProfile]?: SentProfile[K] | undefined };

export function sentProfile(learnt: LearntFile): SentProfile {
  return {
    encoding: learnt.encoding.value,
    dateOrder: learnt.dateOrder.value,
    newYearMeansUnknown: learnt.newYearMeansUnknown.value,
    nameWidth: learnt.nameWidth.value,
    daysFrom1904: learnt.daysFrom1904.value,
  };
}

/** The stated value where there is one, with the evidence of the file beside it. */
export function settle<T>(found: { value: T; evidence: Finding<T>['evidence'] }, stated: T | undefined): Finding<T> {
  return { value: stated ?? found.value, stated: stated !== undefined, evidence: found.evidence };
}
