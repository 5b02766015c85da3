import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { createHeads, type LogState } from '../../audit/heads.ts';
import { LOG_FINDINGS, type LogFinding, type LogReport, verifyLog } from '../../audit/verify-log.ts';
import { readSetBack } from '../../backup/continue-log.ts';
import type { GatewayConfig } from '../../config/read-config.ts';
import type { Database } from '../../storage/pool.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { localTime } from '../local-time.ts';
import { count } from '../numbers.ts';
import { CliProblem, fill } from '../problem.ts';
import { keyEvidence } from '../stack/key-evidence.ts';
import { acceptSetBackCommand } from '../stack/log-heads.ts';
import { addOperatedOptions, type OperatedOptions, openOperated } from '../stack/operated.ts';
import { addExposureCommand } from './audit-exposure.ts';
import { type AuditWords, FINDING_WORDS, WORDS } from './audit-words.ts';

type AuditOptions = CommonOptions & OperatedOptions;
type KeepHeadOptions = AuditOptions & { readonly setBack?: boolean };

/** `audit verify`, `audit keep-head`, `audit exposure`, of `--data DIR` or `--config FILE` */
export function addAuditCommand(program: Command, cli: Cli): void {
  const audit = program.command('audit').description('the log of every disclosure');
  const verify = audit
    .command('verify')
    .description('reads the whole log and proves it against its head and the head kept outside the database');
  const keepHead = audit
    .command('keep-head')
    .description(
      'verifies the log and, where no head of it is kept, accepts it as it stands: its head becomes the first',
    )
    .option(
      '--set-back',
      'accepts a database that was set back: withdrawals, bars and erasures made after its copy are undone, and are to be made again',
    );
  attach<AuditOptions>(cli, addOperatedOptions(verify), verifyStoredLog);
  attach<KeepHeadOptions>(cli, addOperatedOptions(keepHead), acceptStoredLog);
  addExposureCommand(audit, cli);
}

interface OpenLog {
  readonly db: Database;
  readonly log: GatewayConfig['log'];
  readonly heads: ReturnType<typeof createHeads>;
  readonly state: LogState;
  readonly report: LogReport;
}

/** Opens a log, reads it whole, and closes it when `work` is done with what was found. */
async function withLog<T>(context: CommandContext, options: AuditOptions, work: (open: OpenLog) => Promise<T>) {
  const { terminal, progress, settings } = context;
  const { language } = settings;
  const words = WORDS[language];
  const { config, database } = await openOperated(options, terminal);
  const { log, keys } = config;
  const bar = progress.bar(words.reading);
  try {
    const db = database.pool;
    const heads = createHeads({ db, origin: log.origin, keys: log.keys, path: log.heads });
    const state = await heads.check();
    const counts = await keyEvidence(config, db);
    const report = await verifyLog(db, (done, size) => bar.to(done, size), counts, keys.evidence);
    bar.done(fill(words.entries, { count: count(report.size, language) }));
    return await work({ db, log, heads, state, report });
  } finally {
    bar.drop();
    await database.close();
  }
}

function verifyStoredLog(context: CommandContext, _args: readonly string[], options: AuditOptions) {
  const { language } = context.settings;
  const words = WORDS[language];
  return withLog(context, options, async ({ log, state, report }) => {
    const findings = findingLines(report, words);
    if (state !== 'sound') findings.unshift(words.states[state]);
    const root = tell(context, log.origin, report, findings);
    context.say(
      fill(words.sound, {
        origin: log.origin,
        size: count(report.size, language),
        people: count(report.people, language),
        root,
      }),
    );
    return EXIT_CODES.COMPLETE;
  });
}

function acceptStoredLog(context: CommandContext, _args: readonly string[], options: KeepHeadOptions) {
  const { language } = context.settings;
  const words = WORDS[language];
  return withLog(context, options, async ({ db, log, heads, state, report }) => {
    const findings = findingLines(report, words);
    if (options.setBack === true && state === 'smaller' && findings.length === 0)
      throw new CliProblem('HEAD_STANDS', { file: log.heads });
    // A head that is kept prevails: this command never replaces one.
    if (state === 'smaller' || state === 'forked') findings.unshift(words.states[state]);
    const root = tell(context, log.origin, report, findings);
    if (state === 'unkept' && options.setBack !== true) await refuseSetBack(db, options);
    if (state === 'unkept') await heads.accept(report);
    else await heads.keep();
    const sentence = state === 'unkept' ? words.accepted : words.keptAlready;
    context.say(fill(sentence, { origin: log.origin, size: count(report.size, language), root, file: log.heads }));
    return EXIT_CODES.COMPLETE;
  });
}

/** Nobody undoes what people and officers took back by leaving a word out. Throws CliProblem LOG_SET_BACK. */
async function refuseSetBack(db: Database, options: OperatedOptions): Promise<void> {
  const setBack = await readSetBack(db);
  if (setBack === undefined) return;
  throw new CliProblem('LOG_SET_BACK', {
    at: setBack.lastAt === undefined ? '–' : localTime(setBack.lastAt.getTime() / 1000),
    command: acceptSetBackCommand(options),
  });
}

/** Says what was found; returns the root in base64. Throws CliProblem LOG_UNSOUND where something was. */
function tell(context: CommandContext, origin: string, report: LogReport, findings: readonly string[]): string {
  const root = Buffer.from(report.root).toString('base64');
  const { size, people, uncounted } = report;
  const { language } = context.settings;
  context.give({ origin, size, people, root, findings, uncounted });
  for (const finding of findings) context.say(`✗ ${finding}`);
  for (const one of uncounted)
    context.say(fill(WORDS[language].uncounted, { ...one, entries: count(one.entries, language) }));
  if (findings.length > 0) throw new CliProblem('LOG_UNSOUND', { count: findings.length });
  return root;
}

function findingLines({ findings }: LogReport, words: AuditWords): string[] {
  return findings.map(({ finding, index }: LogFinding) => {
    const sentence = words === WORDS.vi ? FINDING_WORDS[finding] : LOG_FINDINGS[finding];
    return index === undefined ? sentence : `${fill(words.position, { index })}: ${sentence}`;
  });
}
