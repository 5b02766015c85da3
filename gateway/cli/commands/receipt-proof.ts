import { open, readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { demandOther } from '../../../connectors/kit/distinct-files.ts';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import type { ReceiptHead } from '../../../connectors/kit/receipt-verify.ts';
import { checkProofText, MOST_PROOF_CHARS, type RowProofReport } from '../../../connectors/kit/row-proof-check.ts';
import { makeRowProof } from '../../../connectors/kit/row-proof-make.ts';
import { resultFiles } from '../../../connectors/kit/run-files.ts';
import { VERDICTS, type Verdict } from '../../matching/verdicts.ts';
import { writeRowProof } from '../../proof/row-proof.ts';
import { attach, type Cli, type CommandContext, type CommonOptions, wholeNumber } from '../cli.ts';
import { localTime } from '../local-time.ts';
import { count } from '../numbers.ts';
import { CliProblem, fill } from '../problem.ts';
import { reasonSentence } from '../summary.ts';
import { widthOf } from '../terminal.ts';
import { NOTICE_WORDS, VERDICT_WORDS } from '../verdict-words.ts';
import { definitions, visible, wrap } from '../wrap.ts';
import { writeWhole } from '../write-whole.ts';
import { addWitnessOptions, demandWitnesses, type WitnessOptions, witnessesLine } from './demand-witnesses.ts';
import { addRootOptions, trustOf } from './pinned-root.ts';
import { PROOF_WORDS, type ProofWords } from './receipt-proof-words.ts';

interface ProveOptions extends CommonOptions {
  readonly row?: string;
  readonly receipt?: string;
  readonly out?: string;
}

/** `receipt prove results.csv --row N`, `receipt check proof.json` */
export function addProofCommands(receipt: Command, cli: Cli): void {
  const prove = receipt
    .command('prove')
    .description('cuts out the proof of one row: it tells nothing of other rows, and is checked without the rest')
    .argument('<results>', 'results file; its receipt is looked for at <results>.receipt')
    .requiredOption('--row <n>', 'the row by its line, as in the column "line" of the results')
    .option('--out <file>', 'where the proof goes (default: standard output)')
    .option('--receipt <file>', 'the receipt, where it stands elsewhere');
  attach<ProveOptions>(cli, prove, proveOne);
  const check = receipt
    .command('check')
    .description("checks one row's proof offline, with the pinned root alone, and says what it proves and what not")
    .argument('<proof>', 'a file that "receipt prove" wrote');
  attach<WitnessOptions>(cli, addWitnessOptions(addRootOptions(check)), checkOne);
}

const MOST_LINES = 999_999_999_999;

async function proveOne(context: CommandContext, [results = '']: readonly string[], options: ProveOptions) {
  const line = wholeNumber('--row', options.row, 1, MOST_LINES) ?? 0;
  const { out = '-' } = options;
  if (out !== '-') await demandOther([out, `${out}.part`], resultFiles(results, options.receipt));
  const receipt = options.receipt === undefined ? {} : { receiptPath: options.receipt };
  const proof = await makeRowProof(results, line, receipt);
  const text = writeRowProof(proof);
  if (out === '-') {
    context.terminal.stdout.write(text);
    return EXIT_CODES.COMPLETE;
  }
  // For its owner alone, since it holds the job's key.
  await writeWhole(out, text, 0o600);
  const { jobId, index, rows } = proof;
  context.give({ proof: out, line, job_id: jobId, index, rows });
  const { language } = context.settings;
  context.say(fill(PROOF_WORDS[language].made, { out, line: count(line, language), job: jobId }));
  return EXIT_CODES.COMPLETE;
}

async function checkOne(context: CommandContext, [path = '']: readonly string[], options: WitnessOptions) {
  const { settings, terminal } = context;
  const trust = await trustOf(context, options);
  const heads: ReceiptHead[] = [];
  const expected = { ...trust.expected, onHead: (head: ReceiptHead) => void heads.push(head) };
  const report = checkProofText(await readProof(path), trust.root, expected);
  const seen = report.ok ? await demandWitnesses(context, options, path, heads[0]) : undefined;
  context.give(seen === undefined ? report : { ...report, witnessed: seen });
  if (!report.ok) {
    const problem = PROOF_WORDS[settings.language].problems[report.problem];
    throw new CliProblem('PROOF_WRONG', { file: path, problem, where: report.where });
  }
  context.say(proofText(report, settings.language, widthOf(terminal.stdout)));
  if (seen !== undefined) context.say(witnessesLine(context, seen));
  return EXIT_CODES.COMPLETE;
}

/** The text of a file; of one that is far too long for a proof, only its beginning. */
async function readProof(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    if ((await file.stat()).size > 4 * MOST_PROOF_CHARS) return ' '.repeat(MOST_PROOF_CHARS + 1);
  } finally {
    await file.close();
  }
  return readFile(path, 'utf8');
}

type Sound = Extract<RowProofReport, { ok: true }>;

/** What a proof that holds proves, and what it does not. */
export function proofText(proof: Sound, language: Language, width: number): string {
  const words = PROOF_WORDS[language];
  const { cells, log } = proof;
  const listed = (cell: string, sentence: (name: string) => string): [string, string][] =>
    cell === '' ? [] : cell.split('|').map((name) => ['', `${name}: ${sentence(name)}`]);
  const labelled = (label: string, rows: [string, string][]): [string, string][] =>
    rows.map(([, text], at) => [at === 0 ? label : '', text]);
  const field = (result: string): string => (result === '' ? words.withheld : result);
  const facts: [string, string][] = [
    [words.deployment, proof.deployment],
    [words.agency, proof.agency],
    [words.job, proof.jobId],
    [words.time, localTime(proof.signedAt)],
    [
      words.row,
      fill(words.rowText, {
        line: cells.line,
        index: count(proof.index + 1, language),
        rows: count(proof.rows, language),
      }),
    ],
    ['row_id', visible(cells.row_id)],
    ['msisdn', visible(cells.msisdn)],
    [words.verdict, `${cells.verdict}: ${verdictSentence(cells.verdict, language)}`],
    [words.fields, [cells.id_result, cells.name_result, cells.dob_result].map(field).join(', ')],
    ...(cells.name_score === '' ? [] : ([[words.nameScore, cells.name_score]] as [string, string][])),
    ...(cells.score === '' ? [] : ([[words.score, cells.score]] as [string, string][])),
    ...labelled(
      words.reasons,
      listed(cells.reasons, (name) => reasonSentence(name, language)),
    ),
    ...labelled(
      words.notices,
      listed(cells.notices, (name) => NOTICE_WORDS[name as keyof typeof NOTICE_WORDS]?.[language] ?? ''),
    ),
    ...(cells.current_id === '' ? [] : ([[words.currentId, cells.current_id]] as [string, string][])),
    [words.log, fill(words.logText, { origin: log.origin, size: count(log.size, language), root: log.root })],
    ...versionFacts(proof, words),
  ];
  const not = proof.judged === undefined ? [...words.not, words.notJudged] : words.not;
  return [
    ...wrap(words.holds, width),
    '',
    words.proves,
    ...definitions(facts, width),
    '',
    words.provesNot,
    ...not.flatMap((text) => wrap(text, width - 4).map((line, at) => `  ${at === 0 ? '–' : ' '} ${line}`)),
  ].join('\n');
}

/** What the row was judged under, and what the job was closed under where that is something else or all that is known. */
function versionFacts({ versions, judged }: Sound, words: ProofWords): [string, string][] {
  const closed = fill(words.versionsText, { ...versions });
  if (judged === undefined) return [[words.versionsClosed, closed]];
  const same = (['profile', 'policy', 'agreement'] as const).every((name) => judged[name] === versions[name]);
  if (same) return [[words.versions, closed]];
  return [
    [words.versions, fill(words.judgedText, { ...judged })],
    [words.versionsClosed, closed],
  ];
}

function verdictSentence(verdict: string, language: Language): string {
  return Object.hasOwn(VERDICTS, verdict) ? VERDICT_WORDS[verdict as Verdict][language] : '';
}
