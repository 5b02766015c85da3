import type { Command } from 'commander';
import { demandOther } from '../../../connectors/kit/distinct-files.ts';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import type { ImportResult } from '../../register/import/import-persons.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { table } from '../layout.ts';
import { count } from '../numbers.ts';
import { fill } from '../problem.ts';
import { importRegister } from '../stack/import-register.ts';
import { keepHeadCommand } from '../stack/log-heads.ts';
import { DEPLOYMENT_OPTIONS, type DeploymentOptions, withDeployment } from '../stack/open-deployment.ts';
import { refuseBare } from '../stack/operated.ts';
import { widthOf } from '../terminal.ts';

interface ImportOptions extends CommonOptions, DeploymentOptions {
  readonly rejects?: string;
}

/** `register import persons.csv`, of `--data DIR` or `--config FILE`; gateways may be running */
export function addRegisterCommand(program: Command, cli: Cli): void {
  const command = program
    .command('register')
    .description('the population register')
    .command('import')
    .description('imports persons.csv; rows that break a rule go to a file of rejects, importing again changes nothing')
    .argument('<file>', 'persons.csv')
    .option('--rejects <file>', 'where rejects go (default: persons.rejects.csv beside the file)');
  for (const [flags, text] of DEPLOYMENT_OPTIONS) command.option(flags, text);
  attach<ImportOptions>(cli, command, importFile);
}

const WORDS = {
  en: {
    importing: 'Importing',
    done: '{count} rows',
    rows: 'Rows read',
    created: 'People who were not there before',
    changed: 'People and numbers that changed, the new ones included',
    rejected: 'Rows that did not go in',
    position: 'Position of the register now',
    rejects: 'What is wrong with them, by line and column: ',
    same: 'Nothing changed: the register had all of it already.',
  },
  vi: {
    importing: 'Đang nhập',
    done: '{count} dòng',
    rows: 'Số dòng đã đọc',
    created: 'Số người mới',
    changed: 'Số người và số định danh thay đổi, kể cả mới',
    rejected: 'Số dòng không nhập được',
    position: 'Vị trí hiện tại của CSDL dân cư',
    rejects: 'Lý do theo dòng và cột: ',
    same: 'Không có thay đổi: dữ liệu đã có đủ.',
  },
} as const;

async function importFile(context: CommandContext, [file = '']: readonly string[], options: ImportOptions) {
  const { terminal, settings, progress } = context;
  const { language } = settings;
  const words = WORDS[language];
  const rejectsPath = options.rejects ?? rejectsPathOf(file);
  await demandOther([rejectsPath], [file]);
  const bar = progress.bar(words.importing);
  try {
    const result = await withDeployment(options, terminal.env, async (open) => {
      await refuseBare(open);
      const onProgress = (rows: number, expected: number) => bar.to(rows, expected);
      const { signal } = terminal;
      return importRegister(open, { file, rejectsPath, keepHeadCommand: keepHeadCommand(options), signal, onProgress });
    });
    bar.done(fill(words.done, { count: count(result.rows, language) }));
    tell(context, result, rejectsPath);
    return EXIT_CODES.COMPLETE;
  } finally {
    bar.drop();
  }
}

function tell(context: CommandContext, result: ImportResult, rejectsPath: string) {
  const { language } = context.settings;
  const words = WORDS[language];
  const rows = (['rows', 'created', 'changed', 'rejected'] as const).map((name) => [
    words[name],
    count(result[name], language),
  ]);
  rows.push([words.position, String(result.position)]);
  const columns = [
    { title: '', wide: true },
    { title: '', align: 'right' },
  ] as const;
  context.say(table(columns, rows, widthOf(context.terminal.stdout)));
  if (result.rejected > 0) context.say(`${words.rejects}${rejectsPath}`);
  if (result.changed === 0 && result.rows > result.rejected) context.say(words.same);
  context.give({ ...result, rejects: result.rejected > 0 ? rejectsPath : undefined });
}

/** `a/persons.csv` → `a/persons.rejects.csv` */
export function rejectsPathOf(file: string): string {
  return /\.csv$/i.test(file) ? file.replace(/\.csv$/i, '.rejects.csv') : `${file}.rejects.csv`;
}
