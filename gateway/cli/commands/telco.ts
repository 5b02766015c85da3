import { createReadStream } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { parseColumns } from '../../../connectors/kit/define-connector.ts';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { type VerifySummary, verifySubscribers } from '../../../connectors/telco/verify.ts';
import { VERDICTS } from '../../matching/verdicts.ts';
import {
  attach,
  type Cli,
  type CommandContext,
  PROFILE_OPTION,
  type ProfileOptions,
  profileOf,
  wholeNumber,
} from '../cli.ts';
import { fileLines } from '../file-words.ts';
import { count, seconds } from '../layout.ts';
import { CliProblem, fill } from '../problem.ts';
import { actionLines, reasonTable, verdictTable } from '../summary.ts';
import { type Terminal, widthOf } from '../terminal.ts';
import { addFileOptions, type FileOptions, parseStated } from './file-options.ts';
import { addTelcoExplain } from './telco-explain.ts';
import { addTelcoReport } from './telco-report.ts';
import { verifyBars } from './verify-bars.ts';

interface TelcoOptions extends ProfileOptions, FileOptions {
  readonly out: string;
  readonly receipt?: string;
  readonly columns?: string;
  readonly purpose?: string;
  readonly chunkRows?: string;
  readonly failOn?: string;
  readonly channels?: string;
}

/** `telco verify FILE --out results.csv`, `telco explain FILE --results results.csv --row N`, `telco report RESULTS` */
export function addTelcoCommand(program: Command, cli: Cli): void {
  const group = program.command('telco').description("a telco's connector");
  const verify = group
    .command('verify')
    .description(
      'verifies a file of subscribers: one line in the results for every row, and a receipt that proves them',
    )
    .argument('<file>', 'CSV with the columns row_id, msisdn, id_number, full_name, date_of_birth; "-": standard input')
    .requiredOption('--out <file>', 'results; the receipt goes to <file>.receipt; "-": standard output')
    .option('--receipt <file>', 'where the receipt goes with --out -')
    .option('--columns <pairs>', "the file's own headers: id_number=SO_GTTT,full_name=HO_TEN,…")
    .option('--purpose <code>', "one of the profile's purposes")
    .option('--chunk-rows <n>', 'rows a chunk: a power of two, 256 to 8192 (default: 4096)')
    .option('--channels <n>', 'connections at once (default: 3)')
    .option('--fail-on <verdicts>', 'exit code 10 where a row has one of these, for example MISMATCH,NOT_FOUND')
    .option(...PROFILE_OPTION);
  attach<TelcoOptions>(cli, addFileOptions(verify), verifyFile);
  addTelcoExplain(group, cli);
  addTelcoReport(group, cli);
}

async function verifyFile(context: CommandContext, [file = '']: readonly string[], options: TelcoOptions) {
  const { terminal, settings, progress } = context;
  const failOn = parseVerdicts(options.failOn);
  const stated = parseStated(options);
  const chunkRows = wholeNumber('--chunk-rows', options.chunkRows, 256, 8192);
  const channels = wholeNumber('--channels', options.channels, 1, 64);
  const profile = await profileOf(terminal, options);
  const output = await openOutput(options, terminal, settings.language);
  const bars = verifyBars(progress, WORDS[settings.language]);
  const from = performance.now();
  try {
    const summary = await verifySubscribers({
      file: file === '-' ? terminal.stdin : file,
      out: output.path,
      profile,
      signal: terminal.signal,
      ...(options.columns === undefined ? {} : { columns: parseColumns(options.columns) }),
      ...(options.purpose === undefined ? {} : { purpose: options.purpose }),
      ...(chunkRows === undefined ? {} : { chunkRows }),
      ...(channels === undefined ? {} : { channels }),
      ...stated,
      onReading: bars.onReading,
      onProgress: bars.onProgress,
    });
    bars.done(WORDS[settings.language].rows.replace('{rows}', count(summary.rows)));
    await output.publish(summary);
    tell(context, summary, { file, ms: performance.now() - from, toStdout: options.out === '-' });
    return failOn.some((verdict) => (summary.totals[verdict] ?? 0) > 0) ? EXIT_CODES.VERDICTS : EXIT_CODES.COMPLETE;
  } finally {
    bars.drop();
    await output.close();
  }
}

const WORDS = {
  en: {
    reading: 'Reading the file',
    verifying: 'Verifying',
    rows: '{rows} rows',
    unkept: 'No receipt was kept: name a file with --receipt.',
    done: '{rows} rows in {time}, every one answered.',
    resumed: ' {rows} of them were answered by an earlier run.',
    files: 'Results: {results}\nReceipt: {receipt}  (check it any time: lienthong receipt verify)',
    explain: 'One row, step by step: lienthong telco explain {file} --results {results} --row {line}',
    misshapen: '{rows} rows have more cells than the header: see their lines.',
  },
  vi: {
    reading: 'Đang đọc tệp',
    verifying: 'Đang đối chiếu',
    rows: '{rows} dòng',
    unkept: 'Không lưu biên nhận: hãy chỉ ra tệp bằng --receipt.',
    done: '{rows} dòng trong {time}, dòng nào cũng có câu trả lời.',
    resumed: ' {rows} dòng đã được trả lời ở lần chạy trước.',
    files: 'Kết quả: {results}\nBiên nhận: {receipt}  (kiểm tra bất cứ lúc nào: lienthong receipt verify)',
    explain: 'Giải thích từng bước một dòng: lienthong telco explain {file} --results {results} --row {line}',
    misshapen: '{rows} dòng có nhiều ô hơn tiêu đề: xem các dòng đó.',
  },
} as const;

/** The summary: for people where the results do not go, as JSON where asked for. */
function tell(
  { terminal, settings, give }: CommandContext,
  summary: VerifySummary,
  { file, ms, toStdout }: { file: string; ms: number; toStdout: boolean },
): void {
  const { language, json } = settings;
  if (json && !toStdout) {
    give(summary);
    return;
  }
  const words = WORDS[language];
  const stream = toStdout ? terminal.stderr : terminal.stdout;
  const width = widthOf(stream);
  const resumed = summary.resumedRows > 0 ? words.resumed.replace('{rows}', count(summary.resumedRows)) : '';
  const lines = [
    words.done.replace('{rows}', count(summary.rows)).replace('{time}', seconds(ms)) + resumed,
    ...fileLines(summary, language),
    verdictTable(summary, language, width),
    actionLines(summary, language),
  ];
  if (summary.reasons.length > 0) lines.push('', reasonTable(summary, language, width));
  if (summary.misshapen > 0) lines.push(words.misshapen.replace('{rows}', count(summary.misshapen)));
  if (!toStdout) lines.push('', fill(words.files, summary.files));
  const [reason] = summary.reasons;
  if (!toStdout && file !== '-' && reason !== undefined)
    lines.push(fill(words.explain, { file, results: summary.files.results, line: reason.line }));
  stream.write(`${lines.join('\n')}\n`);
}

export function parseVerdicts(text: string | undefined): readonly string[] {
  const names = (text ?? '').split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !Object.hasOwn(VERDICTS, name));
  if (unknown !== undefined) {
    throw new CliProblem('OPTION_WRONG', {
      option: '--fail-on',
      wanted: `some of ${Object.keys(VERDICTS).join(', ')}`,
    });
  }
  return names;
}

/** Where the results are made. For standard output: in a folder of their own first, since a job writes two files. */
async function openOutput({ out, receipt }: TelcoOptions, { stdout, stderr }: Terminal, language: 'vi' | 'en') {
  if (out !== '-') {
    return { path: out, publish: async (_summary: VerifySummary) => undefined, close: async () => undefined };
  }
  const folder = await mkdtemp(join(tmpdir(), 'lienthong-results-'));
  return {
    path: join(folder, 'results.csv'),
    async publish({ files }: VerifySummary) {
      if (receipt !== undefined) await copyFile(files.receipt, receipt);
      else stderr.write(`${WORDS[language].unkept}\n`);
      // A reader that has seen enough (`| head`) is no failure.
      await pipeline(createReadStream(files.results), stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error;
      });
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
