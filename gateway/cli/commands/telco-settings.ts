import type { Command } from 'commander';
import { MOST_HEADER_LINE } from '../../../connectors/kit/csv-header.ts';
import { parseColumns } from '../../../connectors/kit/define-connector.ts';
import { KitError } from '../../../connectors/kit/kit-error.ts';
import type { StatedProfile } from '../../../connectors/kit/learn/finding.ts';
import type { KitReason } from '../../../connectors/kit/messages.ts';
import { findMapping, mappingPathOf, readMapping } from '../../../connectors/telco/mapping-file.ts';
import { demandFits, tableElsewhere } from '../../../connectors/telco/mapping-fits.ts';
import { wholeNumber } from '../cli.ts';
import { addFileOptions, type FileOptions, parseStated } from './file-options.ts';

/** How a file is to be read: by the options, else by a mapping, else as it shows itself. */
export interface SettingsOptions extends FileOptions {
  readonly columns?: string;
  readonly sheet?: string;
  readonly headerLine?: string;
  /** A path, or false for none. */
  readonly mapping?: string | false;
}

export interface FileSettings {
  /** A path, or "-". */
  readonly file: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly sheet: string | undefined;
  readonly headerLine: number | undefined;
  readonly stated: StatedProfile;
  /** The mapping that was used, if one was. */
  readonly mapping: string | undefined;
}

export function addSettingsOptions(command: Command): Command {
  command
    .option('--mapping <file>', 'a mapping of "telco inspect" (default: <file>.mapping.json, where there is one)')
    .option('--no-mapping', 'none, also where one lies beside the file');
  return addReadingOptions(command);
}

/** Without a mapping: for who makes one. */
export function addReadingOptions(command: Command): Command {
  return addFileOptions(
    command
      .option('--columns <pairs>', "the file's own headers: id_number=SO_GTTT,full_name=HO_TEN,…")
      .option('--sheet <name>', 'of a workbook (default: the first)')
      .option('--header-line <n>', 'line or row that names the columns; what stands above it is not read'),
  );
}

/**
 * Options win, member by member. Throws CliProblem OPTION_WRONG, KitError COLUMN_UNKNOWN, FILE_MISSING, MAPPING_WRONG, and
 * MAPPING_STALE where a mapping that nobody named does not fit the file.
 */
export async function settingsOf(file: string, options: SettingsOptions): Promise<FileSettings> {
  const columns = options.columns === undefined ? {} : parseColumns(options.columns);
  const stated = parseStated(options);
  const line = wholeNumber('--header-line', options.headerLine, 1, MOST_HEADER_LINE);
  const path = typeof options.mapping === 'string' ? options.mapping : mappingPathOf(file);
  const mapping =
    typeof options.mapping === 'string'
      ? await readMapping(path)
      : options.mapping === false || file === '-'
        ? undefined
        : await findMapping(path);
  // Who names a mapping means it, and so does who says one of its members.
  if (mapping !== undefined && typeof options.mapping !== 'string') {
    const said = {
      encoding: stated.encoding === undefined ? mapping.stated.encoding : undefined,
      dateOrder: stated.dateOrder === undefined ? mapping.stated.dateOrder : undefined,
      readAs: stated.encoding ?? mapping.stated.encoding,
      birthColumn: columns.date_of_birth ?? mapping.columns.date_of_birth,
      headerLine: line ?? mapping.headerLine,
      ...(line !== undefined || mapping.headerLine === undefined
        ? {}
        : {
            place: {
              sheet: options.sheet ?? mapping.sheet,
              columns: { ...mapping.columns, ...columns },
              headerLine: mapping.headerLine,
            },
          }),
    };
    await demandFits(file, said, path);
  }
  return {
    file,
    columns: { ...mapping?.columns, ...columns },
    sheet: options.sheet ?? mapping?.sheet,
    headerLine: line ?? mapping?.headerLine,
    stated: {
      encoding: stated.encoding ?? mapping?.stated.encoding,
      dateOrder: stated.dateOrder ?? mapping?.stated.dateOrder,
      newYearMeansUnknown: stated.newYearMeansUnknown ?? mapping?.stated.newYearMeansUnknown,
      nameWidth: stated.nameWidth ?? mapping?.stated.nameWidth,
      daysFrom1904: stated.daysFrom1904 ?? mapping?.stated.daysFrom1904,
    },
    mapping: mapping === undefined ? undefined : path,
  };
}

const NO_HEADER: readonly KitReason[] = ['HEADER_WRONG', 'HEADER_LINE_WRONG', 'FILE_EMPTY'];

/**
 * Does work that reads a file. Where no header is, says where there is one; and names the mapping where that knows columns that the
 * file has not.
 */
export async function underMapping<T>(how: FileSettings, work: () => Promise<T>): Promise<T> {
  const { file, mapping, stated } = how;
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof KitError) || !NO_HEADER.includes(error.reason)) throw error;
    const elsewhere = file === '-' ? undefined : await tableElsewhere({ ...how, encoding: stated.encoding });
    if (elsewhere !== undefined) throw elsewhere;
    if (mapping === undefined || error.reason !== 'HEADER_WRONG') throw error;
    const needed = `${error.facts.needed} (${mapping}; --no-mapping)`;
    throw new KitError('HEADER_WRONG', { ...error.worded, needed }, { cause: error });
  }
}
