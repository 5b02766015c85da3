import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { VerifyOptions, VerifySummary } from '../../../connectors/telco/verify.ts';
import type { Explanation } from '../../../gateway/cli/explain.ts';
import { CONNECTOR_FLAGS } from '../../../gateway/cli/node-flags.mjs';
import { type Counts, PLAN_ENV, type Plan, readCounts, readSuffered, type Suffered } from '../faults/plan.ts';

export const ARM = join(import.meta.dirname, '..', 'faults', 'arm.ts');
const PROGRAM = join(import.meta.dirname, 'client-program.ts');

export type ClientOptions = Pick<
  VerifyOptions,
  'out' | 'channels' | 'inFlight' | 'giveUpMs' | 'stallMs' | 'chunkRows'
> & { readonly file: string; readonly profile: string };

export interface ClientEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly summary: VerifySummary | undefined;
  /** What it said instead of a summary. */
  readonly error: Explanation | undefined;
  readonly stderr: string;
  /** Faults that it suffered. */
  readonly suffered: readonly Suffered[];
  /** Where the plan asks for them. */
  readonly counts: Counts;
}

export interface ClientRun {
  readonly child: ChildProcess;
  readonly ended: Promise<ClientEnd>;
}

/** Starts a telco's run in a process of its own, armed with a plan; `onSuffered` hears of each fault as it strikes. */
export function startClient(
  options: ClientOptions,
  plan: Plan = {},
  onSuffered: (fault: Suffered, child: ChildProcess) => void = () => undefined,
): ClientRun {
  const quiet = '--disable-warning=ExperimentalWarning';
  const child = spawn(
    process.execPath,
    [quiet, ...CONNECTOR_FLAGS, '--import', ARM, PROGRAM, JSON.stringify(options)],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, [PLAN_ENV]: JSON.stringify(plan) } },
  );
  const suffered: Suffered[] = [];
  let counts: Counts = {};
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    const fault = readSuffered(line);
    counts = readCounts(line) ?? counts;
    if (fault === undefined) {
      if (readCounts(line) === undefined) stderr += `${line}\n`;
    } else {
      suffered.push(fault);
      onSuffered(fault, child);
    }
  });
  const ended = new Promise<ClientEnd>((resolve) => {
    child.once('close', (code, signal) => {
      const said = stdout === '' ? undefined : (JSON.parse(stdout) as VerifySummary | { error: Explanation });
      const error = said !== undefined && 'error' in said ? said.error : undefined;
      const summary = said !== undefined && !('error' in said) ? said : undefined;
      resolve({ code, signal, summary, error, stderr, suffered, counts });
    });
  });
  return { child, ended };
}
