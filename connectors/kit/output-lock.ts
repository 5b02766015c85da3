import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { explainWrite } from './disk-full.ts';
import { KitError } from './kit-error.ts';
import { isRunning, ownMark, type ProcessMark } from './process-mark.ts';
import { systemCode } from './system-code.ts';

export type LockTimes = {
  /** How often the holder writes its lock anew, milliseconds. */
  readonly beatMs: number;
  /** How old a lock must be to count as left behind, where its process cannot be seen from here, milliseconds. */
  readonly deadMs: number;
};

const TIMES: LockTimes = { beatMs: 10_000, deadMs: 60_000 };

/** Others may take and give back in between. */
const MOST_ATTEMPTS = 100;

type Lock = {
  /** Whole text; no two locks have the same. */
  readonly text: string;
  /** Undefined where the text is none of ours, or not written yet. */
  readonly mark: ProcessMark | undefined;
  /** Fit for a file's name; no two locks have the same. */
  readonly id: string;
  readonly writtenMs: number;
};

/**
 * Keeps a second run from writing the same output: `<out>.lock` says which process holds it. One of this place that is gone is taken over
 * at once. A process of another container or machine cannot be seen from here: its lock is waited at until it is written anew, and then
 * respected, or has been left alone for a minute, and then taken over. Returns what releases it.
 *
 * Not guaranteed: a process of another place that stands still for longer than that, or whose file system's clock is behind this one's by
 * more, loses its lock without knowing.
 *
 * Throws KitError OUTPUT_BUSY, OUTPUT_UNWRITABLE, DISK_FULL, INTERRUPTED.
 */
export async function lockOutput(
  out: string,
  signal?: AbortSignal | undefined,
  times: LockTimes = TIMES,
): Promise<() => Promise<void>> {
  const path = `${out}.lock`;
  const text = `${JSON.stringify({ ...ownMark(), id: randomBytes(9).toString('base64url') })}\n`;
  for (let attempt = 0; ; attempt++) {
    const made = await create(path, text);
    if (made !== undefined) return holding(path, made, text, times.beatMs);
    const found = await readLock(path);
    const mine =
      found === undefined ||
      ((await isLeft(path, found, signal, times.deadMs)) && (await removeLeft(path, found, times.deadMs)));
    if (!mine || attempt > MOST_ATTEMPTS)
      throw new KitError('OUTPUT_BUSY', { file: out, pid: found?.mark?.pid ?? '–' });
  }
}

/** Undefined where there is one already. */
async function create(path: string, text: string): Promise<FileHandle | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'wx', 0o600);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return undefined;
    const why = explainWrite(error, path);
    throw why instanceof KitError ? why : new KitError('OUTPUT_UNWRITABLE', { file: path, code }, { cause: error });
  }
  try {
    await file.write(text, 0);
    return file;
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw explainWrite(error, path);
  }
}

/** Written through the open file: a lock that another has put there meanwhile is never made to look younger. */
function holding(path: string, file: FileHandle, text: string, beatMs: number): () => Promise<void> {
  let beat: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    beat = file.write(text, 0).catch(() => undefined);
  }, beatMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await beat;
    await file.close();
    if ((await readLock(path))?.text === text) await rm(path, { force: true });
  };
}

async function isLeft(path: string, found: Lock, signal: AbortSignal | undefined, deadMs: number): Promise<boolean> {
  const running = found.mark && isRunning(found.mark);
  if (running !== undefined) return !running;
  for (let lock: Lock | undefined = found; lock !== undefined; lock = await readLock(path)) {
    if (lock.text !== found.text || lock.writtenMs !== found.writtenMs) return false;
    if (Date.now() - lock.writtenMs > deadMs) return true;
    await pause(Math.min(1_000, deadMs), undefined, signal && { signal }).catch(() => {
      throw new KitError('INTERRUPTED');
    });
  }
  return true;
}

/**
 * Removes a lock that was left. Of several that found it, only the one that makes the file named after it may: else the second would
 * remove what the first has put there since. False where another is about it.
 */
async function removeLeft(path: string, { text, id }: Lock, deadMs: number): Promise<boolean> {
  const right = `${path}.${id}`;
  const file = await create(right, '');
  if (file === undefined) {
    // Left by one that was killed in here.
    const since = (await readLock(right))?.writtenMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - since <= deadMs) return false;
    await rm(right, { force: true });
    return true;
  }
  try {
    if ((await readLock(path))?.text === text) await rm(path, { force: true });
    return true;
  } finally {
    await file.close();
    await rm(right, { force: true });
  }
}

/** Undefined where there is none. */
async function readLock(path: string): Promise<Lock | undefined> {
  try {
    const { mtimeMs: writtenMs } = await stat(path);
    const text = await readFile(path, 'utf8').catch(() => '');
    return { text, mark: undefined, id: String(Math.trunc(writtenMs)), ...toldBy(text), writtenMs };
  } catch (error) {
    if (Object(error).code === 'ENOENT') return undefined;
    throw error;
  }
}

function toldBy(text: string): Pick<Lock, 'mark' | 'id'> | undefined {
  try {
    const { pid, start, place, id } = JSON.parse(text) as Record<string, unknown>;
    if (!Number.isSafeInteger(pid) || typeof start !== 'string' || typeof place !== 'string') return undefined;
    return typeof id === 'string' && /^[\w-]{1,40}$/.test(id)
      ? { mark: { pid: pid as number, start, place }, id }
      : undefined;
  } catch {
    return undefined;
  }
}
