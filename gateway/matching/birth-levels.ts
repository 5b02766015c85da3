/** The levels of a comparison of two dates of birth, from equal to different; the first that fits is the answer. */

/**
 * What a level is worth. `same`: the same full date. `new-year`: the same date, but 1 January, which may stand for an
 * unknown day: as weak as a year. `part`: equal on what is known. `swapped`: equal with day and month exchanged, which
 * chance does as rarely as equality. `placeholder`, `close`: unequal in a way that has a usual cause.
 */
export const BIRTH_GRADES = [
  'same',
  'new-year',
  'part',
  'swapped',
  'placeholder',
  'close',
  'different',
  'absent',
] as const;
export type BirthGrade = (typeof BIRTH_GRADES)[number];

export type BirthLevel = {
  readonly label: string;
  readonly grade: BirthGrade;
  /** 0–99: how alike the dates are. */
  readonly score: number;
  /** What the level weighs: log2 of how much oftener it is met with the right person than with another. */
  readonly bits: number;
};

export const BIRTH_LEVELS = {
  SAME_DATE: { label: 'SAME_DATE', grade: 'same', score: 99, bits: 14.5 },
  SAME_NEW_YEAR: { label: 'SAME_NEW_YEAR', grade: 'new-year', score: 97, bits: 5.5 },
  SAME_MONTH: { label: 'SAME_MONTH', grade: 'part', score: 96, bits: 9 },
  SAME_YEAR: { label: 'SAME_YEAR', grade: 'part', score: 95, bits: 5.5 },
  SWAPPED: { label: 'SWAPPED', grade: 'swapped', score: 85, bits: 8 },
  PLACEHOLDER: { label: 'PLACEHOLDER', grade: 'placeholder', score: 80, bits: 3 },
  CLOSE: { label: 'CLOSE', grade: 'close', score: 60, bits: 1 },
  DIFFERENT: { label: 'DIFFERENT', grade: 'different', score: 0, bits: -9 },
  NOT_IN_REGISTER: { label: 'NOT_IN_REGISTER', grade: 'absent', score: 0, bits: 0 },
  UNUSABLE: { label: 'UNUSABLE', grade: 'absent', score: 0, bits: 0 },
} as const satisfies Record<string, BirthLevel>;
