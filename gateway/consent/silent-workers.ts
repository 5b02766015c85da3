/** Gateways that keep a withdrawal waiting: a frozen one is ended before it counts as gone, because a lease alone stops nobody. */
import { type Place, processStartOf } from '../place/own-place.ts';
import type { Database } from '../storage/pool.ts';

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
    if (processStartOf(pid) === started) {
      process.kill(pid, 'SIGKILL');
      onEnded(epoch);
      // Gone only when it is: the next look finds out.
      continue;
    }
    await db.query('DELETE FROM worker WHERE worker_id = $1::uuid', [workerId]);
  }
}
