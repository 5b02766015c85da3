import type { Language } from '../../../connectors/kit/messages.ts';
import type { VerifySummary } from '../../../connectors/telco/verify.ts';
import { expandMask } from '../../fields/mask.ts';
import { pathOf } from '../../fields/vocabulary.ts';
import { explain } from '../explain.ts';
import { table } from '../layout.ts';
import { count, percent, seconds } from '../numbers.ts';
import { personLines } from '../person-view.ts';
import { fill } from '../problem.ts';
import { errorLines } from '../report-error.ts';
import { actionLines, reasonSentence, verdictTable } from '../summary.ts';
import type { CitizenFindings } from './citizen.ts';
import type { ExampleRow } from './example-rows.ts';
import { ASKED, type MinistryAnswers } from './ministry.ts';
import type { DisclosureProof } from './prove-disclosure.ts';
import { DEMO_WORDS } from './words.ts';

/** All that the demo found, to be told. */
export interface DemoFindings {
  readonly summary: VerifySummary;
  /** Of the telco's job alone. */
  readonly jobMs: number;
  readonly examples: readonly ExampleRow[];
  readonly ministry: MinistryAnswers;
  readonly proof: DisclosureProof;
  readonly citizen: CitizenFindings;
}

export interface DemoPlaces {
  /** Folder of the files below, as the reader would type it. */
  readonly folder: string;
  /** Data folder that is kept; undefined where it was temporary. */
  readonly data: string | undefined;
}

/** The demo's report, in the order in which it is best understood. */
export function demoReport(findings: DemoFindings, language: Language, width: number): string {
  return [
    ...verdictPart(findings, language, width),
    ...reasonPart(findings, language, width),
    ...ministryPart(findings.ministry, language, width),
    ...proofPart(findings.proof, language),
    ...citizenPart(findings.citizen, language),
  ].join('\n');
}

function verdictPart({ summary, jobMs }: DemoFindings, language: Language, width: number): string[] {
  const words = DEMO_WORDS[language];
  return [
    '',
    words.synthetic,
    '',
    fill(words.verdicts, { n: count(summary.rows, language) }),
    fill(words.rate, { rate: count(summary.rows / (jobMs / 1000), language) }),
    verdictTable(summary, language, width),
    actionLines(summary, language),
  ];
}

function reasonPart({ examples, summary }: DemoFindings, language: Language, width: number): string[] {
  const words = DEMO_WORDS[language];
  const rows = examples.map((row) => [
    reasonSentence(row.reason, language),
    `${count(row.count, language)}\n${percent(row.count, summary.rows, language)}`,
    [row.fullName, row.idNumber, row.dateOfBirth].map(visible).join('\n'),
    row.verdict,
  ]);
  const columns = [
    { title: words.reason, wide: true },
    { title: words.rows, align: 'right' as const },
    { title: words.example },
    { title: words.verdict },
  ];
  return ['', words.reasons, table(columns, rows, width)];
}

/** A cell as it stands in the file, with the spaces that one would not see. */
export function visible(cell: string): string {
  if (cell.trim() === '') return '∅';
  return cell
    .replaceAll(/\p{Cf}/gu, '▯')
    .replaceAll(/^\p{Zs}+|\p{Zs}+$|\p{Zs}{2,}|[^\P{Zs} ]/gu, (spaces) => '␣'.repeat(spaces.length));
}

function ministryPart({ partial, refusal }: MinistryAnswers, language: Language, width: number): string[] {
  const words = DEMO_WORDS[language];
  const given = new Map(personLines(partial.message.person).map(([path = '', text = '']) => [path, text]));
  const refused = new Set(partial.message.refused.map(({ path }) => path));
  const asked = [...expandMask(ASKED).fields].map((id) => pathOf(id));
  const rows = asked.map((path) => [path, refused.has(path) ? words.refused : (given.get(path) ?? words.empty)]);
  const explanation = explain(refusal, language);
  return [
    '',
    words.ministry,
    table([{ title: words.field }, { title: words.gets, wide: true }], rows, width),
    words.strict,
    ...errorLines(explanation, language).map((line) => `  │ ${line}`),
  ];
}

const SHOWN_OF_HASH = 16;

function proofPart(proof: DisclosureProof, language: Language): string[] {
  const words = DEMO_WORDS[language];
  const mark = (holds: boolean, text: string) => `  ${holds ? '✓' : '✗'} ${text}`;
  const { origin, hashes, answerDigest, root } = proof;
  return [
    '',
    words.proof,
    fill(words.inLog, { index: count(proof.index + 1, language), size: count(proof.size, language), origin }),
    mark(proof.sameAnswer, fill(words.sameAnswer, { digest: answerDigest.slice(0, SHOWN_OF_HASH) })),
    mark(proof.included, fill(words.included, { hashes, root: root.slice(0, SHOWN_OF_HASH) })),
    mark(proof.tamperEvident, words.tamper),
  ];
}

function citizenPart({ verdicts, text, check }: CitizenFindings, language: Language): string[] {
  const words = DEMO_WORDS[language];
  const [before, during, after] = verdicts;
  const proven = check.holds
    ? fill(words.citizenProven, { agency: check.access.agency, index: count(check.access.index + 1, language) })
    : fill(words.citizenUnproven, { fault: check.fault });
  return [
    '',
    words.citizen,
    `  ${fill(words.bankAsks, { verdict: before })}`,
    `  ${words.citizenAgrees}`,
    ...text.split('\n').map((line) => `  │ ${line}`),
    `  ${fill(words.bankAsks, { verdict: during })}`,
    `  ${fill(words.citizenWithdraws, { verdict: after })}`,
    `  ${check.holds ? '✓' : '✗'} ${proven}`,
  ];
}

/** Where the files are and what to try: the last thing on the screen. */
export function demoEnding({ folder, data }: DemoPlaces, ms: number, language: Language): string {
  const words = DEMO_WORDS[language];
  const files = [
    [`${folder}/subscribers.csv`, words.own],
    [`${folder}/results.csv`, words.results],
    [`${folder}/results.csv.receipt`, words.receipt],
    data === undefined ? [`${folder}/key-set-root.jwk.json`, words.root] : [`${data}/`, words.data],
  ];
  const trust = data === undefined ? `--root ${folder}/key-set-root.jwk.json` : `--profile ${data}/agencies/viettel`;
  const up = data ?? 'lienthong-data';
  const commands = [
    [`npx lienthong receipt verify ${folder}/results.csv ${trust}`, words.tryVerify],
    data === undefined
      ? [`npx lienthong demo --data ${up}`, words.tryKeep]
      : [`npx lienthong audit verify --data ${up}`, words.tryAudit],
    [`npx lienthong dev up --data ${up}`, words.tryUp],
  ];
  const widest = Math.max(...files.map(([path = '']) => path.length));
  return [
    '',
    words.files,
    ...files.map(([path = '', text = '']) => `  ${path.padEnd(widest)}  ${text}`),
    '',
    words.tryThese,
    ...commands.flatMap(([command = '', note = '']) => [`  ${note}`, `  ${command}`]),
    '',
    fill(words.took, { time: seconds(ms, language) }),
  ].join('\n');
}

/** Where the citizen's page is, while it runs. */
export function pageNote(findings: DemoFindings, link: string, language: Language): string {
  const request = requestLink(findings, link);
  const name = findings.ministry.partial.message.person?.fullName ?? '';
  return `\n${fill(DEMO_WORDS[language].page, { link, request, name })}`;
}

/** Where a person is asked for what the bank wants. */
export function requestLink({ citizen }: Pick<DemoFindings, 'citizen'>, link: string): string {
  return `${link.replace(/\/$/, '')}${citizen.request}`;
}
