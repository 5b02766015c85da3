import { open, rename, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { parseColumns } from '../../../connectors/kit/define-connector.ts';
import { demandOther } from '../../../connectors/kit/distinct-files.ts';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { sentProfile } from '../../../connectors/kit/learn/finding.ts';
import { firstPass } from '../../../connectors/kit/learn/first-pass.ts';
import { resultFiles } from '../../../connectors/kit/run-files.ts';
import { telco } from '../../../connectors/telco/connector.ts';
import { PROFILE } from '../../matching/index.ts';
import { attach, type Cli, type CommandContext, type CommonOptions, ownVersion } from '../cli.ts';
import { fileLines } from '../file-words.ts';
import { count } from '../layout.ts';
import { localTime } from '../local-time.ts';
import { fill } from '../problem.ts';
import { readReport, type SourceFile } from '../report/read-report.ts';
import { LEAST_TOLD, type Tally } from '../report/tally.ts';
import { addFileOptions, type FileOptions, parseStated } from './file-options.ts';

interface ReportOptions extends CommonOptions, FileOptions {
  readonly out: string;
  readonly file?: string;
  readonly columns?: string;
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
    .option('--file <file>', 'the file that was verified: for provinces and years of birth')
    .option('--columns <pairs>', "the file's own headers: id_number=SO_GTTT,full_name=HO_TEN,…");
  attach<ReportOptions>(cli, addFileOptions(report), makeReport);
}

const WORDS = {
  en: { reading: 'Reading the file', counting: 'Counting', done: 'Report of {rows} rows: {out}' },
  vi: { reading: 'Đang đọc tệp', counting: 'Đang đếm', done: 'Báo cáo về {rows} dòng: {out}' },
} as const;

async function makeReport(context: CommandContext, [results = '']: readonly string[], options: ReportOptions) {
  const { terminal, settings, progress } = context;
  const { signal } = terminal;
  const { language } = settings;
  const words = WORDS[language];
  await demandReportFiles(results, options);
  const source = options.file === undefined ? undefined : await learnFile(context, options.file, options);
  const bar = progress.bar(words.counting);
  let tally: Tally;
  try {
    tally = await readReport(results, source?.file, { signal, onRows: (rows) => bar.to(rows) });
  } catch (error) {
    bar.drop();
    throw error;
  }
  bar.done();
  // The library that draws is not for the other commands to wait for.
  const { reportPage } = await import('../report/page.ts');
  const facts = {
    file: basename(results),
    version: await ownVersion(),
    profile: `${PROFILE.id} ${PROFILE.version}`,
    time: localTime(Math.floor(Date.now() / 1000)),
    read: source?.read,
  };
  const page = reportPage(tally, facts, language);
  if (options.out === '-' && !settings.json) terminal.stdout.write(page);
  else if (options.out !== '-') await writeWhole(options.out, page);
  context.give({ report: options.out, ...tallyJson(tally) });
  if (options.out !== '-') context.say(fill(words.done, { rows: count(tally.rows), out: options.out }));
  return EXIT_CODES.COMPLETE;
}

/** A pipe or a device is written to as it is. */
async function demandReportFiles(results: string, { out, file }: ReportOptions): Promise<void> {
  if (out === '-') return;
  const inputs = [...resultFiles(results), ...(file === undefined ? [] : [file])];
  await demandOther([out, `${out}.part`], inputs, { devices: true });
}

/** How the file is read follows from all of it, as it did before it was sent. */
async function learnFile({ terminal, settings, progress }: CommandContext, path: string, options: ReportOptions) {
  const columns = telco.wanted(options.columns === undefined ? {} : parseColumns(options.columns));
  const bar = progress.bar(WORDS[settings.language].reading);
  try {
    const { learnt } = await firstPass(path, {
      ...{ columns, batchRows: 4096, stated: parseStated(options), signal: terminal.signal },
      onReading: ({ bytesRead, bytes }) => bar.to(bytesRead, bytes),
    });
    bar.done();
    const file: SourceFile = { path, columns, habits: sentProfile(learnt) };
    return { file, read: fileLines({ learnt, unreadable: { count: 0, line: 0 } }, settings.language) };
  } catch (error) {
    bar.drop();
    throw error;
  }
}

/** Whole or not at all. */
async function writeWhole(path: string, text: string): Promise<void> {
  const special = await stat(path).then(
    (found) => !found.isFile(),
    () => false,
  );
  const part = special ? path : `${path}.part`;
  const file = await open(part, 'w');
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  if (!special) await rename(part, path);
}

/** The counts for programs, crossings as small as in the page. */
export function tallyJson(tally: Tally) {
  const crossings = [...tally.crossings].map(([key, work]) => {
    const [province = '', decade = ''] = key.split(' ');
    return { province, decade: Number(decade), work: work < LEAST_TOLD ? `<${LEAST_TOLD}` : work };
  });
  return {
    rows: tally.rows,
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
