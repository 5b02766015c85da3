/** Why a row does not go in. A closed set: a reject names line, column and reason, never the value. */

import { ToldError, type Words } from '../../errors/words.ts';

export const REJECT_REASONS = {
  COLUMN_COUNT: 'The row has more or fewer cells than the header.',
  QUOTES: 'Quotes are not closed or stand inside an unquoted cell.',
  ENCODING: 'The cell is not UTF-8.',
  CONTROL_CHARACTER: 'The cell holds a control character.',
  TOO_LONG: 'The cell is longer than 1,000 characters.',
  REQUIRED: 'The cell must not be empty.',
  NUMBER_FORMAT: 'A personal ID has 12 digits and does not begin with 000.',
  PREFIX_SYNTHETIC: 'The prefixes 900 to 999 are of synthetic people, which a production deployment refuses.',
  OLD_NUMBER_FORMAT: 'An old card number has 9 digits.',
  DATE_FORMAT: 'A date is YYYY, YYYY-MM or YYYY-MM-DD, from 1850 to 2150, and exists.',
  DATE_FUTURE: 'The date lies after the import.',
  CODE_UNKNOWN: 'The cell is none of the codes of its column.',
  UNIT_FORMAT: 'An administrative unit is a code, or code@catalogue.',
  MOBILE_FORMAT: 'A mobile number is 10 digits from 0, or + and 8 to 15 digits.',
  LIST_LENGTH: 'Two columns that belong together hold lists of different length.',
  STATUS_CONFLICT: 'status and id_status contradict each other.',
  SUPERSEDED_BY_MISSING: 'A superseded number needs superseded_by.',
  SUPERSEDED_BY_UNEXPECTED: 'A current number has no superseded_by.',
  SUPERSEDED_BY_SELF: 'A number does not supersede itself.',
  SUPERSEDED_BY_UNKNOWN: 'superseded_by leads to no person of the register or of this file.',
  SUPERSEDED_BY_CYCLE: 'superseded_by leads back to this number.',
  DUPLICATE: 'The number stands in an earlier line of this file.',
  NUMBER_OF_ANOTHER: 'The register holds this number as an earlier one of another person.',
} as const;

export type RejectReason = keyof typeof REJECT_REASONS;

/** One rejected row. `line` counts from 1, the header; `column` as the header names it, empty for the whole row. */
export interface Reject {
  readonly line: number;
  readonly column: string;
  readonly reason: RejectReason;
}

/** The file as a whole cannot be imported: nothing of it went in. */
export class ImportError extends ToldError {
  override readonly name = 'ImportError';
  readonly reason: 'HEADER' | 'FILE' | 'RECORD_TOO_LONG' | 'IMPORT_RUNNING' | 'DEPLOYMENT';
  constructor(reason: ImportError['reason'], words: Words, cause?: unknown) {
    super(words, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}
