import { ID_KINDS, parseBirthDate, parseIdNumber } from '../../gateway/matching/index.ts';
import { foldedHeader, type WantedColumn } from '../kit/csv-header.ts';
import type { Encoding } from '../kit/decode/encodings.ts';
import type { InputFile } from '../kit/input-file.ts';
import { KitError } from '../kit/kit-error.ts';
import { printable } from '../kit/printable.ts';
import { digits, isDate, isPhone, shapeOf } from './cell-shapes.ts';
import { headerSays } from './column-words.ts';
import { type FileHead, readHead } from './file-head.ts';
import { LAST_MIDDLE_YEAR } from './propose-columns.ts';

const JUDGED = ['id_number', 'full_name', 'date_of_birth'] as const;
type Judged = (typeof JUDGED)[number];
type HeadColumn = FileHead['columns'][number];

/** Of fewer different cells nothing is concluded: a short file, or one where a word for "unknown" stands in every row. */
const LEAST_CELLS = 10;
const FITS = 0.5;

const PASSPORT = /^[A-Z]{1,2}\d{6,8}$/i;
/** A number that was cut, or has signs in the place of digits. */
const CUT_OR_MASKED = /^(?=.*\d)[\dx*#?•\ufffd]{8,13}$/i;
/** With the country, or without the zero: no old card's number begins with these, whose provinces are 01 to 38. */
const MOBILE_READ_AS_ID = /^(?:\+?84[35789]\d{8}|[5789]\d{8})$/;
const ID_DAMAGED: ReadonlySet<string> = new Set(['ID_DIGITS_LOST', 'ID_TWO_READINGS', 'ID_PLACEHOLDER', 'ID_MISSING']);
const DATE_OTHERWISE: ReadonlySet<string> = new Set(['BIRTH_DATE_FORMAT', 'BIRTH_DATE_TOO_LONG']);
/** A letter by its number: of a name that a page or a program wrote so. */
const ESCAPED_LETTER = /&#?\w{1,8};|\\u[\da-f]{4}|_x[\da-f]{4}_|[%=][\da-f]{2}/gi;
const PERSONAL_ID = /^\s*\d{3}([0-3])(\d{2})\d{6}\s*$/;

/**
 * Demands that the three columns that people are asked about by can be what they are said to be: a wrong one answers no row, and
 * spends for a month what each person's fields may be got wrong. Only the first half megabyte is looked at; of a file that cannot
 * be read its reading says why.
 *
 * Damage is no doubt: a cell counts against its column only where it cannot be such a number, name or date in any state, equal
 * cells count once, and of fewer than ten nothing is concluded.
 *
 * Throws KitError MAPPING_DOUBTFUL.
 */
export async function demandPlausible(
  file: Pick<InputFile, 'path' | 'headerLine'>,
  wanted: readonly WantedColumn[],
  encoding: Encoding | undefined,
): Promise<void> {
  const headers = JUDGED.map((member) => ({
    member,
    header: wanted.find(({ name }) => name === member)?.header ?? member,
  }));
  for (const [k, { member, header }] of headers.entries()) {
    const other = headers.slice(0, k).find((before) => foldedHeader(before.header) === foldedHeader(header));
    if (other !== undefined) throw doubtful(member, header, `SAME_COLUMN ${other.member}`);
  }
  const columns = await columnsOf(file, encoding);
  const of = (member: Judged): HeadColumn | undefined => {
    const header = headers.find((said) => said.member === member)?.header ?? member;
    return columns.find((column) => foldedHeader(column.header) === foldedHeader(header));
  };
  for (const { member } of headers) {
    const column = of(member);
    if (column === undefined) continue;
    const problem = otherCells(member, column) ?? (member === 'date_of_birth' && paperYears(column, of('id_number')));
    if (problem) throw doubtful(member, column.header, problem);
  }
}

async function columnsOf(
  { path, headerLine }: Pick<InputFile, 'path' | 'headerLine'>,
  encoding: Encoding | undefined,
): Promise<FileHead['columns']> {
  try {
    return (await readHead(path, encoding, headerLine)).columns;
  } catch (error) {
    if (error instanceof KitError) return [];
    throw error;
  }
}

function doubtful(member: Judged, column: string, problem: string): KitError {
  return new KitError('MAPPING_DOUBTFUL', { member, column: printable(column), problem });
}

function otherCells(member: Judged, { header, cells }: HeadColumn): string | undefined {
  const filled = different(cells);
  if (filled.length < LEAST_CELLS) return undefined;
  const { name } = headerSays(header);
  const couldBe = {
    id_number: couldBeNumber,
    full_name: couldBeName,
    // Nine digits and more are seconds of a birth only where the column says that it has births: else a telephone's.
    date_of_birth: (cell: string) => couldBeDate(cell) && (name === 'date_of_birth' || !/^\d{9,}$/.test(cell)),
  }[member];
  const fitting = filled.filter(couldBe).length;
  return fitting < filled.length * FITS ? `OTHER_CELLS ${fitting}/${filled.length}` : undefined;
}

/** Dates of issue, unless the file's own numbers say that so many were born in these years: children are insured too. */
function paperYears({ cells }: HeadColumn, ids: HeadColumn | undefined): string | undefined {
  const dates = different(cells).filter(isDate);
  const { middleYear } = shapeOf(dates);
  if (dates.length < LEAST_CELLS || middleYear <= LAST_MIDDLE_YEAR) return undefined;
  let [told, same] = [0, 0];
  cells.forEach((cell, i) => {
    const id = PERSONAL_ID.exec(ids?.cells[i] ?? '');
    const year = Math.floor(parseBirthDate(cell).value / 10_000);
    if (id === null || year === 0) return;
    told++;
    if (year === (Number(id[1]) < 2 ? 1900 : 2000) + Number(id[2])) same++;
  });
  return told > 0 && same >= told * FITS ? undefined : `YEARS_OF_PAPERS ${middleYear}`;
}

function couldBeNumber(cell: string): boolean {
  const { kind, problem = '' } = parseIdNumber(cell);
  if (isDate(cell)) return false;
  if (kind !== ID_KINDS.NONE) return !MOBILE_READ_AS_ID.test(digits(cell));
  return ID_DAMAGED.has(problem) || PASSPORT.test(cell) || (CUT_OR_MASKED.test(cell) && !isPhone(cell));
}

/** More letters than digits; a word that has both and no space is a code. */
function couldBeName(cell: string): boolean {
  const text = cell.replace(ESCAPED_LETTER, 'a');
  const numbers = text.match(/\d/g)?.length ?? 0;
  const letters = text.match(/[\p{L}\p{M}\ufffd]/gu)?.length ?? 0;
  return letters > numbers && (numbers === 0 || text.includes(' '));
}

function couldBeDate(cell: string): boolean {
  const { problem = '' } = parseBirthDate(cell);
  return !DATE_OTHERWISE.has(problem) || (!/\p{L}/u.test(cell) && digits(cell).length <= 8);
}

function different(cells: readonly string[]): string[] {
  return [...new Set(cells.map((cell) => cell.trim()))].filter((cell) => cell !== '');
}
