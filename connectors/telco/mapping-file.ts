import { readFile, writeFile } from 'node:fs/promises';
import { filled, type Words } from '../../gateway/errors/words.ts';
import { isNameWidth, LEAST_NAME_WIDTH, LIMITS } from '../../gateway/matching/profile.ts';
import { MOST_HEADER_LINE } from '../kit/csv-header.ts';
import { type Encoding, parseEncoding } from '../kit/decode/encodings.ts';
import { KitError } from '../kit/kit-error.ts';
import type { StatedProfile } from '../kit/learn/finding.ts';
import { systemCode } from '../kit/system-code.ts';
import { unreadableFile } from '../kit/unreadable-file.ts';
import { A_MEMBER, MAPPING_WANTED } from './mapping-words.ts';

/**
 * How a telco's file is to be read: `mapping.json`, format `lienthong-telco-mapping/1`. Written by `telco inspect`, edited by
 * people, used by `telco verify`. A closed shape: a member that is not known is a mistake that would go unseen.
 */
export const MAPPING_FORMAT = 'lienthong-telco-mapping/1';
export const MAPPING_COLUMNS = ['row_id', 'msisdn', 'id_number', 'full_name', 'date_of_birth'] as const;

export type MappingFile = {
  /** The file's own header of each column. */
  readonly columns: Readonly<Record<(typeof MAPPING_COLUMNS)[number], string>>;
  /** Of a workbook; the first where none is named. */
  readonly sheet?: string | undefined;
  /** Line or row of the header; the first that is not empty where none is said. */
  readonly headerLine?: number | undefined;
  /** What is undefined is learnt of the file. */
  readonly stated: StatedProfile;
};

const MEMBERS = [
  ...['format', 'columns', 'sheet', 'header_line', 'encoding', 'date_order', 'new_year_unknown', 'name_width'],
  'days_from',
];
const LONGEST_HEADER = 200;

/** Where a file's mapping is looked for when none is named. */
export function mappingPathOf(file: string): string {
  return `${file}.mapping.json`;
}

/** As it is written: every member, with null for what is learnt of the file. */
export function mappingText({ columns, sheet, headerLine, stated }: MappingFile): string {
  const { daysFrom1904 } = stated;
  const members = {
    format: MAPPING_FORMAT,
    columns: Object.fromEntries(MAPPING_COLUMNS.map((name) => [name, columns[name]])),
    sheet: sheet ?? null,
    header_line: headerLine ?? null,
    encoding: stated.encoding ?? null,
    date_order: stated.dateOrder ?? null,
    new_year_unknown: stated.newYearMeansUnknown ?? null,
    name_width: stated.nameWidth ?? null,
    days_from: daysFrom1904 === undefined ? null : daysFrom1904 ? 1904 : 1900,
  };
  return `${JSON.stringify(members, null, 2)}\n`;
}

/** Throws KitError OUTPUT_UNWRITABLE. */
export async function writeMapping(path: string, mapping: MappingFile): Promise<void> {
  try {
    await writeFile(path, mappingText(mapping), { mode: 0o600 });
  } catch (error) {
    throw new KitError('OUTPUT_UNWRITABLE', { file: path, code: systemCode(error) }, { cause: error });
  }
}

/** Throws KitError FILE_MISSING, MAPPING_WRONG, which names the member. */
export async function readMapping(path: string): Promise<MappingFile> {
  const found = await findMapping(path);
  if (found === undefined) throw new KitError('FILE_MISSING', { file: path });
  return found;
}

/** The mapping where there is one. Throws KitError MAPPING_WRONG. */
export async function findMapping(path: string): Promise<MappingFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw unreadableFile(path, error);
  }
  return parseMapping(text, path);
}

type Wrong = (member: string | Words, wanted: Words) => KitError;

/** @param file for the message */
export function parseMapping(text: string, file: string): MappingFile {
  const wrong: Wrong = (member, wanted) => new KitError('MAPPING_WRONG', { file, member, wanted });
  const json = objectOf(text.replace(/^\ufeff/, ''));
  if (json === undefined) throw wrong('JSON', MAPPING_WANTED.object);
  if (json.format !== MAPPING_FORMAT) throw wrong('format', filled(MAPPING_WANTED.format, { format: MAPPING_FORMAT }));
  const unknown = Object.keys(json).find((member) => !MEMBERS.includes(member));
  if (unknown !== undefined) throw wrong(named(unknown), filled(MAPPING_WANTED.oneOf, { names: MEMBERS.join(', ') }));

  /** The member where it is there and not null. */
  function optional<T>(member: string, wanted: Words, read: (value: unknown) => T | undefined): T | undefined {
    const value = json?.[member] ?? null;
    if (value === null) return undefined;
    const found = read(value);
    if (found === undefined) throw wrong(member, filled(MAPPING_WANTED.orNull, { wanted }));
    return found;
  }

  return {
    columns: columnsOf(json.columns, wrong),
    sheet: optional('sheet', MAPPING_WANTED.sheet, (value) =>
      typeof value === 'string' && value !== '' ? value : undefined,
    ),
    headerLine: optional(
      'header_line',
      filled(MAPPING_WANTED.wholeNumber, { least: 1, most: MOST_HEADER_LINE }),
      (value) => (isHeaderLine(value) ? value : undefined),
    ),
    stated: {
      encoding: optional('encoding', MAPPING_WANTED.encoding, (value): Encoding | undefined =>
        typeof value === 'string' ? parseEncoding(value) : undefined,
      ),
      dateOrder: optional('date_order', MAPPING_WANTED.dateOrder, (value) =>
        value === 'day-first' || value === 'month-first' ? value : undefined,
      ),
      newYearMeansUnknown: optional('new_year_unknown', MAPPING_WANTED.trueOrFalse, (value) =>
        typeof value === 'boolean' ? value : undefined,
      ),
      nameWidth: optional(
        'name_width',
        filled(MAPPING_WANTED.nameWidth, { least: LEAST_NAME_WIDTH, most: LIMITS.name }),
        (value) => (typeof value === 'number' && isNameWidth(value) ? value : undefined),
      ),
      daysFrom1904: optional('days_from', MAPPING_WANTED.daysFrom, (value) =>
        value === 1900 || value === 1904 ? value === 1904 : undefined,
      ),
    },
  };
}

function isHeaderLine(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_HEADER_LINE;
}

function columnsOf(value: unknown, wrong: Wrong): MappingFile['columns'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('columns', MAPPING_WANTED.object);
  const columns = value as Readonly<Record<string, unknown>>;
  const names: readonly string[] = MAPPING_COLUMNS;
  const unknown = Object.keys(columns).find((name) => !names.includes(name));
  if (unknown !== undefined) throw wrong(inColumns(unknown), filled(MAPPING_WANTED.oneOf, { names: names.join(', ') }));
  const header = (name: string): string => {
    const text = columns[name];
    if (typeof text === 'string' && text.trim() !== '' && text.length <= LONGEST_HEADER) return text;
    throw wrong(`columns.${name}`, MAPPING_WANTED.header);
  };
  return {
    row_id: header('row_id'),
    msisdn: header('msisdn'),
    id_number: header('id_number'),
    full_name: header('full_name'),
    date_of_birth: header('date_of_birth'),
  };
}

/** A member's name as a message may show it. */
function named(member: string): string | Words {
  return /^\w{1,40}$/.test(member) ? member : A_MEMBER;
}

function inColumns(name: string): string | Words {
  const shown = named(name);
  return typeof shown === 'string' ? `columns.${shown}` : { en: `columns.${shown.en}`, vi: `columns.${shown.vi}` };
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said by whoever asked: JSON.parse would quote the file.
  }
  return undefined;
}
