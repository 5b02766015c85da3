import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { clearIndex, fillIndex } from '../../accesses/rebuild.ts';
import { forgetUnlinked } from '../../accesses/unlinked-day.ts';
import { forgetLogPeople } from '../../retention/log-people.ts';
import { forgetOldEntries } from '../../retention/own-entries.ts';
import { periodText } from '../../retention/page.ts';
import { readOverdue } from '../../retention/read-overdue.ts';
import { RETENTION, type RetentionRow } from '../../retention/table.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { table } from '../layout.ts';
import { count } from '../numbers.ts';
import { fill } from '../problem.ts';
import { DEPLOYMENT_OPTIONS, type DeploymentOptions, withDeployment } from '../stack/open-deployment.ts';
import { widthOf } from '../terminal.ts';

interface RetentionOptions extends CommonOptions, DeploymentOptions {}

const WORDS = {
  en: {
    titles: ['Kind', 'What', 'How long', 'Beyond it', 'Source'],
    forgotten: '✓ {entries} entries older than {period} name nobody any more; the index of accesses is made anew.',
    linksForgotten:
      '✓ {links} consents, requests and acknowledgements older than {period} name no entry of the log any more.',
    nothing: '✓ Nothing is older than it may be.',
  },
  vi: {
    titles: ['Loại', 'Nội dung', 'Thời hạn', 'Quá hạn', 'Căn cứ'],
    forgotten: '✓ {entries} bản ghi cũ hơn {period} không còn chỉ tới ai; chỉ mục truy cập đã được lập lại.',
    linksForgotten:
      '✓ {links} sự đồng ý, yêu cầu và xác nhận cũ hơn {period} không còn chỉ tới bản ghi nào của nhật ký.',
    nothing: '✓ Không có gì giữ quá thời hạn.',
  },
} as const;

/** `retention show`, `retention run`, of `--data DIR` or `--config FILE` */
export function addRetentionCommand(program: Command, cli: Cli): void {
  const retention = program.command('retention').description('how long data are kept, and from which rule');
  const show = retention
    .command('show')
    .description('each kind of data with its period, its source and what is kept beyond it');
  const run = retention
    .command('run')
    .description('ends what no gateway may: forgets who the people of old log entries are; their proofs stay');
  for (const command of [show, run]) for (const [flags, text] of DEPLOYMENT_OPTIONS) command.option(flags, text);
  attach<RetentionOptions>(cli, show, showRetention);
  attach<RetentionOptions>(cli, run, runRetention);
}

function showRetention(context: CommandContext, _args: readonly string[], options: RetentionOptions) {
  const { terminal, settings } = context;
  const { language } = settings;
  return withDeployment(options, terminal.env, async ({ database }) => {
    const overdue: Readonly<Partial<Record<string, number>>> = await readOverdue(database.pool);
    const kinds = Object.entries<RetentionRow>(RETENTION);
    /** Undefined where it is not counted: it would take reading all that there is. */
    const beyondOf = (kind: string, { seconds }: RetentionRow) =>
      overdue[kind] ?? (seconds === undefined ? 0 : undefined);
    context.give({
      kinds: kinds.map(([kind, row]) => {
        const { seconds, by, source, tables } = row;
        const beyond = beyondOf(kind, row) ?? null;
        return { kind, seconds: seconds ?? null, by: by ?? null, source, tables, beyond };
      }),
    });
    const rows = kinds.map(([kind, row]) => {
      const beyond = beyondOf(kind, row);
      return [
        kind,
        row[language],
        periodText(row.seconds, language),
        beyond === undefined ? '–' : count(beyond, language),
        language === 'vi' ? row.sourceVi : row.source,
      ];
    });
    const [kind, what, period, beyond, source] = WORDS[language].titles;
    context.say(
      table(
        [
          { title: kind },
          { title: what, wide: true },
          { title: period },
          { title: beyond, align: 'right' },
          { title: source, wide: true },
        ],
        rows,
        widthOf(terminal.stdout),
      ),
    );
    return EXIT_CODES.COMPLETE;
  });
}

function runRetention(context: CommandContext, _args: readonly string[], options: RetentionOptions) {
  const { terminal, settings } = context;
  const { language } = settings;
  const words = WORDS[language];
  const { seconds } = RETENTION.log_people;
  return withDeployment(options, terminal.env, async ({ config, database: { pool } }) => {
    const entries = await forgetLogPeople(pool, seconds, clearIndex);
    // Where this is interrupted, the gateway that indexes goes on with it.
    if (entries > 0) await fillIndex(pool, config.keys.evidence, () => undefined);
    const links = await forgetOldEntries(pool, RETENTION.own_entries.seconds);
    const days = await forgetUnlinked(pool, RETENTION.unlinked.seconds);
    context.give({ log_people: entries, own_entries: links, unlinked: days });
    const period = periodText(seconds, language);
    if (entries > 0) context.say(fill(words.forgotten, { entries: count(entries, language), period }));
    if (links > 0) context.say(fill(words.linksForgotten, { links: count(links, language), period }));
    if (entries + links === 0) context.say(words.nothing);
    return EXIT_CODES.COMPLETE;
  });
}
