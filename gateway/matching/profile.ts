/**
 * Which rules compared a row. The version goes into every answer; it changes whenever any answer could change.
 */
export const PROFILE = {
  id: 'lt-vn-2',
  version: '2.3.0',
} as const;

/** Longest input read, in UTF-16 code units. Longer ones are refused before any work is done on them. */
export const LIMITS = {
  name: 200,
  idNumber: 64,
  birthDate: 60,
  /** The text of a card, in the cell of a number or a date. */
  card: 200,
} as const;

/** The least width that a file's profile may say names are cut at, in UTF-16 code units; real fields are wider. 0 is none. */
export const LEAST_NAME_WIDTH = 12;

export function isNameWidth(width: number): boolean {
  return width === 0 || (Number.isInteger(width) && width >= LEAST_NAME_WIDTH && width <= LIMITS.name);
}

/**
 * How much doubt an agreement tolerates.
 * `exact`: ID, name and date equal once the profile has folded writing habits; nothing in between.
 * `standard`: damage that explains itself is verified, one doubt is PROBABLE.
 * `review`: as standard, and near misses go to a person instead of being answered MISMATCH.
 */
export const STRICTNESS = ['exact', 'standard', 'review'] as const;
export type Strictness = (typeof STRICTNESS)[number];

/**
 * What a first pass over a whole file learnt of its habits. It enables repairs while a row is **read**
 * (`read-row.ts`); the comparison never sees it, so it cannot loosen one.
 */
export type FileProfile = {
  /** `month-first`: three-part dates that end in the year are read as MM/DD/YYYY. */
  readonly dateOrder: 'day-first' | 'month-first';
  /** 1 January stands for "day and month unknown" in this file: read as a bare year. */
  readonly newYearMeansUnknown: boolean;
  /** Names are cut off after this many UTF-16 code units, {@link LEAST_NAME_WIDTH} at least; 0 where they are not known to be. */
  readonly nameWidth: number;
  /** Dates that are day numbers count from 1904 instead of 1900. */
  readonly daysFrom1904: boolean;
};

/** Nothing is known of the file: no repair that needs such evidence runs. */
export const NO_HABITS: FileProfile = {
  dateOrder: 'day-first',
  newYearMeansUnknown: false,
  nameWidth: 0,
  daysFrom1904: false,
};
