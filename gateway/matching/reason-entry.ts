/** The shape of one reason; the reasons themselves stand in `id-reasons`, `name-reasons` and `birth-reasons`. */

/** The field that a reason speaks of. A caller without a grant for that field does not get the reason. */
export type ReasonField = 'id' | 'name' | 'birth' | 'row';

/**
 * `problem`: the value cannot be used; of a number or a name, the row is INVALID. `repair`: read or equated by a rule with one possible
 * outcome. `guess`: read by a rule that name and date have to confirm. `difference`: the values differ in this way.
 * `note`: neither; something that the reader should know.
 */
export type ReasonKind = 'problem' | 'repair' | 'guess' | 'difference' | 'note';

export type ReasonEntry = {
  /** 1–95, bit of the packed set; never re-used. 1–31 ID, 32–63 name, 64–87 birth date, 88–95 the row as a whole. */
  readonly code: number;
  readonly field: ReasonField;
  readonly kind: ReasonKind;
  /** A sentence for the person who reads the results file. */
  readonly vi: string;
  readonly en: string;
};
