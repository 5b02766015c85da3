/** Writers of before that are gone, as a starting gateway finds them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RENEWED_MS } from '../exchange/lease.ts';
import type { Transaction } from '../exchange/log-port.ts';
import type { WriterPlace } from './log-store.ts';

/** A lease that ran out so long ago is of a process that is gone: even one that was only frozen must not write again. */
const STRIKE_OFF_SECONDS = 60;
/** How long a process that was killed may take to be gone. */
const GONE_MS = 2_000;
const LOOK_MS = 20;

type WriterProcess = Omit<WriterPlace, 'host'>;

/** This machine. */
export interface Here {
  readonly host: string;
  /** Ends a process of it; true where there is none any more, false where it may not have ended yet. Throws where it may not be ended. */
  readonly end: (process: WriterProcess) => boolean;
}

interface Left {
  readonly worker_id: string;
  readonly lease: string;
  readonly host: string | null;
  readonly pid: number;
  readonly process_start: string;
}

/**
 * Strikes off writers whose lease ran out long ago and is renewed by nobody: an append of theirs finds no row and fails, and no
 * withdrawal waits for them any more. So one of this machine that is merely frozen is ended first, and stays where it cannot be: when
 * it wakes, what it had written for a caller leaves. Of another machine nobody here can tell.
 */
export async function strikeOff(db: Transaction, here: Here | undefined, renewedMs = RENEWED_MS): Promise<void> {
  const old = `lease_until < clock_timestamp() - make_interval(secs => ${STRIKE_OFF_SECONDS})`;
  const { rows } = await db.query(
    `SELECT worker_id, lease_until::text AS lease, host, pid, process_start FROM worker WHERE ${old}`,
  );
  if (rows.length === 0) return;
  await sleep(renewedMs);
  for (const { worker_id: workerId, lease, host, pid, process_start: processStart } of rows as unknown as Left[]) {
    const { rows: still } = await db.query(
      `SELECT FROM worker WHERE worker_id = $1::uuid AND lease_until = $2::timestamptz AND ${old}`,
      [workerId, lease],
    );
    if (still.length === 0) continue;
    if (here !== undefined && host === here.host && !(await isGone(here, { pid, processStart }))) continue;
    await db.query('DELETE FROM worker WHERE worker_id = $1::uuid AND lease_until = $2::timestamptz', [
      workerId,
      lease,
    ]);
  }
}

async function isGone(here: Here, process: WriterProcess): Promise<boolean> {
  for (const until = performance.now() + GONE_MS; performance.now() < until; await sleep(LOOK_MS)) {
    try {
      if (here.end(process)) return true;
    } catch {
      // Another user's.
      return false;
    }
  }
  return false;
}
