/**
 * The levels of a name comparison, from equal to different; the first that fits is the answer.
 * A new class of damage is a new level at its place in this list (with its reason and golden cases).
 */

/**
 * What a level may lead to. `same`: the same name, in any writing. `damaged`: the same name in a writing that lost
 * something and says what. `near`: one stated doubt. `close`: more than one. Names are TRUE on `same` and `damaged`.
 */
export const NAME_GRADES = ['same', 'damaged', 'near', 'close', 'different', 'absent'] as const;
export type NameGrade = (typeof NAME_GRADES)[number];

export type NameLevel = {
  readonly label: string;
  readonly grade: NameGrade;
  /** 0–99 for a name that is not the same; undefined where the letters are measured. */
  readonly score: number | undefined;
  /** Bits that this level adds to those of the words that agree; negative: what the damage takes away. */
  readonly bits: number;
};

export const NAME_LEVELS = {
  IDENTICAL: { label: 'IDENTICAL', grade: 'same', score: 99, bits: 0 },
  WRITTEN_FORM: { label: 'WRITTEN_FORM', grade: 'same', score: 99, bits: 0 },
  SPELLING: { label: 'SPELLING', grade: 'same', score: 99, bits: 0 },
  WORD_BREAKS: { label: 'WORD_BREAKS', grade: 'damaged', score: 98, bits: -0.5 },
  MARKS_MISSING: { label: 'MARKS_MISSING', grade: 'damaged', score: 97, bits: -1.5 },
  MARKS_NOT_IN_REGISTER: { label: 'MARKS_NOT_IN_REGISTER', grade: 'damaged', score: 97, bits: -1.5 },
  WORDS_WITHOUT_MARKS: { label: 'WORDS_WITHOUT_MARKS', grade: 'damaged', score: 95, bits: -2 },
  ONE_WORD_MARKS: { label: 'ONE_WORD_MARKS', grade: 'near', score: 93, bits: -5 },
  MARKS_PARTLY_MISSING: { label: 'MARKS_PARTLY_MISSING', grade: 'near', score: 92, bits: -4 },
  NAME_ORDER: { label: 'NAME_ORDER', grade: 'damaged', score: 92, bits: -1.5 },
  MIDDLE_NAME: { label: 'MIDDLE_NAME', grade: 'damaged', score: 90, bits: -2 },
  CUT: { label: 'CUT', grade: 'damaged', score: 90, bits: -3 },
  LETTERS_LOST: { label: 'LETTERS_LOST', grade: 'damaged', score: 88, bits: -3 },
  SEVERAL_MARKS: { label: 'SEVERAL_MARKS', grade: 'near', score: 86, bits: -7 },
  ABBREVIATED: { label: 'ABBREVIATED', grade: 'damaged', score: 85, bits: -2 },
  EXTRA_WORDS: { label: 'EXTRA_WORDS', grade: 'damaged', score: 85, bits: -3 },
  MISTYPED: { label: 'MISTYPED', grade: 'damaged', score: 85, bits: -4 },
  CUT_WITHIN: { label: 'CUT_WITHIN', grade: 'damaged', score: 86, bits: -4 },
  CUT_SHORT: { label: 'CUT_SHORT', grade: 'near', score: 84, bits: -5 },
  PART_MISSING: { label: 'PART_MISSING', grade: 'near', score: 84, bits: -5 },
  ONE_LETTER: { label: 'ONE_LETTER', grade: 'near', score: undefined, bits: -6 },
  SIMILAR: { label: 'SIMILAR', grade: 'close', score: undefined, bits: -9 },
  DIFFERENT: { label: 'DIFFERENT', grade: 'different', score: undefined, bits: -20 },
  NOT_IN_REGISTER: { label: 'NOT_IN_REGISTER', grade: 'absent', score: undefined, bits: 0 },
  UNUSABLE: { label: 'UNUSABLE', grade: 'absent', score: undefined, bits: 0 },
} as const satisfies Record<string, NameLevel>;

/** A measured score never reaches the score of a level that names its difference. */
export const SIMILAR_UP_TO = 83;
