/** Child processes that talk in lines of JSON on standard output. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from './cleanup.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Last lines of standard error that are shown where a child fails. */
const COMPLAINT = 2000;
const KILL_AFTER_MS = 20_000;

export interface Child {
  readonly pid: number;
  /** Resolves with the first line that has this `event`; rejects when the child ends before. */
  event(name: string): Promise<Readonly<Record<string, unknown>>>;
  /** Resolves with the exit code (128 + n after a signal is −1 here) when the process has ended. */
  readonly ended: Promise<number>;
  /** SIGTERM, then SIGKILL after a while. */
  stop(): Promise<void>;
  /** The end of what it wrote to standard error. */
  complaint(): string;
}

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cleanup: Cleanup;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the process; it is stopped in the clean-up at the latest. */
export function startChild({ command, args, cleanup, env = {} }: ChildOptions): Child {
  const child: ChildProcess = spawn(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    // A group of its own, so that Ctrl-C in a terminal reaches this process only, which then stops the others in order.
    detached: process.platform !== 'win32',
  });
  const name = args.find((arg) => !arg.startsWith('-')) ?? command;
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-COMPLAINT);
  });
  const seen = new Map<string, Readonly<Record<string, unknown>>>();
  const waiting = new Map<string, (line: Readonly<Record<string, unknown>>) => void>();
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = parseLine(text);
      if (typeof line?.event !== 'string') return;
      seen.set(line.event, line);
      waiting.get(line.event)?.(line);
    });
  }
  const ended = new Promise<number>((resolve) => {
    child.once('error', (error) => {
      complaint += error.message;
      resolve(-1);
    });
    child.once('close', (code) => resolve(code ?? -1));
  });
  const stop = cleanup.add(async () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    child.kill('SIGTERM');
    await once(child, 'exit').catch(() => undefined);
    clearTimeout(timer);
  });
  void ended.then(stop);
  return {
    pid: child.pid ?? -1,
    ended,
    stop,
    complaint: () => complaint.trim(),
    event: (event) => {
      const there = seen.get(event);
      if (there !== undefined) return Promise.resolve(there);
      return new Promise((resolve, reject) => {
        waiting.set(event, resolve);
        void ended.then((code) => reject(new Error(`${name} ended with ${code}: ${complaint.trim()}`)));
      });
    },
  };
}

/** A TypeScript program of this repository on this Node. */
export function startProgram(
  file: string,
  args: readonly string[],
  { nodeArgs = [], ...options }: Omit<ChildOptions, 'command' | 'args'> & { readonly nodeArgs?: readonly string[] },
): Child {
  const flags = ['--disable-warning=ExperimentalWarning', ...nodeArgs];
  return startChild({ ...options, command: process.execPath, args: [...flags, file, ...args] });
}

function parseLine(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
