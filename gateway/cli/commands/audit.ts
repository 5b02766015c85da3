import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { createHeads } from '../../audit/heads.ts';
import { LOG_FINDINGS, type LogFinding, verifyLog } from '../../audit/verify-log.ts';
import { readGatewayConfig } from '../../config/read-config.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { count } from '../layout.ts';
import { CliProblem } from '../problem.ts';
import { preparedFolder } from '../stack/data-folder.ts';
import { openDatabase } from '../stack/database.ts';

interface AuditOptions extends CommonOptions {
  readonly data: string;
}

/** `audit verify --data DIR` */
export function addAuditCommand(program: Command, cli: Cli): void {
  const verify = program
    .command('audit')
    .description('the log of every disclosure')
    .command('verify')
    .description('reads the whole log and proves it against its head and the head kept outside the database')
    .requiredOption('--data <dir>', 'data folder of the deployment');
  attach<AuditOptions>(cli, verify, verifyStoredLog);
}

const HEAD_FINDINGS = {
  smaller: 'the log is smaller than the head kept outside the database',
  forked: 'the log is not the continuation of the head kept outside the database',
} as const;

async function verifyStoredLog(context: CommandContext, _args: readonly string[], options: AuditOptions) {
  const { terminal, progress } = context;
  const data = preparedFolder(options.data);
  const { log } = await readGatewayConfig(data.config, terminal.env);
  const database = await openDatabase(data, terminal.env);
  const bar = progress.bar('Reading the log');
  try {
    const db = database.pool;
    const state = await createHeads({ db, origin: log.origin, key: log.key, path: log.heads }).check();
    const report = await verifyLog(db, (done, size) => bar.to(done, size));
    bar.done(`${count(report.size)} entries`);
    const findings = [...(state === 'sound' ? [] : [HEAD_FINDINGS[state]]), ...report.findings.map(findingLine)];
    const root = Buffer.from(report.root).toString('base64');
    context.give({ origin: log.origin, size: report.size, people: report.people, root, findings });
    for (const finding of findings) context.say(`✗ ${finding}`);
    if (findings.length > 0) throw new CliProblem('LOG_UNSOUND', { count: findings.length });
    context.say(
      `✓ The log ${log.origin} is sound: ${count(report.size)} entries about ${count(report.people)} uses of a person's data, root ${root}`,
    );
    return EXIT_CODES.COMPLETE;
  } finally {
    bar.drop();
    await database.close();
  }
}

function findingLine({ finding, index }: LogFinding): string {
  return index === undefined ? LOG_FINDINGS[finding] : `position ${index}: ${LOG_FINDINGS[finding]}`;
}
