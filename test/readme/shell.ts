/** Runs a page's commands in a folder of their own, with `npx lienthong` being this checkout. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

export interface Ended {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Background {
  stdout(): string;
  stderr(): string;
  /** Resolves when it ends. */
  readonly ended: Promise<Ended>;
  /** Asks it to end as Ctrl-C does, and kills it where that takes too long. */
  stop(): Promise<Ended>;
}

export interface Shell {
  run(command: string): Promise<Ended>;
  start(command: string): Background;
  /** Ends what still runs and removes the folder. */
  close(): Promise<void>;
}

const COMMAND_MS = 60_000;
const STOP_MS = 30_000;

/** @param launcher the command line's launcher, which `npx lienthong` stands for */
export function createShell(launcher: string): Shell {
  const root = mkdtempSync(join(tmpdir(), 'lienthong-readme-'));
  const folder = join(root, 'work');
  mkdirSync(folder);
  const env = environment(root, launcher);
  const running = new Set<Job>();

  const begin = (command: string): Job => {
    const job = createJob(spawn('sh', ['-c', command], { cwd: folder, env, detached: true, stdio: 'pipe' }));
    running.add(job);
    void job.ended.then(() => running.delete(job));
    return job;
  };

  return {
    async run(command) {
      const job = begin(command);
      const timer = setTimeout(() => job.kill(), COMMAND_MS);
      const ended = await job.ended;
      clearTimeout(timer);
      return ended;
    },
    // `exec`: the signal goes to the command itself, once, not to a shell around it.
    start: (command) => begin(`exec ${command}`),
    async close() {
      await Promise.all([...running].map((job) => job.stop()));
      endDatabases(folder);
      rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

interface Job extends Background {
  kill(): void;
}

function createJob(child: ChildProcess): Job {
  let [stdout, stderr] = ['', ''];
  child.stdin?.end();
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('error', (error) => resolve({ code: undefined, stdout, stderr: `${stderr}${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? undefined, stdout, stderr }));
  });
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  };
  const stop = async (): Promise<Ended> => {
    child.kill('SIGINT');
    const timer = setTimeout(kill, STOP_MS);
    const result = await ended;
    clearTimeout(timer);
    return result;
  };
  return { stdout: () => stdout, stderr: () => stderr, ended, kill, stop };
}

/** English, nothing of the caller's own settings, `npx` first on the PATH. */
function environment(root: string, launcher: string): NodeJS.ProcessEnv {
  const bin = join(root, 'bin');
  mkdirSync(bin);
  const npx = join(bin, 'npx');
  const run = `exec '${process.execPath}' '${launcher}' "$@"`;
  writeFileSync(npx, `#!/bin/sh\n[ "$1" = lienthong ] || { echo "not lienthong: $1" >&2; exit 127; }\nshift\n${run}\n`);
  chmodSync(npx, 0o755);
  const { LIENTHONG_PROFILE: _profile, DATABASE_URL: _url, COLUMNS: _columns, ...rest } = process.env;
  const path = [bin, dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);
  return { ...rest, PATH: path, LC_ALL: 'C.UTF-8' };
}

/** A PostgreSQL whose parent was killed would stay: its own file says which process it is. */
function endDatabases(folder: string): void {
  try {
    const pid = Number(readFileSync(join(folder, 'dev-data', 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGQUIT');
  } catch {
    // None is left.
  }
}
