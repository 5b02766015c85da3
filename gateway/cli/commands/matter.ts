import { randomBytes } from 'node:crypto';
import { toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { AdminService, type PersonMatter, PersonMatterSchema } from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import {
  MATTER_NAMES,
  MATTER_REASONS,
  MATTER_TEXT,
  MATTERS,
  type MatterAct,
  type MatterName,
  matterActBytes,
  OUTCOME_NAMES,
  OUTCOMES,
  readMatterAct,
} from '../../acts/matter-act.ts';
import { line } from '../../acts/rules.ts';
import { isOneOf } from '../../policy/shape.ts';
import { attach, type Cli, type CommandContext, PROFILE_OPTION, type ProfileOptions } from '../cli.ts';
import { mustBeAskable } from '../confirm.ts';
import { localTime } from '../local-time.ts';
import { type AskedOptions, isWanted, YES_OPTION } from '../officers/ask.ts';
import { type OfficerDesk, signActBytes, withOfficer } from '../officers/desk.ts';
import { isDecisionClock, KIND_WORDS, MATTER_WORDS, OUTCOME_WORDS, REASON_WORDS } from '../officers/matter-words.ts';
import { OFFICER_WORDS, tellTable } from '../officers/words.ts';
import { CliProblem, fill, type WantedFacts } from '../problem.ts';
import { readFirstLine } from '../read-input.ts';

interface ListOptions extends ProfileOptions {
  readonly all?: boolean;
  readonly person?: boolean;
}
interface WordsOptions extends AskedOptions {
  readonly reason: string;
  readonly citation?: string;
  readonly vi: string;
  readonly en: string;
}
interface DecideOptions extends WordsOptions {
  readonly outcome: string;
}

const { method } = AdminService;

/** `matter list|decide|extend` */
export function addMatterCommands(program: Command, cli: Cli): void {
  const matter = program
    .command('matter')
    .description('what persons object to or ask of the register, and officers decide');
  const list = matter
    .command('list')
    .description('those that wait for an officer, the first due first')
    .option('--all', 'those that are over as well')
    .option('--person', 'only of the person whose ID is read from standard input; it is kept nowhere')
    .option(...PROFILE_OPTION);
  attach<ListOptions>(cli, list, showMatters);
  const act = (name: string, text: string, reasons: string) =>
    matter
      .command(name)
      .description(text)
      .argument('<id>', 'id of the matter, or how it begins')
      .requiredOption('--reason <reason>', reasons)
      .requiredOption('--vi <text>', 'in words to the person, Vietnamese')
      .requiredOption('--en <text>', 'in words to the person, English')
      .option('--citation <rule>', 'the rule that it stands on; needed where something is refused')
      .option(...YES_OPTION)
      .option(...PROFILE_OPTION);
  const decide = act('decide', 'decides a matter for good; the person sees it', REASONS_TEXT).requiredOption(
    '--outcome <outcome>',
    OUTCOME_TEXT,
  );
  attach<DecideOptions>(cli, decide, (context, [id = ''], options) =>
    settle(context, id, options, { kind: 'matter.decide', outcome: options.outcome }),
  );
  const extend = act('extend', 'extends the period of a matter, once and before its first end', EXTENSIONS_TEXT);
  attach<WordsOptions>(cli, extend, (context, [id = ''], options) =>
    settle(context, id, options, { kind: 'matter.extend' }),
  );
}

const reasonsFor = (extending: boolean) =>
  Object.entries(MATTER_REASONS)
    .filter(([, { for: of }]) => (of as readonly string[]).includes('extension') === extending)
    .map(([name]) => name)
    .join(', ');
const REASONS_TEXT = `of ${reasonsFor(false)}`;
const EXTENSIONS_TEXT = `of ${reasonsFor(true)}`;
const OF_OBJECTION = OUTCOME_NAMES.slice(0, 2).join(' / ');
const OF_REQUEST = OUTCOME_NAMES.slice(2).join(' / ');
const OUTCOME_TEXT = `an objection: ${OUTCOME_NAMES.slice(0, 2).join(' or ')}; a request: ${OUTCOME_NAMES.slice(2).join(' or ')}`;

const idOf = ({ receiptId }: PersonMatter) => Buffer.from(receiptId).toString('base64url');
/** With the name that the other commands take: bytes alone are base64 of another alphabet in JSON. */
const matterJson = (matter: PersonMatter) => ({
  id: idOf(matter),
  ...(toJson(PersonMatterSchema, matter, { useProtoFieldName: true }) as object),
});
const ID = /^[A-Za-z0-9_-]{22}$/;
const PREFIX = /^[A-Za-z0-9_-]{6,22}$/;
const SHOWN = 12;

/** All of them, page by page, in the gateway's order. What moved on while the pages were read is named once. */
async function mattersOf(
  { client, signal }: OfficerDesk,
  asked: {
    readonly openOnly?: boolean;
    readonly personalId?: string;
    readonly receiptId?: Uint8Array;
    readonly receiptPrefix?: string;
  },
): Promise<PersonMatter[]> {
  const found = new Map<string, PersonMatter>();
  let pageToken: Uint8Array = new Uint8Array(0);
  do {
    const { message } = await client.unary(method.listMatters, { ...asked, pageToken }, { signal });
    for (const one of message.matters) found.set(idOf(one), one);
    pageToken = message.nextPageToken;
  } while (pageToken.length > 0);
  return [...found.values()];
}

async function showMatters(context: CommandContext, _args: readonly string[], options: ListOptions) {
  const personalId = options.person === true ? (await readFirstLine(context.terminal.stdin)).trim() : '';
  if (options.person === true && personalId === '') throw new CliProblem('ID_MISSING');
  return withOfficer(context, options, async (desk) => {
    const matters = await mattersOf(desk, { openOnly: options.all !== true, personalId });
    context.give(matters.map(matterJson));
    const { language } = context.settings;
    const rows = matters.map((one) => rowOf(one, language, desk.now()));
    tellTable(context, MATTER_WORDS[language].matters, rows, 1);
    return undefined;
  });
}

function rowOf(matter: PersonMatter, language: 'en' | 'vi', now: number): string[] {
  const words = MATTER_WORDS[language];
  const { kind, recipient, purpose, fields, recordedAt } = matter;
  const paths = fields?.paths ?? [];
  const about = recipient === '' ? (paths.length === 0 ? words.all : paths.join(', ')) : `${recipient} ${purpose}`;
  const due = dueOf(matter);
  return [
    ...[idOf(matter).slice(0, SHOWN), KIND_WORDS[kind]?.[language] ?? '', about, localTime(Number(recordedAt))],
    ...[localTime(due), stateOf(matter, language, due <= now)],
  ];
}

function dueOf({ clocks }: PersonMatter): number {
  const clock = clocks.find(({ kind }) => isDecisionClock(kind));
  return Number((clock?.extended === true ? clock.extendedDueAt : clock?.dueAt) ?? 0);
}

function stateOf({ decision, extension, liftedAt }: PersonMatter, language: 'en' | 'vi', isLate: boolean): string {
  const words = MATTER_WORDS[language];
  if (decision !== undefined) {
    return `${OUTCOME_WORDS[decision.outcome][language]}: ${REASON_WORDS[decision.reason][language]}`;
  }
  if (liftedAt !== 0n) return words.lifted;
  if (isLate) return words.late;
  if (extension === undefined) return words.open;
  return fill(words.extended, { reason: REASON_WORDS[extension.reason][language] });
}

/** The whole matter of what a person typed. Throws CliProblem OPTION_WRONG. */
async function found(desk: OfficerDesk, typed: string): Promise<PersonMatter> {
  // As JSON shows the bytes of a receipt as well.
  const given = typed.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const asked = ID.test(given)
    ? { receiptId: Buffer.from(given, 'base64url') }
    : { openOnly: true, receiptPrefix: given };
  const some = PREFIX.test(given) ? await mattersOf(desk, asked) : [];
  // Of a gateway of before, which knows no prefix, too.
  const matches = some.filter((one) => idOf(one).startsWith(given));
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return only;
  throw new CliProblem('OPTION_WRONG', {
    option: '<id>',
    wanted: 'matter',
  });
}

type Kind = { readonly kind: 'matter.decide'; readonly outcome: string } | { readonly kind: 'matter.extend' };

async function settle(context: CommandContext, id: string, options: WordsOptions, kind: Kind) {
  checkTexts(options);
  return withOfficer(context, options, async (desk) => {
    const matter = await found(desk, id);
    const of = MATTER_NAMES.find((name) => MATTERS[name] === matter.kind);
    const body = matterActBytes({
      ...{ act: randomBytes(16).toString('base64url'), deployment: desk.deployment, matter: idOf(matter), of, ...kind },
      ...{ reason: options.reason, text_vi: options.vi.normalize('NFC'), text_en: options.en },
      ...(options.citation === undefined ? {} : { citation: options.citation.normalize('NFC') }),
    } as MatterAct);
    // What the gateway would refuse as no act, said here by the option that is wrong.
    const act = readMatterAct(body);
    if (act === undefined) throw wrongOption(options, kind, of);
    mustBeAskable(context, options);
    show(context, matter, act, desk.now());
    if (!(await isWanted(context, desk.officer, options))) return EXIT_CODES.INTERRUPTED;
    const request = { body, signature: signActBytes(desk, body) };
    const { message } = await desk.client.unary(method.decideMatter, request, { signal: desk.signal });
    tell(context, message.matter ?? matter);
    return undefined;
  });
}

/** What is decided, and what the person is told: nobody can take it back. */
function show(context: CommandContext, matter: PersonMatter, act: MatterAct, now: number): void {
  const { language } = context.settings;
  const { act: _, deployment: __, ...told } = act;
  tellTable(context, MATTER_WORDS[language].matters, [rowOf(matter, language, now)]);
  tellTable(context, OFFICER_WORDS[language].members, Object.entries(told));
  context.say(OFFICER_WORDS[language].forGood);
}

/** Throws CliProblem TEXT_WRONG. */
function checkTexts({ vi, en, citation }: WordsOptions): void {
  const texts = [
    ['--vi', vi.normalize('NFC'), MATTER_TEXT.words],
    ['--en', en, MATTER_TEXT.words],
    ['--citation', citation?.normalize('NFC'), MATTER_TEXT.citation],
  ] as const;
  for (const [option, text, most] of texts) {
    if (text !== undefined && !line(most)(text)) throw new CliProblem('TEXT_WRONG', { option, most });
  }
}

function wrongOption({ reason, citation }: WordsOptions, kind: Kind, of: MatterName | undefined): CliProblem {
  const option = (name: string, wanted: WantedFacts) => new CliProblem('OPTION_WRONG', { option: name, ...wanted });
  if (kind.kind === 'matter.extend') return option('--reason', { wanted: 'oneOf', names: reasonsFor(true) });
  if (!Object.hasOwn(MATTER_REASONS, reason)) return option('--reason', { wanted: 'oneOf', names: reasonsFor(false) });
  const { outcome } = kind;
  const kinds: readonly (string | undefined)[] = isOneOf(OUTCOME_NAMES, outcome) ? OUTCOMES[outcome].of : [];
  if (!kinds.includes(of))
    return option('--outcome', { wanted: 'outcome', objection: OF_OBJECTION, request: OF_REQUEST });
  const negative = outcome === 'rejected' || outcome === 'refused';
  if (negative && citation === undefined) return option('--citation', { wanted: 'rule' });
  const reasons = Object.entries(MATTER_REASONS).filter(([, { for: what }]) => isOneOf(what, outcome));
  return new CliProblem('REASON_ELSEWHERE', { reason, outcome, reasons: reasons.map(([name]) => name).join(', ') });
}

function tell(context: CommandContext, matter: PersonMatter): void {
  context.give(matterJson(matter));
  const { language } = context.settings;
  const words = MATTER_WORDS[language];
  const { decision, kind } = matter;
  const said = { what: KIND_WORDS[kind]?.[language] ?? '', id: idOf(matter) };
  if (decision === undefined) context.say(fill(words.extension, { ...said, until: localTime(dueOf(matter)) }));
  else {
    const outcome = OUTCOME_WORDS[decision.outcome][language];
    context.say(fill(words.decided, { ...said, outcome, reason: REASON_WORDS[decision.reason][language] }));
  }
}
