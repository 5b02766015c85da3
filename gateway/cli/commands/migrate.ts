import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { lackedMethods } from '../../acts/administration.ts';
import { approvedAdministration } from '../../acts/read-acts.ts';
import { readDatabaseUrl } from '../../config/database-url.ts';
import { readGatewayConfig } from '../../config/read-config.ts';
import { listPending, type Migration, migrate, schemaVersion } from '../../storage/migrate.ts';
import { type LockRisk, type MigrationPlan, planMigrations } from '../../storage/migration-steps.ts';
import { createPool } from '../../storage/pool.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { CliProblem, fill } from '../problem.ts';
import { widthOf } from '../terminal.ts';
import { wrap } from '../wrap.ts';
import { FINDING_WORDS } from './finding-words.ts';

interface MigrateOptions extends CommonOptions {
  readonly plan?: boolean;
  readonly config?: string;
}

/** `migrate [--plan]` */
export function addMigrateCommand(program: Command, cli: Cli): void {
  const command = program
    .command('migrate')
    .description("brings the database's schema up to date, beside running gateways; safe to run again")
    .option('--plan', 'only says what would run, what each step does and whom it holds up')
    .option('--config <file>', "the gateway's config file; without it DATABASE_URL names the database");
  attach<MigrateOptions>(cli, command, runMigrate);
}

const WORDS = {
  en: {
    pending: '{count} migrations would run; the database is at {version}. Nothing was changed.',
    alone: 'outside of a transaction: broken off, it goes on with the next run',
    ran: 'ran',
    upToDate: 'The schema is up to date.',
  },
  vi: {
    pending: 'Sẽ chạy {count} bước nâng cấp; cơ sở dữ liệu đang ở bản {version}. Chưa thay đổi gì.',
    alone: 'ngoài giao dịch: nếu bị ngắt, lần chạy sau làm tiếp',
    ran: 'đã chạy',
    upToDate: 'Lược đồ đã là bản mới nhất.',
  },
} as const;

const RISKS: Readonly<Record<LockRisk, { readonly en: string; readonly vi: string }>> = {
  NONE: { en: 'holds nobody up', vi: 'không cản trở ai' },
  SHORT: { en: 'the table waits for a moment', vi: 'bảng phải chờ trong chốc lát' },
  ONLINE: { en: 'takes long beside reads and writes', vi: 'chạy lâu nhưng vẫn đọc ghi được' },
  ROWS: { en: 'takes long and holds the rows it changes', vi: 'chạy lâu và giữ các dòng đang sửa' },
  BLOCKS_WRITES: { en: 'writes wait while the table is read', vi: 'chặn ghi trong khi đọc cả bảng' },
  BLOCKS_ALL: {
    en: 'everything waits while the table is read or rewritten',
    vi: 'chặn mọi thứ trong khi đọc hoặc ghi lại cả bảng',
  },
  BREAKS: {
    en: 'gateways of before that use it fail from here on: end them first',
    vi: 'cổng bản trước còn dùng sẽ lỗi từ đây: hãy dừng chúng trước',
  },
  UNKNOWN: { en: 'not judged: read it first', vi: 'chưa đánh giá: hãy đọc trước' },
};

async function runMigrate(context: CommandContext, _args: readonly string[], options: MigrateOptions) {
  const { env } = context.terminal;
  const url =
    options.config === undefined ? env.DATABASE_URL : (await readGatewayConfig(options.config, env)).databaseUrl;
  if (url === undefined || url === '') throw new CliProblem('DATABASE_UNNAMED');
  // Of which kind the deployment is, only its database knows: the form alone is looked at.
  const pool = createPool({
    url: readDatabaseUrl(Buffer.from(url), 'development'),
    max: 2,
    applicationName: 'lienthong-migrate',
  });
  const words = WORDS[context.settings.language];
  try {
    if (options.plan === true) {
      const plan = planMigrations(await listPending(pool));
      const version = await schemaVersion(pool);
      context.give({ version, pending: plan });
      if (plan.length > 0) context.say(fill(words.pending, { count: plan.length, version }));
      for (const migration of plan) tell(context, migration);
      if (plan.length === 0) context.say(words.upToDate);
      return EXIT_CODES.COMPLETE;
    }
    const onRun = ({ name }: Migration) => context.say(`${words.ran} ${name}`);
    const names = (await migrate(pool, undefined, { onRun })).map(({ name }) => name);
    const agreement = await approvedAdministration(pool);
    const lacked = agreement === undefined ? [] : lackedMethods(agreement);
    context.give({ applied: names, lacked_methods: lacked });
    if (names.length === 0) context.say(words.upToDate);
    if (lacked.length > 0)
      context.say(`! ${fill(FINDING_WORDS.METHODS_LACKED[context.settings.language], { names: lacked.join(', ') })}`);
    return EXIT_CODES.COMPLETE;
  } finally {
    await pool.end();
  }
}

/** What one migration does, and each of its steps that somebody may notice. */
function tell({ say, settings, terminal }: CommandContext, { name, does, transaction, steps }: MigrationPlan): void {
  const { language } = settings;
  say(`\n${name}`);
  if (does !== '') for (const line of wrap(does, widthOf(terminal.stdout) - 2)) say(`  ${line}`);
  if (!transaction) say(`  ${WORDS[language].alone}`);
  const noticed = steps.filter(({ risk }) => risk !== 'NONE');
  for (const { statement, table, risk } of noticed)
    say(`  ! ${`${statement} ${table}`.trim()}: ${RISKS[risk][language]}`);
  if (noticed.length === 0) say(`  ✓ ${RISKS.NONE[language]}`);
}
