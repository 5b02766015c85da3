/** `audit exposure`: whose data was told to whoever held a key, for the notice of a breach and for the people themselves. */
import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import type { Exposing } from '../../accesses/exposed-entries.ts';
import { exposedPeople } from '../../accesses/exposed-people.ts';
import { type Exposure, type ExposureDeps, readExposure } from '../../accesses/exposure.ts';
import { readBook } from '../../acts/read-acts.ts';
import { recordExposure } from '../../audit/operator-entry.ts';
import { BASE64URL_32_BYTES } from '../../signing/base64url.ts';
import { demandOwner } from '../../storage/demand-owner.ts';
import type { Pool } from '../../storage/pool.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { momentOf, pastMomentOf } from '../moment.ts';
import { count } from '../numbers.ts';
import { CliProblem, fill, throwIfInterrupted } from '../problem.ts';
import { holdHead, keepHeadCommand } from '../stack/log-heads.ts';
import {
  addOperatedOptions,
  type Operated,
  type OperatedOptions,
  openOperated,
  refuseBare,
} from '../stack/operated.ts';
import { claimPeopleFile, type Listed, type PeopleFile } from './audit-exposure-file.ts';
import { exposureJson, exposureLines, WORDS } from './audit-exposure-words.ts';

interface ExposureOptions extends CommonOptions, OperatedOptions {
  readonly key: string;
  readonly since: string;
  readonly until?: string;
  readonly out?: string;
}

/** `audit exposure --key KID --since TIME`, of `--data DIR` or `--config FILE` */
export function addExposureCommand(group: Command, cli: Cli): void {
  const exposure = group
    .command('exposure')
    .description(
      'whose data was told to whoever held a key: how many people, which fields, when; the look leaves an entry in the log',
    )
    .requiredOption('--key <kid>', 'thumbprint of the key')
    .requiredOption('--since <time>', 'since when others may have had it, RFC 3339')
    .option('--until <time>', 'before when: what was asked from then on is left out, RFC 3339')
    .option('--out <file>', 'writes the numbers of these people, to notify them; a file that is there stays');
  attach<ExposureOptions>(cli, addOperatedOptions(exposure), showExposure);
}

async function showExposure(context: CommandContext, _args: readonly string[], options: ExposureOptions) {
  const exposing = exposingOf(options);
  const operated = await openOperated(options, context.terminal);
  try {
    await refuseBare(operated);
    const { pool } = operated.database;
    await demandOwner(pool);
    const notes = await notesOf(context, operated, options.key, exposing);
    const heads = await holdHead(operated.config.log, pool, keepHeadCommand(options));
    const deps = { db: pool, evidence: operated.config.keys.evidence, now: Date.now() / 1000 };
    // Made before anything is read: that it cannot be made is not told after an hour.
    const file = options.out === undefined ? undefined : await claimPeopleFile(options.out);
    const { exposure, listed } = await look().catch(async (error: unknown) => {
      await file?.drop();
      throw error;
    });
    return tell(context, options, exposure, listed, notes);

    async function look() {
      const exposure = await read(context, deps, exposing);
      // First, so that no numbers lie in a file of which the log does not know.
      await recordExposure(pool, { key: exposing.key, people: file === undefined ? 0 : exposure.people.size });
      await heads.keep();
      return { exposure, listed: file && (await write(context, deps, exposing, exposure, file)) };
    }
  } finally {
    await operated.database.close();
  }
}

/** Throws CliProblem OPTION_WRONG. */
function exposingOf(options: ExposureOptions): Exposing {
  if (!BASE64URL_32_BYTES.test(options.key))
    throw new CliProblem('OPTION_WRONG', { option: '--key', wanted: 'thumbprint' });
  const since = pastMomentOf('--since', options.since) ?? 0;
  const until = momentOf('--until', options.until);
  if (until !== undefined && until <= since)
    throw new CliProblem('OPTION_WRONG', { option: '--until', wanted: 'laterThan', other: '--since' });
  return {
    key: Buffer.from(options.key, 'base64url'),
    sinceMs: since * 1000,
    untilMs: until === undefined ? undefined : until * 1000,
  };
}

/** What is odd about the key. Throws CliProblem KEY_NOT_ENROLLED: a slip of the pen must not read as "nobody was seen". */
async function notesOf(context: CommandContext, { config, database }: Operated, kid: string, { sinceMs }: Exposing) {
  const words = WORDS[context.settings.language];
  const { keys, officerKeys, compromised } = await readBook(database.pool, {
    deployment: config.deployment.id,
    pinned: config.officers,
  });
  if (!keys.has(kid) && !officerKeys.has(kid) && !(await isInTable(database.pool, kid)))
    throw new CliProblem('KEY_NOT_ENROLLED', { key: kid });
  const lost = compromised.get(kid);
  if (lost === undefined) return [fill(words.notBarred, { key: kid })];
  return lost * 1000 < sinceMs ? [fill(words.barredBefore, { at: words.at(lost * 1000) })] : [];
}

/** A development deployment has its agencies' keys in a table. */
async function isInTable(pool: Pool, kid: string): Promise<boolean> {
  const { rows } = await pool.query('SELECT 1 FROM agency_key WHERE kid = $1', [kid]);
  return rows.length > 0;
}

async function read({ progress, settings, terminal }: CommandContext, deps: ExposureDeps, exposing: Exposing) {
  const { language } = settings;
  const words = WORDS[language];
  const bar = progress.bar(words.reading);
  try {
    const exposure = await readExposure(deps, exposing, (done, total) => {
      throwIfInterrupted(terminal.signal);
      bar.to(done, total);
    });
    bar.done(fill(words.entries, { count: count(exposure.entries, language) }));
    return exposure;
  } finally {
    bar.drop();
  }
}

async function write(
  { progress, settings, terminal }: CommandContext,
  deps: ExposureDeps & { readonly db: Pool },
  exposing: Exposing,
  exposure: Exposure,
  file: PeopleFile,
): Promise<Listed> {
  const bar = progress.bar(WORDS[settings.language].writing);
  try {
    const pieces = exposedPeople(deps, exposing, exposure, (done, total) => {
      throwIfInterrupted(terminal.signal);
      bar.to(done, total);
    });
    const listed = await file.write(pieces);
    bar.done();
    return listed;
  } finally {
    bar.drop();
  }
}

/** Throws CliProblem LOG_UNSOUND where the people of some entries cannot be opened: then there are more than were told. */
function tell(
  context: CommandContext,
  options: ExposureOptions,
  exposure: Exposure,
  listed: Listed | undefined,
  notes: readonly string[],
) {
  context.give(exposureJson(options, exposure, listed));
  for (const line of exposureLines(context, options, exposure, listed)) context.say(line);
  for (const note of notes) context.say(note);
  if (exposure.unreadable > 0) throw new CliProblem('LOG_UNSOUND', { count: exposure.unreadable });
  return EXIT_CODES.COMPLETE;
}
