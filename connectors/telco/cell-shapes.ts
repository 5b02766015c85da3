import { ID_KINDS, parseBirthDate, parseIdNumber } from '../../gateway/matching/index.ts';
import type { ColumnName } from './column-words.ts';

/** What the cells of one column look like, as shares of those that are not empty. */
export type ColumnShape = Readonly<Record<ColumnName, number>> & {
  readonly filled: number;
  /** Those that are numbers of the new kind, with twelve digits. */
  readonly personalId: number;
  /** Years of those that are dates, the one in the middle. */
  readonly middleYear: number;
};

/** With or without the zero that spreadsheets eat, or the country before it. */
const PHONE = /^(?:\+?84|0)?[35789]\d{8}$/;
const NAME = /^(?=.*\p{L})[\p{L}\p{M}\p{S}\p{P}\p{Cf} ]{2,80}$/u;
const OLD_PHONE = /^0?16\d{8}$|^0?12\d{8}$/;

export function shapeOf(cells: readonly string[]): ColumnShape {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  const share = (fits: (cell: string) => boolean): number =>
    filled.length === 0 ? 0 : filled.filter(fits).length / filled.length;
  const years: number[] = [];
  const date = share((cell) => {
    const year = yearOf(cell);
    if (year >= 1000) years.push(year);
    return year > 0;
  });
  return {
    filled: cells.length === 0 ? 0 : filled.length / cells.length,
    row_id: new Set(filled).size === filled.length ? share((cell) => cell.length <= 64) : 0,
    msisdn: share(isPhone),
    id_number: share(isIdNumber),
    personalId: share((cell) => parseIdNumber(cell).kind === ID_KINDS.PERSONAL),
    full_name: share((cell) => NAME.test(cell) && cell.includes(' ')),
    date_of_birth: date,
    middleYear: years.toSorted((a, b) => a - b)[years.length >> 1] ?? 0,
  };
}

export function isPhone(cell: string): boolean {
  return PHONE.test(digits(cell)) || OLD_PHONE.test(digits(cell));
}

/** Whether it is a date with its whole year. */
export function isDate(cell: string): boolean {
  return yearOf(cell) >= 1000;
}

/** A number of nine digits and more is read as no date, but one of five is a day number. */
function yearOf(cell: string): number {
  return /^\d{9,}$/.test(cell) ? 0 : Math.floor(parseBirthDate(cell).value / 10_000);
}

function isIdNumber(cell: string): boolean {
  const { kind } = parseIdNumber(cell);
  if (kind === ID_KINDS.NONE) return false;
  // Nine digits that begin as a mobile number does are rather that, unless they stand among longer ones.
  return kind === ID_KINDS.PERSONAL ? !PHONE.test(digits(cell)) : digits(cell).length === 9;
}

/** Without what people put between digits. */
export function digits(cell: string): string {
  return cell.replace(/[\s.()'"=-]/g, '');
}
