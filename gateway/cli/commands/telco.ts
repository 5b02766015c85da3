import type { Command } from 'commander';
import { demandReplaceable } from '../../../connectors/kit/complete-output.ts';
import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import { createSendGate, type SendGate } from '../../../connectors/kit/send-window.ts';
import { type VerifyOptions, verifySubscribers } from '../../../connectors/telco/verify.ts';
import {
  attach,
  type Cli,
  type CommandContext,
  PROFILE_OPTION,
  type ProfileOptions,
  profileOf,
  wholeNumber,
} from '../cli.ts';
import { excelPathOf } from '../excel.ts';
import { mergedLines } from '../inspection-oddities.ts';
import { CliProblem } from '../problem.ts';
import type { RunEnd } from './on-done.ts';
import { tellDryRun } from './telco-dry-run.ts';
import { addTelcoExplain } from './telco-explain.ts';
import { demandVerifyFiles } from './telco-files.ts';
import { addTelcoInspect } from './telco-inspect.ts';
import { outageLine, parseKeepTrying } from './telco-outage.ts';
import { openOutput, tryWorkbook } from './telco-output.ts';
import { addTelcoReport } from './telco-report.ts';
import { addSettingsOptions, type SettingsOptions, settingsOf, underMapping } from './telco-settings.ts';
import { nothingCarriedLine, type SinceOptions, sinceOf } from './telco-since.ts';
import { parseVerdicts } from './telco-verdicts.ts';
import { parseSendWindow, rowsLine, tell, WORDS, waitingLine } from './telco-words.ts';
import { verifyBars } from './verify-bars.ts';
import { type Hook, withHook } from './with-hook.ts';

interface TelcoOptions extends ProfileOptions, SettingsOptions, SinceOptions {
  readonly out?: string;
  readonly receipt?: string;
  readonly replace?: boolean;
  readonly mappingBelieved?: boolean;
  readonly purpose?: string;
  readonly limit?: string;
  readonly dryRun?: boolean;
  readonly window?: string;
  readonly keepTrying?: string;
  readonly excel?: boolean;
  readonly excelAll?: boolean;
  readonly onDone?: string;
  readonly chunkRows?: string;
  readonly failOn?: string;
  readonly channels?: string;
}

/** `telco verify FILE --out results.csv`, `telco inspect FILE`, `telco explain FILE --results results.csv --row N`, `telco report RESULTS` */
export function addTelcoCommand(program: Command, cli: Cli): void {
  const group = program.command('telco').description("a telco's connector");
  const verify = group
    .command('verify')
    .description(
      'verifies a file of subscribers: one line in the results for every row, and a receipt that proves them',
    )
    .argument(
      '<file>',
      'CSV or XLSX with the columns row_id, msisdn, id_number, full_name, date_of_birth; "-": standard input',
    )
    .option('--out <file>', 'results; the receipt goes to <file>.receipt; "-": standard output')
    .option('--receipt <file>', 'where the receipt goes with --out -')
    .option('--replace', 'results of a whole job that stand there, and their receipt, may go')
    .option('--excel', 'also a workbook beside the results: the rows that need work, in words')
    .option('--excel-all', 'also a workbook beside the results: all rows, in words')
    .option('--limit <n>', 'only the first n rows')
    .option(
      '--changed-since <job>',
      'asks only about rows that are new or changed since this job: its id or its results file',
    )
    .option(
      '--carry-at-most <age>',
      'with --changed-since: asks again where the answer is older, since a person may have died (default: 30d)',
    )
    .option('--ask-again <verdicts>', 'with --changed-since: asks again where the verdict was one of these')
    .option('--dry-run', 'reads, counts, and checks profile and gateway; asks about nobody and writes nothing')
    .option('--mapping-believed', 'asks also where a column does not look like what the mapping or --columns says')
    .option('--window <hours>', 'sends only between these hours of local time, for example 22:00-05:00; waits outside')
    .option(
      '--keep-trying <time>',
      'how long a gateway that is away is tried again, for example 6h or 30m, at most 72h (default: 1m)',
    )
    .option('--on-done <command>', 'runs this after the end, with counts in LIENTHONG_… and as JSON on its input')
    .option('--purpose <code>', "one of the profile's purposes (default: subscriber-verification)")
    .option('--chunk-rows <n>', 'rows a chunk: a power of two, 256 to 8192 (default: 4096)')
    .option('--channels <n>', 'connections at once (default: 3)')
    .option('--fail-on <verdicts>', 'exit code 10 where a row has one of these, for example MISMATCH,NOT_FOUND')
    .option(...PROFILE_OPTION);
  attach<TelcoOptions>(cli, addSettingsOptions(verify), (context, args, options) =>
    withHook(context, options, (hook) => verifyFile(context, args, options, hook)),
  );
  addTelcoInspect(group, cli);
  addTelcoExplain(group, cli);
  addTelcoReport(group, cli);
}

const MOST_ROWS = 999_999_999_999;

async function verifyFile(
  context: CommandContext,
  [file = '']: readonly string[],
  options: TelcoOptions,
  hook: Hook,
): Promise<ExitCode> {
  const { terminal, settings, progress } = context;
  const failOn = parseVerdicts('--fail-on', options.failOn);
  const window = parseSendWindow(options.window);
  const giveUpMs = parseKeepTrying(options.keepTrying);
  const chunkRows = wholeNumber('--chunk-rows', options.chunkRows, 256, 8192);
  const channels = wholeNumber('--channels', options.channels, 1, 64);
  const limit = wholeNumber('--limit', options.limit, 1, MOST_ROWS);
  const out = outOf(options);
  const how = await settingsOf(file, options);
  const since = await sinceOf(options, { out, file });
  await demandVerifyFiles({ ...options, file, out, mapping: how.mapping, earlier: since?.results }, terminal);
  const profile = await profileOf(terminal, options);
  const words = WORDS[settings.language];
  const bars = verifyBars(progress, words);
  const gate: SendGate | undefined =
    window === undefined
      ? undefined
      : createSendGate(window, {
          onWait: (until) => bars.note(waitingLine(until, options.window ?? '', settings.language)),
        });
  const input: Omit<VerifyOptions, 'out'> = {
    ...{ file: file === '-' ? terminal.stdin : file, profile, signal: terminal.signal, limit, gate, since },
    replace: options.replace,
    mappingBelieved: options.mappingBelieved,
    ...{ columns: how.columns, sheet: how.sheet, headerLine: how.headerLine, ...how.stated },
    ...(options.purpose === undefined ? {} : { purpose: options.purpose }),
    ...(chunkRows === undefined ? {} : { chunkRows }),
    ...(channels === undefined ? {} : { channels }),
    onMerged(merged) {
      for (const line of mergedLines(merged, settings.language)) bars.note(line);
    },
    onOpening: bars.onOpening,
    onReading: bars.onReading,
    onEarlier: bars.onEarlier,
    onNothingCarried: (why, job) => bars.note(nothingCarriedLine(why, job, settings.language)),
    onProgress: bars.onProgress,
    onOutage: (outage) => bars.note(outageLine(outage, settings.language)),
  };
  if (options.dryRun === true) {
    try {
      if (options.replace !== true && out !== '' && out !== '-') await demandReplaceable(out);
      return await underMapping(how, () => tellDryRun(context, input, how.mapping));
    } finally {
      bars.drop();
    }
  }

  const workbook = options.excel === true || options.excelAll === true ? excelPathOf(out) : undefined;
  const output = await openOutput({ ...options, out, workbook }, terminal, settings.language);
  const from = performance.now();
  try {
    const summary = await underMapping(how, () => verifySubscribers({ ...input, out: output.path, giveUpMs }));
    hook.answered(summary);
    const ms = performance.now() - from;
    bars.done(rowsLine(summary, settings.language));
    await output.publish(summary);
    // The results are there: what fails from here on is no failure of the run.
    const written = { language: settings.language, all: options.excelAll === true, signal: terminal.signal };
    const { excel, problem } = workbook === undefined ? {} : await tryWorkbook(summary, workbook, written);
    const failed = failOn.some((verdict) => (summary.totals[verdict] ?? 0) > 0);
    const exitCode = problem?.exitCode ?? (failed ? EXIT_CODES.VERDICTS : EXIT_CODES.COMPLETE);
    const interrupted = exitCode === EXIT_CODES.INTERRUPTED;
    const end: RunEnd = { status: 'complete', exitCode, reason: problem?.reason, summary };
    const onDoneEnd = interrupted ? undefined : await hook.tell(end);
    const told = { file, ms, mapping: how.mapping, earlier: since?.results, excel, onDone: onDoneEnd };
    tell(context, summary, { ...told, toStdout: out === '-' });
    if (problem !== undefined) throw problem;
    return exitCode;
  } finally {
    bars.drop();
    await output.close();
  }
}

/** Throws CliProblem OPTION_WRONG. */
function outOf({ out, dryRun, excel, excelAll }: TelcoOptions): string {
  if (!out && dryRun !== true) throw new CliProblem('OPTION_WRONG', { option: '--out', wanted: 'resultsFile' });
  if (out === '-' && (excel === true || excelAll === true))
    throw new CliProblem('OPTION_WRONG', { option: '--out', wanted: 'fileBesideWorkbook' });
  return out ?? '';
}
