import { type Command, CommanderError } from 'commander';
import { EXIT_CODES, type ExitCode } from '../../connectors/kit/exit-codes.ts';
import type { Language } from '../../connectors/kit/messages.ts';
import { type Cli, langOption, ownVersion } from './cli.ts';
import type { Explanation } from './explain.ts';
import { languageAsked, translateHelp } from './help-vi.ts';
import { idsLast } from './ids-last.ts';
import { PROBLEMS } from './problem.ts';
import { reportError } from './report-error.ts';
import { sayable } from './sayable.ts';
import { SpokenCommand } from './spoken-command.ts';
import { languageOf, type Terminal } from './terminal.ts';

export type AddCommand = (program: Command, cli: Cli) => void;

/** Commands by the first word of the command line. Loaded when asked for: each brings libraries that the others need not wait for. */
export type CommandTable = Readonly<Record<string, () => Promise<AddCommand>>>;

/** The commands that this command line can mean: one where its first word says so, none for its version, else all. */
export async function loadCommands(args: readonly string[], table: CommandTable): Promise<AddCommand[]> {
  const first = args[args[0] === '--lang' ? 2 : args[0]?.startsWith('--lang=') ? 1 : 0] ?? '';
  if (first === '-V' || first === '--version') return [];
  const loaders = Object.hasOwn(table, first) ? [table[first]] : Object.values(table);
  return Promise.all(loaders.flatMap((load) => (load === undefined ? [] : [load()])));
}

const ENDINGS = {
  en: {
    more: '(the options: add --help)',
    exitCodes: `
Exit codes: 0 complete, 2 usage or format, 3 profile, certificate or clock, 4 refused,
5 unavailable or incomplete (run again: it goes on), 6 limited, 10 verdicts of --fail-on or warnings of status, 130 interrupted.`,
  },
  vi: {
    more: '(xem tùy chọn: thêm --help)',
    exitCodes: `
Mã thoát: 0 hoàn tất, 2 dòng lệnh hoặc định dạng, 3 hồ sơ, chứng thư hoặc đồng hồ, 4 bị từ chối,
5 không sẵn sàng hoặc chưa xong (chạy lại: làm tiếp), 6 hết hạn mức, 10 kết luận của --fail-on hoặc cảnh báo của status, 130 bị ngắt.`,
  },
} as const;

/** The command line with these commands. */
export function createProgram(cli: Cli, version: string, commands: readonly AddCommand[]): Command {
  const { language } = cli.settings;
  const program = new SpokenCommand('lienthong', language)
    .description('Liên Thông: verify against, read from and prove the answers of the population register')
    .version(version)
    .addOption(langOption())
    .showHelpAfterError(ENDINGS[language].more)
    .addHelpText('after', ENDINGS[language].exitCodes)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void cli.terminal.stdout.write(text),
      writeErr: (text) => void cli.terminal.stderr.write(sayable(text)),
      getOutHelpWidth: () => cli.terminal.stdout.columns ?? 100,
      getErrHelpWidth: () => cli.terminal.stderr.columns ?? 100,
    });
  for (const add of commands) add(program, cli);
  if (language === 'vi') translateHelp(program);
  return program;
}

/**
 * Runs one command line (without `node` and the script) and resolves to its exit code; never throws.
 * Whatever a command started has been stopped by then.
 */
export async function runCli(args: readonly string[], terminal: Terminal, table: CommandTable): Promise<ExitCode> {
  const cli: Cli = {
    terminal,
    exitCode: EXIT_CODES.COMPLETE,
    // Until the command says: for errors of the command line itself.
    settings: { language: languageOf(languageAsked(args), terminal.env), json: args.includes('--json') },
    gave: false,
  };
  try {
    const program = createProgram(cli, await ownVersion(), await loadCommands(args, table));
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return EXIT_CODES.USAGE;
    }
    await program.parseAsync(idsLast(args), { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return endOf(error, cli);
    return reportError(error, { ...cli.settings, json: cli.settings.json && !cli.gave }, terminal);
  }
}

/** Help and version end so too; of a mistake people were told already. */
function endOf(error: CommanderError, { terminal, settings }: Cli): ExitCode {
  if (error.exitCode === 0) return EXIT_CODES.COMPLETE;
  if (settings.json) terminal.stdout.write(`${JSON.stringify({ error: usageOf(error, settings.language) })}\n`);
  return EXIT_CODES.USAGE;
}

function usageOf({ message }: CommanderError, language: Language): Explanation {
  const happened = message.replace(/^(?:error|lỗi): /, '').replace(/\s*\n\s*/g, ' ');
  const next = PROBLEMS.OPTION_WRONG[language === 'vi' ? 'nextVi' : 'nextEn'];
  return { exitCode: EXIT_CODES.USAGE, reason: 'USAGE', happened, next, details: [] };
}
