import type { KeyObject } from 'node:crypto';
import type { Connection, Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';
import { readIndexState } from './index-state.ts';
import { createStepper } from './indexer.ts';
import { MERGE_LOCK } from './runs.ts';

export interface Rebuilt {
  readonly entries: number;
  /** Leaves of people in the new index, and in the one before it where that had come as far. */
  readonly postings: number;
  readonly before: number | undefined;
}

/**
 * Throws the index away and makes it anew of the log, up to the entries that stand there when it ends; gateways may run. Until it
 * ends, lists of accesses are complete up to the position that they state and no further.
 */
export async function rebuildIndex(
  pool: Pool,
  evidence: KeyObject,
  onProgress: (done: number, size: number) => void,
): Promise<Rebuilt> {
  const state = await readIndexState(pool);
  const before = state.behind === 0 ? await countPostings(pool) : undefined;
  await inTransaction(pool, clearIndex);
  return { ...(await fillIndex(pool, evidence, onProgress)), before };
}

/**
 * Throws the index away. Whoever indexes makes it anew of the log as it stands then: a gateway, or `fillIndex`. Its blocks, which may
 * be terabytes, are left where nothing leads to them; whoever indexes takes them out piece by piece.
 */
export async function clearIndex(tx: Connection): Promise<void> {
  // A merge that is under way would add a run of before to the new index.
  await tx.query('SELECT pg_advisory_xact_lock($1)', [MERGE_LOCK]);
  // Waits for a step that is under way, and keeps the next from beginning.
  await tx.query('SELECT 1 FROM access_index FOR UPDATE');
  await tx.query('DELETE FROM access_run');
  await tx.query('DELETE FROM access_body');
  await tx.query('DELETE FROM access_again');
  await tx.query('DELETE FROM access_delayed');
  await tx.query('UPDATE access_index SET position = 0, generation = generation + 1');
}

/** Takes into the index what of the log is not in it, and out of the database what is left of the one before. */
export async function fillIndex(
  pool: Pool,
  evidence: KeyObject,
  onProgress: (done: number, size: number) => void,
): Promise<Pick<Rebuilt, 'entries' | 'postings'>> {
  const { step, merge, sweep } = createStepper(pool, evidence);
  while (await sweep());
  for (;;) {
    const { entries, busy } = await step();
    const { position, behind } = await readIndexState(pool);
    onProgress(position, position + behind);
    // A gateway that is at it does the same work.
    if (behind === 0 || (entries === 0 && !busy)) break;
  }
  while (await merge());
  const { position } = await readIndexState(pool);
  return { entries: position, postings: await countPostings(pool) };
}

async function countPostings(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>('SELECT coalesce(sum(postings), 0)::float8 AS n FROM access_run');
  return rows[0]?.n ?? 0;
}
