import { readFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import { EXIT_CODES, type ExitCode } from '../../connectors/kit/exit-codes.ts';
import type { Cli } from './cli.ts';
import { addAuditCommand } from './commands/audit.ts';
import { addCallCommand } from './commands/call.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDevCommands } from './commands/dev.ts';
import { addJobCommands } from './commands/job.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addPersonCommand } from './commands/person.ts';
import { addReceiptCommand } from './commands/receipt.ts';
import { addRegisterCommand } from './commands/register.ts';
import { addServeCommand } from './commands/serve.ts';
import { addTelcoCommand } from './commands/telco.ts';
import { reportError } from './report-error.ts';
import { languageOf, type Terminal } from './terminal.ts';

const COMMANDS = [
  addDemoCommand,
  addDevCommands,
  addRegisterCommand,
  addTelcoCommand,
  addPersonCommand,
  addCallCommand,
  addReceiptCommand,
  addAuditCommand,
  addJobCommands,
  addMigrateCommand,
  addServeCommand,
];

const EXIT_TABLE = `
Exit codes: 0 complete, 2 usage or format, 3 profile, certificate or clock, 4 refused,
5 unavailable or incomplete (run again: it goes on), 6 limited, 10 verdicts of --fail-on, 130 interrupted.`;

/** The whole command line; its commands' work is not started. */
export function createProgram(cli: Cli, version: string): Command {
  const program = new Command('lienthong')
    .description('Liên Thông: verify against, read from and prove the answers of the population register')
    .version(version)
    .showHelpAfterError('(the options: add --help)')
    .addHelpText('after', EXIT_TABLE)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void cli.terminal.stdout.write(text),
      writeErr: (text) => void cli.terminal.stderr.write(text),
      getOutHelpWidth: () => cli.terminal.stdout.columns ?? 100,
      getErrHelpWidth: () => cli.terminal.stderr.columns ?? 100,
    });
  for (const add of COMMANDS) add(program, cli);
  return program;
}

/**
 * Runs one command line (without `node` and the script) and resolves to its exit code; never throws.
 * Whatever a command started has been stopped by then.
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const cli: Cli = {
    terminal,
    exitCode: EXIT_CODES.COMPLETE,
    // Until the command says: for errors of the command line itself.
    settings: { language: languageOf(undefined, terminal.env), json: args.includes('--json') },
  };
  try {
    const program = createProgram(cli, await readVersion());
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return EXIT_CODES.USAGE;
    }
    await program.parseAsync(args, { from: 'user' });
    return terminal.signal.aborted && cli.exitCode === EXIT_CODES.COMPLETE ? EXIT_CODES.INTERRUPTED : cli.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.COMPLETE : EXIT_CODES.USAGE;
    return reportError(error, cli.settings, terminal);
  }
}

async function readVersion(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(manifest) as { version?: unknown }).version);
}
