import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Gives a process what the others leave of the cores, as if it had a machine of its own. Right after it was started, while it has one
 * thread, whose priority the others take.
 *
 * Linux shares the cores among sessions first and looks at priorities within one only, and each of these programs has a session of its
 * own: so the whole session is put last.
 */
export function putElsewhere(pid: number): void {
  setPriority(pid, constants.priority.PRIORITY_LOW);
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(constants.priority.PRIORITY_LOW));
  } catch {
    // A system that does not group sessions goes by the priority.
  }
}
