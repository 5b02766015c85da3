import type { Command } from 'commander';
import { ENCODINGS, parseEncoding } from '../../../connectors/kit/decode/encodings.ts';
import type { StatedProfile } from '../../../connectors/kit/learn/finding.ts';
import { isNameWidth, LEAST_NAME_WIDTH, LIMITS } from '../../matching/profile.ts';
import { wholeNumber } from '../cli.ts';
import { CliProblem } from '../problem.ts';

/** What a user may say of a file instead of having it learnt. */
export interface FileOptions {
  readonly encoding?: string;
  readonly dateOrder?: string;
  /** Unset unless one of the two options was given. */
  readonly newYearUnknown?: boolean;
  readonly nameWidth?: string;
  readonly daysFrom?: string;
}

const NAMES = Object.keys(ENCODINGS).join(', ');

export function addFileOptions(command: Command): Command {
  return command
    .option('--encoding <name>', `${NAMES}; this and what follows is learnt of the file unless said`)
    .option('--date-order <order>', 'of dates with slashes: day-first or month-first')
    .option('--new-year-unknown', '1 January stands for "day and month unknown"')
    .option('--no-new-year-unknown', '1 January is 1 January')
    .option('--name-width <n>', 'characters that names are cut off after; 0: they are not')
    .option('--days-from <year>', 'dates that are day numbers count from 1900 or 1904');
}

/** Throws CliProblem OPTION_WRONG. */
export function parseStated(options: FileOptions): StatedProfile {
  const { newYearUnknown: newYearMeansUnknown } = options;
  const daysFrom = oneOf('--days-from', options.daysFrom, ['1900', '1904']);
  return {
    encoding: encodingOf(options.encoding),
    dateOrder: oneOf('--date-order', options.dateOrder, ['day-first', 'month-first']),
    newYearMeansUnknown,
    nameWidth: nameWidthOf(options.nameWidth),
    daysFrom1904: daysFrom === undefined ? undefined : daysFrom === '1904',
  };
}

function nameWidthOf(text: string | undefined): number | undefined {
  const width = wholeNumber('--name-width', text, 0, LIMITS.name);
  if (width === undefined || isNameWidth(width)) return width;
  const facts = { least: LEAST_NAME_WIDTH, most: LIMITS.name };
  throw new CliProblem('OPTION_WRONG', { option: '--name-width', wanted: 'nameWidth', ...facts });
}

function encodingOf(text: string | undefined): StatedProfile['encoding'] {
  if (text === undefined) return undefined;
  const encoding = parseEncoding(text);
  if (encoding === undefined)
    throw new CliProblem('OPTION_WRONG', { option: '--encoding', wanted: 'oneOf', names: NAMES });
  return encoding;
}

function oneOf<T extends string>(option: string, text: string | undefined, values: readonly [T, T]): T | undefined {
  const found = values.find((value) => value === text);
  if (text !== undefined && found === undefined) {
    throw new CliProblem('OPTION_WRONG', { option, wanted: 'oneOf', names: values.join(', ') });
  }
  return found;
}
