import { LIMITS } from './profile.ts';

/** The three cells as the agency's file has them, decoded to Unicode and otherwise untouched. */
export type RowText = { readonly idNumber: string; readonly name: string; readonly birthDate: string };

/**
 * What stands in a cell that is not its own: a number of 12 digits, a name or a date. Nothing else is looked for, and
 * each once: a row says one thing of each kind or is left as it is.
 */
const NUMBER = /^[\s'"=]*(\d{12})[\s'".,]*$/;
const DATE = /^\s*(?:(?:\d{1,2}[/.-]){0,2}(?:19|20)\d{2}|(?:19|20)\d{2}(?:[/.-]\d{1,2}){1,2})\s*$/;
const NAME = /^(?=[^\p{L}]*\p{L}.*\p{L})\D{2,200}$/u;

/** A number among words, with no other digit; and a number beside a date. */
const NUMBER_IN_NAME = /^(\D*)(?<!\d)(\d{12})(?!\d)(\D*)$/u;
const NUMBER_AND_DATE = /^\s*(\d{12}|\d{9})[\s;,|–-]+(\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{1,2}-\d{1,2})\s*$/;

const isBlank = (cell: string): boolean => cell.trim() === '';

/**
 * The cells of a row where each belongs: in each other's columns, all of them in one, or the number in the name's or with
 * the date in its own. Undefined where the row stands as it should or as nobody can tell. For rows whose number could not
 * be read as it stands. Total, linear.
 */
export function rearranged(text: RowText): RowText | undefined {
  const { idNumber, name, birthDate } = text;
  if (idNumber.length + name.length + birthDate.length > LIMITS.name) return undefined;
  const cells = [idNumber, name, birthDate].filter((cell) => !isBlank(cell));
  if (cells.length === 3) return NUMBER.test(idNumber) ? undefined : byKind(cells);
  const [only = ''] = cells;
  if (cells.length === 1) return byKind(only.split(/[;,|\t\n]/).filter((part) => !isBlank(part)));
  if (isBlank(idNumber)) return numberFromName(text);
  return isBlank(birthDate) ? dateFromNumber(text) : undefined;
}

function byKind(cells: readonly string[]): RowText | undefined {
  if (cells.length !== 3) return undefined;
  const idNumber = cells.find((cell) => NUMBER.test(cell));
  const birthDate = cells.find((cell) => DATE.test(cell));
  const name = cells.find((cell) => NAME.test(cell));
  return idNumber === undefined || birthDate === undefined || name === undefined
    ? undefined
    : { idNumber: idNumber.trim(), name: name.trim(), birthDate: birthDate.trim() };
}

function numberFromName({ name, birthDate }: RowText): RowText | undefined {
  const [, before = '', number, behind = ''] = NUMBER_IN_NAME.exec(name) ?? [];
  const rest = `${before} ${behind}`;
  return number === undefined || !NAME.test(rest) ? undefined : { idNumber: number, name: rest.trim(), birthDate };
}

function dateFromNumber({ idNumber, name }: RowText): RowText | undefined {
  const [, number, date] = NUMBER_AND_DATE.exec(idNumber) ?? [];
  return number === undefined || date === undefined ? undefined : { idNumber: number, name, birthDate: date };
}
