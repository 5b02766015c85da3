import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { explainWrite } from './disk-full.ts';
import { KitError } from './kit-error.ts';

/**
 * Keeps a second run from writing the same output: `<out>.lock` with the process id and when that process began. A lock
 * whose process is gone is taken over, also where its number was given out again to this one (in a container the number
 * is always the same). Returns what releases it.
 */
export function lockOutput(out: string): () => void {
  const path = `${out}.lock`;
  const self = `${process.pid} ${performance.timeOrigin}`;
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(path, self, { flag: 'wx', mode: 0o600 });
      return () => rmSync(path, { force: true });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      const why = explainWrite(error, path);
      if (why instanceof KitError) throw why;
      if (code !== 'EEXIST') throw new KitError('OUTPUT_UNWRITABLE', { file: path, code }, { cause: error });
      const holder = readHolder(path);
      const pid = Number(holder.split(' ')[0]);
      const busy = holder === self || (pid !== process.pid && isAlive(pid));
      if (busy || attempt > 3) throw new KitError('OUTPUT_BUSY', { file: out, pid });
      rmSync(path, { force: true });
    }
  }
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
