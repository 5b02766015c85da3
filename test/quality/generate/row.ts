/** A labelled row of the subscriber file. */

/** The three cells as the agency has them. */
export interface Claim {
  readonly idNumber: string;
  readonly name: string;
  readonly birthDate: string;
}

/**
 * - `same`: the number is the person's own, now or formerly, and can be read out of the cell by who knows how.
 * - `different`: the number is a living other person's; name and date are the subject's.
 * - `absent`: the number is nobody's.
 * - `unreadable`: a cell says nothing that anybody could use.
 */
export const KINDS = ['same', 'different', 'absent', 'unreadable'] as const;
export type Kind = (typeof KINDS)[number];

export interface Shown extends Claim {
  /** Index of the person whom the row means. */
  readonly subject: number;
  /** Index of the person whose number it shows; undefined for nobody's. */
  readonly holder: number | undefined;
  /** Damages done, `area.name`. */
  readonly damages: readonly string[];
}

export interface Row extends Shown {
  /** From 1, in the order of the file. */
  readonly rowId: number;
  readonly kind: Kind;
  /** The line of the table that this row counts in. */
  readonly label: string;
}
