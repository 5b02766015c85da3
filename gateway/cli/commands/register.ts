import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { count, table } from '../layout.ts';
import { fill } from '../problem.ts';
import { preparedFolder } from '../stack/data-folder.ts';
import { openDatabase } from '../stack/database.ts';
import { importRegister } from '../stack/import-register.ts';
import { widthOf } from '../terminal.ts';

interface ImportOptions extends CommonOptions {
  readonly data: string;
  readonly rejects?: string;
}

/** `register import persons.csv --data DIR` */
export function addRegisterCommand(program: Command, cli: Cli): void {
  const command = program
    .command('register')
    .description('the population register of a data folder')
    .command('import')
    .description('imports persons.csv; rows that break a rule go to a file of rejects, importing again changes nothing')
    .argument('<file>', 'persons.csv')
    .option('--rejects <file>', 'where rejects go (default: persons.rejects.csv beside the file)')
    .requiredOption('--data <dir>', 'data folder of the deployment; it may be running');
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
    position: 'Vị trí hiện tại của cơ sở dữ liệu',
    rejects: 'Lý do theo dòng và cột: ',
    same: 'Không có thay đổi: dữ liệu đã có đủ.',
  },
} as const;

async function importFile(context: CommandContext, [file = '']: readonly string[], options: ImportOptions) {
  const { terminal, settings, progress } = context;
  const words = WORDS[settings.language];
  const rejectsPath = options.rejects ?? rejectsPathOf(file);
  const data = preparedFolder(options.data);
  const database = await openDatabase(data, terminal.env);
  const bar = progress.bar(words.importing);
  try {
    const { env, signal } = terminal;
    const onProgress = (rows: number, expected: number) => bar.to(rows, expected);
    const result = await importRegister(data, database, { file, rejectsPath, env, signal, onProgress });
    bar.done(fill(words.done, { count: count(result.rows) }));
    const rows = (['rows', 'created', 'changed', 'rejected'] as const).map((name) => [
      words[name],
      count(result[name]),
    ]);
    rows.push([words.position, String(result.position)]);
    context.say(
      table(
        [
          { title: '', wide: true },
          { title: '', align: 'right' },
        ],
        rows,
        widthOf(terminal.stdout),
      ),
    );
    if (result.rejected > 0) context.say(`${words.rejects}${rejectsPath}`);
    if (result.changed === 0 && result.rows > result.rejected) context.say(words.same);
    context.give({ ...result, rejects: result.rejected > 0 ? rejectsPath : undefined });
    return EXIT_CODES.COMPLETE;
  } finally {
    bar.drop();
    await database.close();
  }
}

/** `a/persons.csv` → `a/persons.rejects.csv` */
export function rejectsPathOf(file: string): string {
  return /\.csv$/i.test(file) ? file.replace(/\.csv$/i, '.rejects.csv') : `${file}.rejects.csv`;
}
