/** The levels of a comparison of two dates of birth, from equal to different; the first that fits is the answer. */

/**
 * What a level is worth. `same`: the same full date. `new-year`: the same date, but 1 January, which may stand for an
 * unknown day: as weak as a year. `part`: equal on what is known. `swapped`, `placeholder`, `close`: unequal in a way
 * that has a usual cause.
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

export type BirthLevel = { readonly label: string; readonly grade: BirthGrade; readonly score: number };

export const BIRTH_LEVELS = {
  SAME_DATE: { label: 'SAME_DATE', grade: 'same', score: 99 },
  SAME_NEW_YEAR: { label: 'SAME_NEW_YEAR', grade: 'new-year', score: 97 },
  SAME_PARTS: { label: 'SAME_PARTS', grade: 'part', score: 95 },
  SWAPPED: { label: 'SWAPPED', grade: 'swapped', score: 85 },
  PLACEHOLDER: { label: 'PLACEHOLDER', grade: 'placeholder', score: 80 },
  CLOSE: { label: 'CLOSE', grade: 'close', score: 60 },
  DIFFERENT: { label: 'DIFFERENT', grade: 'different', score: 0 },
  NOT_IN_REGISTER: { label: 'NOT_IN_REGISTER', grade: 'absent', score: 0 },
  UNUSABLE: { label: 'UNUSABLE', grade: 'absent', score: 0 },
} as const satisfies Record<string, BirthLevel>;

export type BirthLevelLabel = keyof typeof BIRTH_LEVELS;
