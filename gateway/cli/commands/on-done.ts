import { spawn } from 'node:child_process';
import type { ExitCode } from '../../../connectors/kit/exit-codes.ts';
import type { VerifySummary } from '../../../connectors/telco/verify.ts';
import type { Terminal } from '../terminal.ts';

/** What a command is told after a run: how it ended and counts. No row, no path, nothing of a person. */
export interface RunEnd {
  readonly status: 'complete' | 'failed';
  readonly exitCode: ExitCode;
  /** Of a failure; beside `complete`, of what failed once the results were there. */
  readonly reason?: string | undefined;
  /** Once every row was answered. */
  readonly summary?: Pick<VerifySummary, 'jobId' | 'rows' | 'since' | 'totals' | 'actions'> | undefined;
}

export type HookEnd = { readonly exitCode: number | undefined };

/** How long what the command printed last may take to arrive. */
const LAST_WORDS_MS = 200;

/**
 * Runs a command line of the user's in the system's shell: the counts as JSON on its standard input and in variables that begin with
 * LIENTHONG_; what it prints goes to standard error. Never throws: what became of it is told, and changes nothing. What it leaves in the
 * background is not waited for, and what that prints is not read any more.
 */
export function runOnDone(command: string, end: RunEnd, { env, stderr, signal }: Terminal): Promise<HookEnd> {
  return new Promise((resolve) => {
    const child = spawn(command, {
      shell: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...env, ...variablesOf(end) } as NodeJS.ProcessEnv,
      signal,
    });
    child.stdout.on('data', (piece: Buffer) => void stderr.write(piece));
    child.stderr.on('data', (piece: Buffer) => void stderr.write(piece));
    // It may end without having read what it was given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${JSON.stringify(toldOf(end))}\n`);
    const settle = (exitCode: number | undefined): void => {
      // Whatever is left in the background holds the other ends: kept open here, they would hold this process too.
      for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
      resolve({ exitCode });
    };
    child.on('error', () => settle(undefined));
    child.on('close', (code) => settle(code ?? undefined));
    child.on('exit', (code) => {
      // Open pipes hold the process for that long; closed ones need not.
      setTimeout(settle, LAST_WORDS_MS, code ?? undefined).unref();
    });
  });
}

function toldOf({ status, exitCode, reason, summary }: RunEnd) {
  const since = summary?.since;
  const gone = since?.gone === undefined ? {} : { gone: since.gone };
  const apart = since === undefined ? {} : { asked: since.asked.rows, carried: since.carried.rows, ...gone };
  const counts =
    summary === undefined
      ? {}
      : { job_id: summary.jobId, rows: summary.rows, ...apart, totals: summary.totals, actions: summary.actions };
  return { status, exit_code: exitCode, ...(reason === undefined ? {} : { reason }), ...counts };
}

export function variablesOf({ status, exitCode, reason, summary }: RunEnd): Record<string, string> {
  const numbers = (prefix: string, table: Readonly<Record<string, number>> = {}): [string, string][] =>
    Object.entries(table).map(([name, rows]) => [`${prefix}_${name}`, String(rows)]);
  return {
    LIENTHONG_STATUS: status,
    LIENTHONG_EXIT_CODE: String(exitCode),
    ...(reason === undefined ? {} : { LIENTHONG_REASON: reason }),
    ...(summary === undefined ? {} : { LIENTHONG_JOB: summary.jobId, LIENTHONG_ROWS: String(summary.rows) }),
    ...(summary?.since === undefined
      ? {}
      : {
          LIENTHONG_ASKED: String(summary.since.asked.rows),
          LIENTHONG_CARRIED: String(summary.since.carried.rows),
          ...(summary.since.gone === undefined ? {} : { LIENTHONG_GONE: String(summary.since.gone) }),
        }),
    ...Object.fromEntries([
      ...numbers('LIENTHONG_ROWS', summary?.totals),
      ...numbers('LIENTHONG_ACTION', summary?.actions),
    ]),
  };
}
