import { type BirthReading, parseBirthDate } from './parse-birth-date.ts';
import { ID_KINDS, type IdKind, parseIdNumber } from './parse-id-number.ts';
import { type FileProfile, LIMITS, NO_HABITS } from './profile.ts';
import { bitOf } from './reasons.ts';
import { type RowText, rearranged } from './row-cells.ts';

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
  /** Where the file cuts its names off, in UTF-16 code units; 0 where it is not known to. */
  nameWidth: number;
  /** Packed YYYYMMDD, 00 for unknown parts, 0 none. */
  birthDate: number;
  /** Word 2: what reading the date had to repair. */
  birthReasons: number;
};

export function createMatchRow(): MatchRow {
  return {
    idKind: ID_KINDS.NONE,
    idNumber: 0,
    idReasons: 0,
    name: '',
    nameWidth: 0,
    birthDate: 0,
    birthReasons: 0,
  };
}

/**
 * Reads the cells of a row. The only place where a file's habits have a say: they enable repairs of reading.
 * Never throws.
 */
export function readRow(given: RowText, habits: FileProfile = NO_HABITS, into: MatchRow = createMatchRow()): MatchRow {
  let id = parseIdNumber(given.idNumber);
  const moved = id.reasons === 0 ? undefined : rearranged(given);
  const text = moved ?? given;
  if (moved !== undefined) id = parseIdNumber(moved.idNumber);
  let { name } = text;
  let birth = parseBirthDate(text.birthDate, habits);
  if (moved !== undefined) birth = { ...birth, reasons: birth.reasons | COLUMNS_SHIFTED };
  if (id.kind === ID_KINDS.NONE && name.length <= LIMITS.name) {
    // Number and name in each other's column: only where each is nothing in its own.
    const swapped = LONG_NUMBER.test(name) && NO_NUMBER.test(text.idNumber) ? parseIdNumber(name) : id;
    if (swapped.kind !== ID_KINDS.NONE) {
      id = swapped;
      name = text.idNumber;
      birth = { ...birth, reasons: birth.reasons | COLUMNS_SHIFTED };
    }
  }
  if (birth.value === 0 && HAS_DIGIT.test(name)) {
    const shifted = fromWrongColumns(text, habits);
    if (shifted !== undefined) ({ name, birth } = shifted);
  }
  into.idKind = id.kind;
  into.idNumber = id.value;
  into.idReasons = id.reasons;
  into.name = name;
  into.nameWidth = habits.nameWidth;
  into.birthDate = birth.value;
  into.birthReasons = birth.reasons;
  return into;
}

const COLUMNS_SHIFTED = bitOf('COLUMNS_SHIFTED');
const HAS_DIGIT = /\d/;
/** A number and what separates its digits. */
const LONG_NUMBER = /^[\s'"=]*\d(?:[\s.,'"/_-]*\d){7,}[\s'".,]*$/;
/** A name: letters, and not one digit. */
const NO_NUMBER = /^(?=.*\p{L}.*\p{L})\D{2,200}$/u;
/** A name with a date behind it, or a date alone. */
const NAME_AND_DATE = /^(.*\p{L}.*?)[,;|\t\s]+(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{8})\s*$/u;

/** Name and date in each other's column, or both in the name's: read where they stand, if that gives a name and a date. */
function fromWrongColumns(text: RowText, habits: FileProfile): { name: string; birth: BirthReading } | undefined {
  if (text.name.length > LIMITS.name) return undefined;
  const both = NAME_AND_DATE.exec(text.name);
  const [name, date] = both === null ? [text.birthDate, text.name] : [both[1] ?? '', both[2] ?? ''];
  const birth = parseBirthDate(date, habits);
  if (birth.value === 0 || !/\p{L}.*\p{L}/u.test(name) || /\d/.test(name)) return undefined;
  return { name, birth: { ...birth, reasons: birth.reasons | COLUMNS_SHIFTED } };
}
