/**
 * The levels of a name comparison, from equal to different; the first that fits is the answer.
 * A new class of damage is a new level at its place in this list (with its reason and golden cases).
 */

/**
 * What a level is worth. `same`: the same name. `damaged`: the same name, in a writing that lost so much that only a
 * full date of birth beside it makes it certain. `near`: one stated doubt. `close`: other letters, but few.
 */
export const NAME_GRADES = ['same', 'damaged', 'near', 'close', 'different', 'absent'] as const;
export type NameGrade = (typeof NAME_GRADES)[number];

export type NameLevel = {
  readonly label: string;
  readonly grade: NameGrade;
  /** 0–99 for a name that is not the same; undefined where the letters are measured. */
  readonly score: number | undefined;
};

export const NAME_LEVELS = {
  IDENTICAL: { label: 'IDENTICAL', grade: 'same', score: 99 },
  WRITTEN_FORM: { label: 'WRITTEN_FORM', grade: 'same', score: 99 },
  SPELLING: { label: 'SPELLING', grade: 'same', score: 99 },
  WORD_BREAKS: { label: 'WORD_BREAKS', grade: 'damaged', score: 98 },
  MARKS_MISSING: { label: 'MARKS_MISSING', grade: 'damaged', score: 97 },
  ONE_WORD_MARKS: { label: 'ONE_WORD_MARKS', grade: 'near', score: 93 },
  MARKS_PARTLY_MISSING: { label: 'MARKS_PARTLY_MISSING', grade: 'near', score: 92 },
  MARKS_NOT_IN_REGISTER: { label: 'MARKS_NOT_IN_REGISTER', grade: 'near', score: 92 },
  NAME_ORDER: { label: 'NAME_ORDER', grade: 'near', score: 92 },
  MIDDLE_NAME: { label: 'MIDDLE_NAME', grade: 'near', score: 90 },
  LETTERS_LOST: { label: 'LETTERS_LOST', grade: 'near', score: 88 },
  ABBREVIATED: { label: 'ABBREVIATED', grade: 'near', score: 85 },
  SIMILAR: { label: 'SIMILAR', grade: 'close', score: undefined },
  DIFFERENT: { label: 'DIFFERENT', grade: 'different', score: undefined },
  NOT_IN_REGISTER: { label: 'NOT_IN_REGISTER', grade: 'absent', score: undefined },
  UNUSABLE: { label: 'UNUSABLE', grade: 'absent', score: undefined },
} as const satisfies Record<string, NameLevel>;

export type NameLevelLabel = keyof typeof NAME_LEVELS;

/** A measured score from here on is SIMILAR. */
export const SIMILAR_FROM = 80;
/** A measured score never reaches the score of a level that names its difference. */
export const SIMILAR_UP_TO = 84;
