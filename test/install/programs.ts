/** Programs run as a user would run them, in a folder of their own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_MS = 120_000;
const STOP_MS = 30_000;

/** The caller's own settings stay away: nothing of a checkout, of a profile or of another database. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_COMPILE_CACHE: _cache, LIENTHONG_PROFILE: _profile, DATABASE_URL: _url, ...rest } = process.env;
  return { ...rest, LC_ALL: 'C.UTF-8' };
}

/** Runs a program to its end and returns its standard output. Throws an Error with what it said where it fails. */
export function run(folder: string, command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    env: environment(),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** `lienthong …` as installed in a folder. */
export const lienthong = (folder: string, ...args: string[]): string =>
  run(folder, join(folder, 'node_modules', '.bin', 'lienthong'), args);

export interface Running {
  /** As Ctrl-C does; resolves to the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `lienthong …` and waits until it has printed `said`. */
export async function start(folder: string, said: string, ...args: string[]): Promise<Running> {
  const child = spawn(join(folder, 'node_modules', '.bin', 'lienthong'), args, {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => output.push(text));
  const deadline = Date.now() + READY_MS;
  while (!output.join('').includes(said)) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop(child);
      throw new Error(`lienthong ${args.join(' ')} did not say "${said}"\n${output.join('')}`);
    }
    await sleep(100);
  }
  return { stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  const timer = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, STOP_MS);
  return ended.finally(() => clearTimeout(timer));
}
