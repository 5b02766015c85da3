/** Starts a command line: the only file here that touches `process`. */
import { EXIT_CODES } from '../../connectors/kit/exit-codes.ts';
import { languageAsked } from './help-vi.ts';
import { reportError } from './report-error.ts';
import { type CommandTable, runCli } from './run.ts';
import { languageOf } from './terminal.ts';

/** How long a command may take to tidy up once it is asked to end; a second Ctrl-C ends it at once. */
const TIDY_MS = 30_000;

/** One Ctrl-C may arrive twice, from the terminal and from the launcher. */
const SAME_MS = 500;

/** Runs this process's command line with these commands, and ends the process. */
export async function startCli(table: CommandTable): Promise<never> {
  const args = process.argv.slice(2);
  const interruption = new AbortController();
  const terminal = {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: interruption.signal,
  };
  // By itself Node would print the error as it is, and it may quote a value.
  process.on('uncaughtException', (error) => {
    const language = languageOf(languageAsked(args), process.env);
    // No object beside the result, which may stand there already.
    process.exit(reportError(error, { language, json: false }, terminal));
  });
  let interruptedAt = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const again = interruption.signal.aborted && performance.now() - interruptedAt > SAME_MS;
      if (again && signal === 'SIGINT') process.exit(EXIT_CODES.INTERRUPTED);
      if (!interruption.signal.aborted) interruptedAt = performance.now();
      interruption.abort();
      setTimeout(() => process.exit(EXIT_CODES.INTERRUPTED), TIDY_MS).unref();
    });
  }
  // The launcher holds a line to a service: where it was killed, nobody is left to pass a signal on.
  if (process.channel !== undefined) process.once('disconnect', () => interruption.abort());
  // A reader that closes the pipe (`| head`) has what it wanted.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      interruption.abort();
    });
  }

  const code = await runCli(args, terminal, table);
  // Connections and timers of libraries must not hold a finished command.
  process.exit(code);
}
