/** Gateways that keep a withdrawal waiting: a frozen one is ended before it counts as gone, because a lease alone stops nobody. */
import { LEASE_SECONDS, RENEWED_MS } from '../exchange/lease.ts';
import { endThere } from '../place/end-there.ts';
import type { Place } from '../place/own-place.ts';
import type { Database } from '../storage/pool.ts';

export interface SilentWorkersDeps {
  readonly db: Database;
  readonly place: Place | undefined;
  /** Told of each frozen gateway that was ended. */
  readonly onEnded: (epoch: number) => void;
  /** Milliseconds on a clock that never goes back. */
  readonly nowMs?: () => number;
}

interface Waited {
  readonly worker_id: string;
  readonly epoch: number;
  readonly pid: number;
  readonly process_start: string;
  readonly lease: string;
  readonly over: boolean;
}

/** Without a renewal in it a lease is over, whatever the database's clock says by now. */
const LEASE_MS = LEASE_SECONDS * 1000;
/** Who has not looked for so long stood still himself, and the others perhaps with him. */
const STOOD_MS = 5_000;

/**
 * Ends those of this machine whose lease is over and which have not said what a pending withdrawal waits for, and strikes them off. One of
 * another machine is left to whoever supervises it: its row stays, and so the withdrawal is not acknowledged.
 *
 * The database's clock may be set: forward, and the leases of all seem over until each has renewed its own; back, and that of one who
 * is gone seems to run on. So what counts besides is that nobody renews it, by the clock of this process.
 */
export function createSilentWorkers({ db, place, onEnded, nowMs = () => performance.now() }: SilentWorkersDeps) {
  /** Since when each lease has had the end that it has, and whether its holder was ended for that. */
  let known = new Map<string, { readonly lease: string; readonly since: number; ended: boolean }>();
  let lookedAt = Number.NEGATIVE_INFINITY;

  return {
    async end(): Promise<void> {
      if (place === undefined) return;
      const { rows } = await db.query<Waited>(
        `SELECT worker_id, epoch::float8 AS epoch, pid, process_start, lease_until::text AS lease,
           lease_until < clock_timestamp() AS over FROM worker
         WHERE host = $1 AND pid <> $2 AND settled < (SELECT max(revision) FROM consent_pending)`,
        [place.host, place.pid],
      );
      const now = nowMs();
      const before = now - lookedAt > STOOD_MS ? undefined : known;
      lookedAt = now;
      known = new Map(
        rows.map(({ worker_id: workerId, lease }) => {
          const last = before?.get(workerId);
          return [workerId, last?.lease === lease ? last : { lease, since: now, ended: false }];
        }),
      );
      for (const { worker_id: workerId, epoch, pid, process_start: processStart, over } of rows) {
        const lease = known.get(workerId);
        if (lease === undefined || now - lease.since < (over ? RENEWED_MS : LEASE_MS)) continue;
        // Gone only when it is: the next look finds out.
        if (endThere({ pid, processStart })) {
          await db.query('DELETE FROM worker WHERE worker_id = $1::uuid', [workerId]);
        } else if (!lease.ended) {
          lease.ended = true;
          onEnded(epoch);
        }
      }
    },
  };
}
