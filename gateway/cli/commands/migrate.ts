import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { readGatewayConfig } from '../../config/read-config.ts';
import { listPending, migrate } from '../../storage/migrate.ts';
import { createPool } from '../../storage/pool.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { CliProblem } from '../problem.ts';

interface MigrateOptions extends CommonOptions {
  readonly plan?: boolean;
  readonly config?: string;
}

/** `migrate [--plan]` */
export function addMigrateCommand(program: Command, cli: Cli): void {
  const command = program
    .command('migrate')
    .description("brings the database's schema up to date; safe to run again")
    .option('--plan', 'only says what would run')
    .option('--config <file>', "the gateway's config file; without it DATABASE_URL names the database");
  attach<MigrateOptions>(cli, command, runMigrate);
}

const WORDS = {
  en: { pending: 'would run', ran: 'ran', upToDate: 'The schema is up to date.' },
  vi: { pending: 'sẽ chạy', ran: 'đã chạy', upToDate: 'Lược đồ đã là bản mới nhất.' },
} as const;

async function runMigrate(context: CommandContext, _args: readonly string[], options: MigrateOptions) {
  const { env } = context.terminal;
  const url =
    options.config === undefined ? env.DATABASE_URL : (await readGatewayConfig(options.config, env)).databaseUrl;
  if (url === undefined || url === '') throw new CliProblem('DATABASE_UNNAMED');
  const pool = createPool({ url, max: 2, applicationName: 'lienthong-migrate' });
  try {
    const plan = options.plan === true;
    const done = plan ? await listPending(pool) : await migrate(pool);
    const names = done.map(({ name }) => name);
    context.give(plan ? { pending: names } : { applied: names });
    const words = WORDS[context.settings.language];
    for (const name of names) context.say(`${plan ? words.pending : words.ran} ${name}`);
    if (names.length === 0) context.say(words.upToDate);
    return EXIT_CODES.COMPLETE;
  } finally {
    await pool.end();
  }
}
