import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { demandStamp, writeBackup } from '../../backup/write-backup.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { count, decimal } from '../numbers.ts';
import { fill } from '../problem.ts';
import { holdHead, keepHeadCommand } from '../stack/log-heads.ts';
import { addOperatedOptions, type OperatedOptions, openOperated, refuseBare } from '../stack/operated.ts';
import { BACKUP_WORDS, backupProblem, headLine } from './backup-words.ts';

interface BackupOptions extends CommonOptions, OperatedOptions {
  readonly out: string;
}

/** `backup --out DIR`, of `--data DIR` or `--config FILE` */
export function addBackupCommand(program: Command, cli: Cli): void {
  const command = program
    .command('backup')
    .description('copies the whole database at one moment into a folder, beside running gateways; keys are not in it')
    .requiredOption('--out <dir>', 'folder of this backup; new or empty');
  attach<BackupOptions>(cli, addOperatedOptions(command), backUp);
}

async function backUp(context: CommandContext, _args: readonly string[], options: BackupOptions) {
  const { terminal, progress, settings } = context;
  const { language } = settings;
  const words = BACKUP_WORDS[language];
  const operated = await openOperated(options, terminal);
  const { config, database } = operated;
  const bar = progress.bar(words.copying);
  const told = (error: unknown): never => {
    throw backupProblem(error, options.out, terminal.signal);
  };
  try {
    await refuseBare(operated);
    // Before the log is looked at: of another database than was meant that is what is wrong, and not its log.
    await demandStamp(database.pool).catch(told);
    // A log that was rolled back must not be made the good copy.
    await holdHead(config.log, database.pool, keepHeadCommand(options));
    const manifest = await writeBackup({
      pool: database.pool,
      folder: options.out,
      log: config.log,
      onTable: (done, tables) => bar.to(done, tables),
      signal: terminal.signal,
    }).catch(told);
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    const bytes = manifest.tables.reduce((sum, table) => sum + table.bytes, 0);
    bar.done();
    const { size, root } = headLine(manifest);
    context.give({
      folder: options.out,
      made_at: manifest.made_at,
      tables: manifest.tables.length,
      rows,
      bytes,
      log: { size, root },
    });
    context.say(
      fill(words.made, {
        folder: options.out,
        tables: manifest.tables.length,
        rows: count(rows, language),
        megabytes: decimal(bytes / 1e6, language),
      }),
    );
    context.say(fill(words.log, { size: count(size, language), root }));
    context.say(words.keys);
    return EXIT_CODES.COMPLETE;
  } finally {
    bar.drop();
    await database.close();
  }
}
