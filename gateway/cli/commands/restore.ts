import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { createHeads } from '../../audit/heads.ts';
import { readHead } from '../../audit/log-store.ts';
import { continueLog, proveLog, readLastEntryAt, refuseRunning } from '../../backup/continue-log.ts';
import type { Manifest } from '../../backup/manifest.ts';
import { restoreBackup } from '../../backup/restore-backup.ts';
import { listPending } from '../../storage/migrate.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { localTimeOf } from '../local-time.ts';
import { count } from '../numbers.ts';
import { CliProblem, fill } from '../problem.ts';
import { acceptSetBackCommand } from '../stack/log-heads.ts';
import {
  addOperatedOptions,
  type Operated,
  type OperatedOptions,
  openOperated,
  refuseBare,
} from '../stack/operated.ts';
import { BACKUP_WORDS, backupProblem } from './backup-words.ts';

interface RestoreOptions extends CommonOptions, OperatedOptions {
  readonly verify?: boolean;
}

/** `restore DIR --verify`; `restore --verify` of a database that another tool set back */
export function addRestoreCommand(program: Command, cli: Cli): void {
  const command = program
    .command('restore')
    .description(
      'brings a backup into an empty database, all of it or nothing, and holds its log against the head kept',
    )
    .argument('[dir]', 'folder of the backup; without it, with --verify: a database that your own tools set back')
    .option('--verify', 'reads the whole log as well and proves it, before anything counts');
  attach<RestoreOptions>(cli, addOperatedOptions(command), restore);
}

async function restore(context: CommandContext, [folder]: readonly string[], options: RestoreOptions) {
  const { terminal, settings, give, say } = context;
  const { language } = settings;
  const words = BACKUP_WORDS[language];
  if (folder === undefined && options.verify !== true) {
    throw new CliProblem('OPTION_WRONG', { option: 'restore', wanted: 'restoreSource' });
  }
  const operated = await openOperated(options, terminal);
  const { database, config } = operated;
  try {
    const work = folder === undefined ? takeOver(context, operated) : bringBack(context, operated, folder, options);
    const manifest = await work.catch((error: unknown) => {
      throw backupProblem(error, folder ?? '', terminal.signal);
    });
    const { size } = await readHead(database.pool);
    if (manifest !== undefined) {
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
      say(
        fill(words.restored, {
          rows: count(rows, language),
          tables: manifest.tables.length,
          at: localTimeOf(manifest.made_at),
        }),
      );
    }
    if (options.verify === true) say(fill(words.proven, { size: count(size, language) }));
    const pending = (await listPending(database.pool)).length;
    if (pending > 0) say(fill(words.pending, { count: pending }));
    const heads = createHeads({
      db: database.pool,
      origin: config.log.origin,
      keys: config.log.keys,
      path: config.log.heads,
    });
    const state = await heads.check();
    give({ made_at: manifest?.made_at, log: { size, state } });
    // Without a head too: of a database that was set back nothing is accepted that one did not say to know of.
    const place = { file: config.log.heads, command: acceptSetBackCommand(options) };
    // Of a database that other tools set back nobody tells the moment; nothing is in it that is later than this.
    const at = localTimeOf(manifest?.made_at ?? (await readLastEntryAt(database.pool))?.toISOString() ?? '–');
    // Also where it is served: a head covers what was recorded until it was kept, and not what came after.
    if (state === 'sound' || state === 'unkept') say(fill(words.undone, { at }));
    if (state === 'unkept') throw new CliProblem('HEAD_NOT_KEPT', place);
    if (state !== 'sound') throw new CliProblem('RESTORED_OLDER', { ...place, at });
    await heads.keep();
    say(fill(words.served, place));
    return EXIT_CODES.COMPLETE;
  } finally {
    await database.close();
  }
}

async function bringBack(
  { progress, settings, terminal }: CommandContext,
  { config, database }: Operated,
  folder: string,
  { verify }: RestoreOptions,
): Promise<Manifest> {
  const words = BACKUP_WORDS[settings.language];
  const bar = progress.bar(words.restoring);
  try {
    const manifest = await restoreBackup({
      pool: database.pool,
      folder,
      deployment: config.deployment,
      log: config.log,
      keys: config.keys,
      verify: verify === true,
      onTable: (done, tables) => bar.to(done, tables),
      signal: terminal.signal,
    });
    bar.done();
    return manifest;
  } finally {
    bar.drop();
  }
}

/** A database that is there already, set back by the operator's own tools (PITR): the same proof, and the same consequences. */
async function takeOver({ progress, settings }: CommandContext, operated: Operated): Promise<undefined> {
  const { database, config } = operated;
  await refuseBare(operated);
  const bar = progress.bar(BACKUP_WORDS[settings.language].reading);
  try {
    await inTransaction(database.pool, async (connection) => {
      await refuseRunning(connection);
      await proveLog(connection, config.keys.evidence, (done, size) => bar.to(done, size));
      await continueLog(connection);
    });
    bar.done();
  } finally {
    bar.drop();
  }
}
