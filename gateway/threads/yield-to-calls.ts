import { platform, setPriority } from 'node:os';

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
