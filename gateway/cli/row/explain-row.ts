import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import { findFileRow, findResultRow, type WantedRow } from '../../../connectors/kit/find-row.ts';
import { type InputFile, openInput } from '../../../connectors/kit/input-file.ts';
import { sentProfile } from '../../../connectors/kit/learn/finding.ts';
import { firstPass } from '../../../connectors/kit/learn/first-pass.ts';
import { receiptPathOf } from '../../../connectors/kit/receipt-file.ts';
import { telco } from '../../../connectors/telco/connector.ts';
import { statedOf } from '../../../connectors/telco/verify.ts';
import { PROFILE, REASONS, type Reason } from '../../matching/index.ts';
import { type CommandContext, type CommonOptions, wholeNumber } from '../cli.ts';
import { type SettingsOptions, settingsOf, underMapping } from '../commands/telco-settings.ts';
import { verifyBars } from '../commands/verify-bars.ts';
import { profileLine } from '../file-words.ts';
import { CliProblem } from '../problem.ts';
import { widthOf } from '../terminal.ts';
import { answerOf, fitsReading } from './answer.ts';
import { profileInReceipt } from './answered-under.ts';
import { type ExplainedRow, printRow } from './print.ts';
import { readingOf } from './reading.ts';
import { verdictPath } from './verdict-path.ts';

export interface ExplainOptions extends CommonOptions, SettingsOptions {
  readonly results: string;
  readonly row?: string;
  readonly rowId?: string;
}

const MOST_LINES = 999_999_999_999;
const WORDS = {
  en: { opening: 'Reading the workbook', reading: 'Reading the file', verifying: 'Finding the row' },
  vi: { opening: 'Đang đọc bảng tính', reading: 'Đang đọc tệp', verifying: 'Đang tìm dòng' },
} as const;

/** Explains the answer to one row from the two files. */
export async function explainRow(
  context: CommandContext,
  [file = '']: readonly string[],
  options: ExplainOptions,
): Promise<ExitCode> {
  const { terminal, settings, progress } = context;
  const wanted = wantedRow(options);
  const how = await settingsOf(file, options);
  const columns = telco.wanted(how.columns);
  const bars = verifyBars(progress, WORDS[settings.language]);
  let input: InputFile | undefined;
  try {
    input = await openInput(file, {
      sheet: how.sheet,
      headerLine: how.headerLine,
      signal: terminal.signal,
      onReading: bars.onOpening,
    });
    const { path, headerLine } = input;
    // The whole file, as it was before it was sent: how a row is read follows from what all of them show.
    const pass = {
      ...{ columns, headerLine, batchRows: 4096, stated: statedOf(how.stated, input) },
      ...{ signal: terminal.signal, onReading: bars.onReading },
    };
    const { learnt } = await underMapping(how, () => firstPass(path, pass));
    const habits = sentProfile(learnt);
    const row = await findFileRow({ path, file, columns, headerLine, encoding: habits.encoding }, wanted);
    const result = await findResultRow(options.results, file, row);
    const { idNumber, fullName: name, dateOfBirth: birthDate } = row;
    const sent = row.misshapen ? { idNumber: '', name: '', birthDate: '' } : { idNumber, name, birthDate };
    const reading = readingOf(sent, habits);
    const answer = answerOf(result, reading, options.results);
    // Of a carried row another receipt says so; what is carried was answered under the same profile.
    const answered =
      result.carried_from === undefined
        ? await profileInReceipt(receiptPathOf(options.results), result.proof_ref)
        : undefined;
    const { id, version } = PROFILE;
    const explained: ExplainedRow = {
      ...{ file, row, reading, answer, profile: { id, version } },
      readAs: profileLine(habits, settings.language),
      path: verdictPath(answer, reading),
      fits: fitsReading(answer, reading),
      answeredUnder: answered === `${id}:${version}` ? undefined : answered,
    };
    context.give({ ...explained, words: wordsOf(explained) });
    context.say(printRow(explained, settings.language, widthOf(terminal.stdout)));
    return EXIT_CODES.COMPLETE;
  } finally {
    bars.drop();
    await input?.remove();
  }
}

/** Throws CliProblem OPTION_WRONG unless exactly one of the two names the row. */
function wantedRow({ row, rowId }: ExplainOptions): WantedRow {
  const line = wholeNumber('--row', row, 1, MOST_LINES);
  if (line !== undefined && rowId === undefined) return { line };
  if (rowId !== undefined && line === undefined) return { rowId };
  throw new CliProblem('OPTION_WRONG', { option: '--row', wanted: 'fileLine' });
}

/** Reasons by name, for programs that show them. */
function wordsOf({ reading, answer }: ExplainedRow): Partial<Record<Reason, { vi: string; en: string }>> {
  const { number, name, date } = reading;
  const possible = name.possible.flatMap(({ reasons }) => reasons);
  const all = new Set([...number.reasons, ...name.reasons, ...possible, ...date.reasons, ...answer.reasons.list]);
  return Object.fromEntries([...all].map((reason) => [reason, { vi: REASONS[reason].vi, en: REASONS[reason].en }]));
}
