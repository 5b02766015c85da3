import { readdirSync, readFileSync } from 'node:fs';
import { platform, setPriority } from 'node:os';

const THREADS = '/proc/self/task';
/** As Node names V8's helper threads, which all threads of a process share. */
const HELPER = 'V8Worker';

/**
 * Puts the calling thread below those that answer, where both want the same core. On Linux the priority is the thread's own;
 * elsewhere it would be the whole process's, so nothing is done.
 */
export function yieldToCalls(niceness: number): void {
  if (platform() !== 'linux') return;
  try {
    setPriority(niceness);
  } catch {
    // Forbidden by a sandbox: work is done all the same.
  }
}

/**
 * Does the same to V8's helper threads. Beside a job they mark and sweep for all threads most of the time, and nobody waits for
 * them but a collection that has to end: what they have not done by then, the collecting thread does itself.
 */
export function helpersYieldToCalls(niceness: number): void {
  if (platform() !== 'linux') return;
  try {
    for (const thread of readdirSync(THREADS)) {
      const name = readFileSync(`${THREADS}/${thread}/comm`, 'utf8').trim();
      if (name === HELPER) setPriority(Number(thread), niceness);
    }
  } catch {
    // As above.
  }
}
