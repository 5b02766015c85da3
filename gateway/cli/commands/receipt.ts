import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { type ReceiptHead, type ReceiptProblem, verifyReceipt } from '../../../connectors/kit/receipt-verify.ts';
import { attach, type Cli, type CommandContext } from '../cli.ts';
import { localTime, localTimeOf } from '../local-time.ts';
import { count } from '../numbers.ts';
import { CliProblem, fill } from '../problem.ts';
import { addWitnessOptions, demandWitnesses, type WitnessOptions, witnessesLine } from './demand-witnesses.ts';
import { addRootOptions, trustOf } from './pinned-root.ts';
import { addProofCommands } from './receipt-proof.ts';

interface ReceiptOptions extends WitnessOptions {
  readonly receipt?: string;
}

/** `receipt verify results.csv`, `receipt prove results.csv --row N`, `receipt check proof.json` */
export function addReceiptCommand(program: Command, cli: Cli): void {
  const receipt = program.command('receipt').description('what a job was answered, proven');
  const verify = receipt
    .command('verify')
    .description('verifies results.csv against its receipt, offline; one edited cell is found')
    .argument('<results>', 'results file; its receipt is looked for at <results>.receipt')
    .option('--receipt <file>', 'the receipt, where it stands elsewhere');
  attach<ReceiptOptions>(cli, addWitnessOptions(addRootOptions(verify)), verifyResults);
  addProofCommands(receipt, cli);
}

async function verifyResults(context: CommandContext, [results = '']: readonly string[], options: ReceiptOptions) {
  const { settings } = context;
  const trust = await trustOf(context, options);
  const heads: ReceiptHead[] = [];
  const report = await verifyReceipt(results, trust.root, {
    ...trust.expected,
    onHead: (head) => heads.push(head),
    ...(options.receipt === undefined ? {} : { receiptPath: options.receipt }),
  });
  const seen = report.ok ? await demandWitnesses(context, options, results, heads[0]) : undefined;
  context.give(seen === undefined ? report : { ...report, witnessed: seen });
  if (!report.ok) {
    for (const problem of report.problems) context.say(problemLine(problem, settings.language));
    throw new CliProblem('RESULTS_DIFFER', { file: results, count: report.found });
  }
  const { rows, carried, agency, deployment, signedAt, jobId, limit, logSize, old, unproven } = report;
  const { language } = settings;
  const covered = logSize === undefined ? '' : LOG[language].replace('{size}', count(logSize, language));
  context.say(
    SOUND[language]
      .replace('{rows}', count(rows - (carried?.rows ?? 0), language))
      .replace('{deployment}', deployment)
      .replace('{agency}', agency)
      .replace('{time}', localTime(signedAt))
      .replace('{job}', jobId)
      .concat(
        covered,
        UNSIGNED[language],
        limit === undefined ? '' : LIMITED[language].replace('{limit}', count(limit, language)),
      ),
  );
  if (old !== undefined) {
    const words = Date.parse(old.asOf) === 0 ? EMPTY : OLD;
    context.say(
      fill(words[language], { rows: count(old.rows, language), line: old.line, time: localTimeOf(old.asOf) }),
    );
  }
  if (unproven !== undefined) context.say(fill(ADDED[language], { columns: unproven.join(', ') }));
  if (seen !== undefined) context.say(witnessesLine(context, seen));
  for (const { jobId: job, rows: number } of carried?.from ?? [])
    context.say(CARRIED[language].replace('{rows}', count(number, language)).replace('{job}', job));
  return EXIT_CODES.COMPLETE;
}

const CARRIED = {
  en: '✓ {rows} rows were carried: they are exactly those of job {job}, by its own results and receipt.',
  vi: '✓ {rows} dòng được giữ lại: đúng như trong công việc {job}, theo kết quả và biên nhận của công việc đó.',
} as const;
const SOUND = {
  en: '✓ {rows} rows are exactly what the gateway of {deployment} signed for {agency} on {time} (job {job}).',
  vi: '✓ {rows} dòng đúng như cổng {deployment} đã ký cho {agency} lúc {time} (công việc {job}).',
} as const;
const LIMITED = {
  en: ' Only the first {limit} rows of the file were asked about.',
  vi: ' Chỉ hỏi {limit} dòng đầu của tệp.',
} as const;
const LOG = {
  en: ' A signed log head of {size} entries covers them.',
  vi: ' Mốc nhật ký đã ký với {size} bản ghi bao gồm các dòng này.',
} as const;

const UNSIGNED = {
  en: ' The moments in as_of are not in what is signed.',
  vi: ' Thời điểm ở cột as_of không nằm trong phần đã ký.',
} as const;

const OLD = {
  en: '  {rows} rows, the first on line {line}, were compared with a register that was older than a year: of {time}.',
  vi: '  {rows} dòng, đầu tiên ở dòng {line}, được so với CSDL dân cư đã cũ hơn một năm: lúc {time}.',
} as const;

const ADDED = {
  en: '  Not proven: columns that the program did not write ({columns}). Somebody added them.',
  vi: '  Không được chứng minh: các cột không do chương trình ghi ({columns}). Các cột này do người khác thêm vào.',
} as const;

const EMPTY = {
  en: '  {rows} rows, the first on line {line}, were compared with a register that nothing had been imported into.',
  vi: '  {rows} dòng, đầu tiên ở dòng {line}, được so với CSDL dân cư chưa nhập dữ liệu nào.',
} as const;

/** One problem in words; `line` is the line of the agency's own file. */
export function problemLine(problem: ReceiptProblem, language: 'vi' | 'en'): string {
  const facts = problem as ReceiptProblem & {
    readonly line?: number;
    readonly num?: number;
    readonly column?: string;
    readonly rows?: number;
  };
  return PROBLEM_LINES[problem.kind][language]
    .replace('{line}', String(facts.line ?? '?'))
    .replace('{num}', String(facts.num ?? '?'))
    .replace('{column}', facts.column ?? '?');
}

const PROBLEM_LINES: Readonly<Record<ReceiptProblem['kind'], { readonly en: string; readonly vi: string }>> = {
  ROW_CHANGED: { en: '✗ line {line}: this row was changed', vi: '✗ dòng {line}: dòng này đã bị thay đổi' },
  CHUNK_CHANGED: { en: '✗ chunk {num}: a row of it was changed', vi: '✗ lô {num}: có dòng đã bị thay đổi' },
  ROWS_MISSING: { en: '✗ rows are missing at the end', vi: '✗ thiếu các dòng ở cuối' },
  ROW_ADDED: { en: '✗ line {line}: this row was added', vi: '✗ dòng {line}: dòng này được thêm vào' },
  CARRIED_CHANGED: {
    en: '✗ line {line}: this row is not as it was in the results that it was carried from',
    vi: '✗ dòng {line}: dòng này không đúng như trong kết quả trước mà nó được giữ lại từ đó',
  },
  CELL_CHANGED: {
    en: '✗ line {line}: the cell {column} was changed',
    vi: '✗ dòng {line}: ô {column} đã bị thay đổi',
  },
};
