/** Gateways that keep a withdrawal waiting: a frozen one is ended before it counts as gone, because a lease alone stops nobody. */
import { readFileSync, readlinkSync } from 'node:fs';
import type { Database } from '../storage/pool.ts';

/** Where a process runs, so that another one there can tell it from all others. */
export interface Place {
  /** The machine since it was started, and the process namespace in it. */
  readonly host: string;
  readonly pid: number;
  /** Clock ticks since the machine was started: no two processes share number and start. */
  readonly processStart: string;
}

/** This process's place; undefined on systems that cannot say, whose gateways nobody ends from outside. */
export function ownPlace(): Place | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const processStart = startOf(process.pid);
    if (processStart === undefined) return undefined;
    return { host: `${boot} ${readlinkSync('/proc/self/ns/pid')}`, pid: process.pid, processStart };
  } catch {
    return undefined;
  }
}

/** Field 22 of the process's status; what stands before it may hold blanks and brackets, but ends with the last one. */
function startOf(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    // Dead, and not buried yet.
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

interface Silent {
  readonly worker_id: string;
  readonly epoch: number;
  readonly pid: number;
  readonly process_start: string;
}

/**
 * Ends those of this machine whose lease is over and which have not said what a pending withdrawal waits for, and strikes them off. One of
 * another machine is left to whoever supervises it: its row stays, and so the withdrawal is not acknowledged.
 */
export async function endSilent(
  db: Database,
  place: Place | undefined,
  onEnded: (epoch: number) => void,
): Promise<void> {
  if (place === undefined) return;
  const { rows } = await db.query<Silent>(
    `SELECT worker_id, epoch::float8 AS epoch, pid, process_start FROM worker
     WHERE lease_until < clock_timestamp() AND host = $1 AND settled < (SELECT max(revision) FROM consent_pending)`,
    [place.host],
  );
  for (const { worker_id: workerId, epoch, pid, process_start: started } of rows) {
    if (pid === place.pid) continue;
    if (startOf(pid) === started) {
      process.kill(pid, 'SIGKILL');
      onEnded(epoch);
      // Gone only when it is: the next look finds out.
      continue;
    }
    await db.query('DELETE FROM worker WHERE worker_id = $1::uuid', [workerId]);
  }
}
