/** Starts a command line: the only file here that touches `process`. */
import { EXIT_CODES, type ExitCode } from '../../connectors/kit/exit-codes.ts';
import { taken } from '../disk/taken.ts';
import { languageAsked } from './help-vi.ts';
import { CliProblem } from './problem.ts';
import { reportError } from './report-error.ts';
import { type CommandTable, runCli } from './run.ts';
import { languageOf } from './terminal.ts';

/** How long a command may take to tidy up once it is asked to end; a second Ctrl-C ends it at once. */
const TIDY_MS = 30_000;

/** One Ctrl-C may arrive twice, from the terminal and from the launcher. */
const SAME_MS = 500;

const OUTPUTS = ['stdout', 'stderr'] as const;

/** A reader that closes the pipe (`| head`) has what it wanted. */
const wantsNoMore = ({ code }: NodeJS.ErrnoException): boolean => code === 'EPIPE';

/** Runs this process's command line with these commands, and ends the process. */
export async function startCli(table: CommandTable): Promise<void> {
  const args = process.argv.slice(2);
  const interruption = new AbortController();
  const terminal = {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: interruption.signal,
  };
  // No object beside the result, which may stand there already.
  const report = (error: unknown) =>
    reportError(error, { language: languageOf(languageAsked(args), process.env), json: false }, terminal);

  /** Whether nothing is left but that readers take what was said. */
  let leaving = false;

  /** Connections and timers of libraries must not hold a finished command; who reads what it said does, however slow. */
  async function leave(code: ExitCode): Promise<void> {
    if (leaving) return;
    leaving = true;
    let ending = code;
    const ends = await Promise.all(OUTPUTS.map(async (name) => ({ name, error: await taken(process[name]) })));
    for (const { name, error } of ends) {
      if (error === undefined || wantsNoMore(error)) continue;
      const told = report(unwritable(name, error));
      if (code === EXIT_CODES.COMPLETE) ending = told;
      await taken(process.stderr);
    }
    process.exit(ending);
  }

  // By itself Node would print the error as it is, and it may quote a value.
  process.on('uncaughtException', (error) => {
    // Of what a command has let go of: that one has said how it ended.
    if (!leaving) void leave(report(error));
  });
  let interruptedAt = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const again = interruption.signal.aborted && performance.now() - interruptedAt > SAME_MS;
      // Nothing is left to be tidied up where only a reader is waited for.
      const idle = leaving && !interruption.signal.aborted;
      if (idle || (again && signal === 'SIGINT')) process.exit(EXIT_CODES.INTERRUPTED);
      if (!interruption.signal.aborted) interruptedAt = performance.now();
      interruption.abort();
      setTimeout(() => process.exit(EXIT_CODES.INTERRUPTED), TIDY_MS).unref();
    });
  }
  // The launcher holds a line to a service: where it was killed, nobody is left to pass a signal on.
  if (process.channel !== undefined) process.once('disconnect', () => interruption.abort());
  for (const name of OUTPUTS) {
    process[name].on('error', (error: NodeJS.ErrnoException) => {
      // Of a command that has ended the code stands: `leave` hears of the error as well.
      if (leaving) return;
      if (!wantsNoMore(error)) throw unwritable(name, error);
      interruption.abort();
    });
  }

  await leave(await runCli(args, terminal, table));
}

function unwritable(file: string, error: NodeJS.ErrnoException): CliProblem {
  return new CliProblem('FILE_UNWRITABLE', { file, code: error.code ?? '' }, { cause: error });
}
