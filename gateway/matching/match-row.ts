import { parseBirthDate } from './parse-birth-date.ts';
import { ID_KINDS, type IdKind, parseIdNumber } from './parse-id-number.ts';
import { type FileProfile, NO_HABITS } from './profile.ts';

/**
 * A row of an agency, ready to be judged. Mutable and meant to be kept: the bulk path fills one row object again and
 * again. An unusable ID has kind 0 and an unusable date is 0, each with its problem in the reasons.
 */
export type MatchRow = {
  idKind: IdKind;
  /** 12 digits as a number ≥ 1_000_000_000, a CMND below; 0 none. */
  idNumber: number;
  /** Word 0 of a reason set: what reading the ID number had to repair. */
  idReasons: number;
  name: string;
  /** Word 1: what reading the name had to repair before it can be compared. */
  nameReasons: number;
  /** Packed YYYYMMDD, 00 for unknown parts, 0 none. */
  birthDate: number;
  /** Word 2: what reading the date had to repair. */
  birthReasons: number;
};

export function createMatchRow(): MatchRow {
  return { idKind: ID_KINDS.NONE, idNumber: 0, idReasons: 0, name: '', nameReasons: 0, birthDate: 0, birthReasons: 0 };
}

/** The three cells as the agency's file has them, decoded to Unicode and otherwise untouched. */
export type RowText = { readonly idNumber: string; readonly name: string; readonly birthDate: string };

/**
 * Reads the cells of a row. The only place where a file's habits have a say: they enable repairs of reading.
 * Never throws.
 */
export function readRow(text: RowText, habits: FileProfile = NO_HABITS, into: MatchRow = createMatchRow()): MatchRow {
  const id = parseIdNumber(text.idNumber);
  const birth = parseBirthDate(text.birthDate, habits);
  into.idKind = id.kind;
  into.idNumber = id.value;
  into.idReasons = id.reasons;
  into.name = text.name;
  into.nameReasons = 0;
  into.birthDate = birth.value;
  into.birthReasons = birth.reasons;
  return into;
}
