import { basename } from 'node:path';
import type { Command } from 'commander';
import { demandOther } from '../../../connectors/kit/distinct-files.ts';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { sentProfile } from '../../../connectors/kit/learn/finding.ts';
import { firstPass } from '../../../connectors/kit/learn/first-pass.ts';
import { resultFiles } from '../../../connectors/kit/run-files.ts';
import { telco } from '../../../connectors/telco/connector.ts';
import { statedOf, withInput } from '../../../connectors/telco/verify.ts';
import { PROFILE } from '../../matching/index.ts';
import { attach, type Cli, type CommandContext, type CommonOptions, ownVersion } from '../cli.ts';
import { fileLines } from '../file-words.ts';
import { localTime } from '../local-time.ts';
import { count } from '../numbers.ts';
import { fill } from '../problem.ts';
import { readReport, type SourceFile } from '../report/read-report.ts';
import { LEAST_TOLD, type Tally } from '../report/tally.ts';
import { writeWhole } from '../write-whole.ts';
import {
  addSettingsOptions,
  type FileSettings,
  type SettingsOptions,
  settingsOf,
  underMapping,
} from './telco-settings.ts';
import { readingLines } from './telco-words.ts';
import { verifyBars } from './verify-bars.ts';

interface ReportOptions extends CommonOptions, SettingsOptions {
  readonly out: string;
  readonly file?: string;
}

/** `telco report RESULTS [--file FILE] [--out report.html]` */
export function addTelcoReport(group: Command, cli: Cli): void {
  const report = group
    .command('report')
    .description(
      'one HTML file about results: counts, reasons, what to do; no network, no script, no value of a person',
    )
    .argument('<results>', 'results of "telco verify"')
    .option('--out <file>', 'the report; "-": standard output', 'report.html')
    .option('--file <file>', 'the file that was verified: for provinces and years of birth');
  attach<ReportOptions>(cli, addSettingsOptions(report), makeReport);
}

const WORDS = {
  en: {
    opening: 'Reading the workbook',
    reading: 'Reading the file',
    counting: 'Counting',
    done: 'Report of {rows} rows: {out}',
    part: 'Report of {rows} of the {all} rows of the file, the others have no result here: {out}',
  },
  vi: {
    opening: 'Đang đọc bảng tính',
    reading: 'Đang đọc tệp',
    counting: 'Đang đếm',
    done: 'Báo cáo về {rows} dòng: {out}',
    part: 'Báo cáo về {rows} trong {all} dòng của tệp, các dòng còn lại không có kết quả ở đây: {out}',
  },
} as const;

async function makeReport(context: CommandContext, [results = '']: readonly string[], options: ReportOptions) {
  const { terminal, settings } = context;
  const { language } = settings;
  const { file, out } = options;
  const how = file === undefined ? undefined : await settingsOf(file, options);
  if (out !== '-') await demandReportFiles(out, results, [file, how?.mapping]);
  const counted =
    file === undefined || how === undefined
      ? {
          tally: await countResults(context, results, undefined),
          read: undefined,
          sheet: undefined,
          headerLine: undefined,
        }
      : await withFile(context, results, file, how);
  const { tally, read, sheet, headerLine } = counted;
  // The library that draws is not for the other commands to wait for.
  const { reportPage } = await import('../report/page.ts');
  const facts = {
    file: basename(results),
    version: await ownVersion(),
    profile: `${PROFILE.id} ${PROFILE.version}`,
    time: localTime(Math.floor(Date.now() / 1000)),
    read,
  };
  const page = reportPage(tally, facts, language);
  if (out === '-' && !settings.json) terminal.stdout.write(page);
  else if (out !== '-') await writeWhole(out, page);
  context.give({ report: out, mapping: how?.mapping, sheet, headerLine, ...tallyJson(tally) });
  if (out !== '-') {
    for (const line of readingLines({ mapping: how?.mapping, sheet, headerLine }, language)) context.say(line);
    const { done, part } = WORDS[language];
    const { rows, fileRows: all = rows } = tally;
    context.say(fill(rows < all ? part : done, { rows: count(rows, language), all: count(all, language), out }));
  }
  return EXIT_CODES.COMPLETE;
}

/** A pipe or a device is written to as it is. */
async function demandReportFiles(out: string, results: string, read: readonly (string | undefined)[]): Promise<void> {
  const inputs = [...resultFiles(results), ...read.filter((path) => path !== undefined)];
  await demandOther([out, `${out}.part`], inputs, { devices: true });
}

async function countResults({ terminal, settings, progress }: CommandContext, results: string, source?: SourceFile) {
  const { signal } = terminal;
  const bar = progress.bar(WORDS[settings.language].counting);
  try {
    const tally: Tally = await readReport(results, source, { signal, onRows: (rows) => bar.to(rows) });
    bar.done();
    return tally;
  } catch (error) {
    bar.drop();
    throw error;
  }
}

/** How the file is read follows from all of it, as it did before it was sent. */
async function withFile(context: CommandContext, results: string, file: string, how: FileSettings) {
  const { terminal, settings, progress } = context;
  const { signal } = terminal;
  const columns = telco.wanted(how.columns);
  const words = WORDS[settings.language];
  const bars = verifyBars(progress, { ...words, verifying: words.counting });
  try {
    return await withInput(
      { file, sheet: how.sheet, headerLine: how.headerLine, signal, onOpening: bars.onOpening },
      async (input) => {
        const { path, headerLine, original } = input;
        const pass = {
          columns,
          headerLine,
          batchRows: 4096,
          stated: statedOf(how.stated, input),
          signal,
          onReading: bars.onReading,
        };
        const { learnt } = await underMapping(how, () => firstPass(path, pass));
        bars.drop();
        const tally = await countResults(context, results, {
          path,
          file,
          columns,
          headerLine,
          habits: sentProfile(learnt),
        });
        const read = fileLines({ learnt, unreadable: { count: 0, line: 0 } }, settings.language);
        return { tally, read, sheet: original?.sheet, headerLine };
      },
    );
  } finally {
    bars.drop();
  }
}

/** The counts for programs, crossings as small as in the page. */
export function tallyJson(tally: Tally) {
  const crossings = [...tally.crossings].map(([key, work]) => {
    const [province = '', decade = ''] = key.split(' ');
    return { province, decade: Number(decade), work: work < LEAST_TOLD ? `<${LEAST_TOLD}` : work };
  });
  return {
    rows: tally.rows,
    ...(tally.fileRows === undefined ? {} : { file_rows: tally.fileRows }),
    verdicts: Object.fromEntries(tally.verdicts),
    actions: Object.fromEntries(tally.actions),
    reasons: Object.fromEntries(tally.reasons),
    notices: Object.fromEntries(tally.notices),
    provinces: Object.fromEntries(tally.provinces),
    years: Object.fromEntries(tally.years),
    crossings,
    as_of: tally.asOf,
    carried: Object.fromEntries(tally.carried),
  };
}
