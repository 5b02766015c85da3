/**
 * A real PostgreSQL from npm, for one machine: data folder in, connection URL out.
 *
 * Layout of `dataDir`: `cluster/` (PostgreSQL's own), `superuser-password` (0600), `owner.json` (which process runs it),
 * `postgres.log`. Only loopback, password required, the server ends with the process that started it.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { filled, ToldError } from '../errors/words.ts';
import { EMBEDDED_WORDS, EmbeddedInUse } from './embedded-words.ts';
import { findPgBinaries, isReachableByOthers, type PgBinaries } from './pg-binaries.ts';
import {
  isAlive,
  isServerOf,
  type RunAs,
  readPostmaster,
  spawnServer,
  startTime,
  stopServer,
  until,
} from './server-process.ts';
import { serverSettings } from './server-settings.ts';

const USER = 'postgres';
const START_TIMEOUT_MS = 60_000;

/** A running server. `url` names the superuser and the database `postgres`; it holds the password: never print it. */
export interface EmbeddedServer {
  readonly url: string;
  readonly port: number;
  /** Process id of the server. */
  readonly pid: number;
  /** Fast shutdown: open transactions are rolled back, committed work is on disk. May be called more than once. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Folder of this database; made when missing, kept across restarts. */
  readonly dataDir: string;
  /** TCP port on loopback; a free one when absent. */
  readonly port?: number;
  /** false only for tests: no fsync, so a crash of the machine may lose everything. */
  readonly durable: boolean;
  /** PostgreSQL settings that prevail over ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** PostgreSQL refuses to run as root: root's server runs as the user `postgres`, which is made when missing. */
function runAsUser(): RunAs | undefined {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, USER], { stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    try {
      execFileSync('groupadd', ['-f', USER], { stdio: 'ignore' });
      execFileSync('useradd', ['-g', USER, '-M', USER], { stdio: 'ignore' });
      return { uid: id('-u'), gid: id('-g') };
    } catch (cause) {
      throw new ToldError(EMBEDDED_WORDS.rootUser, { cause });
    }
  }
}

async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function password(dataDir: string): string {
  const file = join(dataDir, 'superuser-password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

/**
 * A path to the cluster for the server. Where a folder above it is closed to the server's user (a home of root, say), the
 * server gets its working folder instead, which it was given by a parent that may pass.
 */
function clusterPath(cluster: string, runAs: RunAs | undefined): string {
  const closed = runAs !== undefined && process.platform === 'linux' && !isReachableByOthers(resolve(cluster, '..'));
  return closed ? '/proc/self/cwd' : cluster;
}

async function initialise(bin: PgBinaries, cluster: string, secret: string, runAs: RunAs | undefined): Promise<void> {
  rmSync(cluster, { recursive: true, force: true });
  mkdirSync(cluster, { recursive: true, mode: 0o700 });
  if (runAs !== undefined) chownSync(cluster, runAs.uid, runAs.gid);
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-init-'));
  const secretFile = join(folder, 'password');
  writeFileSync(secretFile, `${secret}\n`, { mode: 0o600 });
  if (runAs !== undefined) for (const path of [folder, secretFile]) chownSync(path, runAs.uid, runAs.gid);
  const args = [
    '-D',
    clusterPath(cluster, runAs),
    '-U',
    USER,
    '-A',
    'scram-sha-256',
    `--pwfile=${secretFile}`,
    '-E',
    'UTF8',
  ];
  // The built-in provider sorts by code point on every platform and lower-cases Vietnamese; no library of the system's.
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions', '--no-sync');
  const child = spawn(bin.initdb, args, {
    cwd: cluster,
    ...runAs,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done)).finally(
    () => rmSync(folder, { recursive: true, force: true }),
  );
  if (code === 0) return;
  rmSync(cluster, { recursive: true, force: true });
  const said = complaint.trim() || filled(EMBEDDED_WORDS.endedWith, { code: String(code) });
  throw new ToldError(filled(EMBEDDED_WORDS.notMade, { complaint: said }));
}

/** Ends a server left over by a killed process, removes a stale lock, and refuses a folder that a live process uses. */
async function takeOver(dataDir: string, cluster: string): Promise<void> {
  const running = readPostmaster(cluster);
  if (running === undefined) return;
  if (isServerOf(running.pid, cluster)) {
    const owner = readOwner(dataDir);
    if (owner !== undefined && isAlive(owner.pid) && startTime(owner.pid) === owner.started) {
      throw new EmbeddedInUse(filled(EMBEDDED_WORDS.inUse, { folder: dataDir, pid: owner.pid }), owner.pid);
    }
    // Its watchdog is stopping it already; this makes sure.
    if (!(await until(() => !isServerOf(running.pid, cluster), 3000))) await stopServer(running.pid, cluster);
  }
  // A process id may have been given to another program since: the server itself would then refuse to start.
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
}

function readOwner(dataDir: string): { pid: number; started: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDir, 'owner.json'), 'utf8')) as { pid: number; started: string };
  } catch {
    return undefined;
  }
}

function lastLines(log: string): string {
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n') : '';
}

/**
 * Starts (and on first use makes) the server of `dataDir`. A folder left by a crash is recovered.
 * Throws a ToldError: folder in use (EmbeddedInUse), no programs for this platform, port taken, the last lines of the log.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const dataDir = resolve(options.dataDir);
  const cluster = join(dataDir, 'cluster');
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const runAs = runAsUser();
  // Passing through is all that the server's user needs; the files here keep their own modes.
  if (runAs !== undefined) chmodSync(dataDir, 0o711);
  await takeOver(dataDir, cluster);
  const secret = password(dataDir);
  const bin = await findPgBinaries(runAs !== undefined);
  if (!existsSync(join(cluster, 'PG_VERSION')) || !existsSync(join(cluster, '..', 'initialised'))) {
    await initialise(bin, cluster, secret, runAs);
    writeFileSync(join(dataDir, 'initialised'), '');
  }
  const port = options.port ?? (await freePort());
  const args = ['-D', clusterPath(cluster, runAs), '-p', String(port)];
  for (const [name, value] of Object.entries(serverSettings(options.durable, options.settings ?? {})))
    args.push('-c', `${name}=${value}`);
  const logFile = join(dataDir, 'postgres.log');
  const log = openSync(logFile, 'w', 0o600);
  const child = spawnServer({ command: bin.postgres, args, cwd: cluster, log, runAs });
  closeSync(log);
  writeFileSync(join(dataDir, 'owner.json'), JSON.stringify({ pid: process.pid, started: startTime(process.pid) }));
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  child.once('error', () => {
    ended = true;
  });
  // The server must not keep this process alive: the program ends when its own work does.
  child.unref();
  (child.stdio[3] as { unref?(): void } | null | undefined)?.unref?.();
  await until(() => ended || readPostmaster(cluster)?.ready === true, START_TIMEOUT_MS);
  const running = readPostmaster(cluster);
  if (ended || running?.ready !== true) {
    child.kill('SIGINT');
    throw new ToldError(filled(EMBEDDED_WORDS.notStarted, { folder: dataDir, log: lastLines(logFile) }));
  }
  const stop = async () => {
    await stopServer(running.pid, cluster);
    await until(() => ended, 5000);
    rmSync(join(dataDir, 'owner.json'), { force: true });
  };
  return { url: `postgresql://${USER}:${secret}@127.0.0.1:${port}/postgres`, port, pid: running.pid, stop };
}
