/** The postgres child: started so that it cannot outlive this process, looked up by what the kernel says, stopped tidily. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ToldError } from '../errors/words.ts';
import { EMBEDDED_WORDS } from './embedded-words.ts';

/** The user that the server runs as; absent = the caller's own. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Runs its arguments and waits for its standard input to close, which happens however the parent ends, kill -9 included;
 * then asks the server for a fast shutdown. A session of its own keeps a terminal's Ctrl-C away from the server, so that
 * the gateway can finish its work first.
 */
const WATCHDOG =
  '"$@" </dev/null 3<&- & p=$!; (read -r _; kill -INT $p) <&3 2>/dev/null & w=$!; wait $p; c=$?; kill $w 2>/dev/null; wait $w; exit $c';

/** Starts `command` under the watchdog (POSIX) or directly (Windows); output goes to the open file `log`. */
export function spawnServer(options: {
  command: string;
  args: readonly string[];
  cwd: string;
  log: number;
  runAs: RunAs | undefined;
}): ChildProcess {
  const { command, args, cwd, log, runAs } = options;
  const common = { cwd, ...runAs, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };
  if (process.platform === 'win32') return spawn(command, args, { ...common, stdio: ['ignore', log, log] });
  return spawn('/bin/sh', ['-c', WATCHDOG, 'lienthong-postgres', command, ...args], {
    ...common,
    detached: true,
    // 0 is nothing, 3 is the line that closes with this process.
    stdio: ['ignore', log, log, 'pipe'],
  });
}

/** True while a process with this id exists (whoever owns it). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * When the process began, as the kernel counts; tells a re-used process id apart. Empty where that cannot be read, and for
 * a process that has ended and only waits to be noticed by its parent.
 */
export function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

/** What `postmaster.pid` says, or undefined where there is none. `ready` = the server takes connections. */
export function readPostmaster(cluster: string): { pid: number; port: number; ready: boolean } | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'latin1').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined;
  }
}

/** True where `pid` is a server at work in `cluster`; on systems without /proc a live process id has to do. */
export function isServerOf(pid: number, cluster: string): boolean {
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch {
    return false;
  }
}

/** Waits until `done()`; false when `timeoutMs` went by first. */
export async function until(done: () => boolean, timeoutMs: number): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  while (!done()) {
    if (Date.now() > end) return false;
    await sleep(20);
  }
  return true;
}

/** Fast shutdown (open transactions rolled back), then an immediate one when 30 s do not suffice. */
export async function stopServer(pid: number, cluster: string): Promise<void> {
  const gone = () => !isServerOf(pid, cluster);
  if (gone()) return;
  for (const [signal, patience] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 10_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    if (await until(gone, patience)) return;
  }
  throw new ToldError(EMBEDDED_WORDS.notStopped);
}
