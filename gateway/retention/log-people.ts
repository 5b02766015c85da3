/** Who the people of old entries are is forgotten; the entries, their leaves and every proof stay. */
import type { Connection, Database, Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';
import { firstAt } from './log-time.ts';

/** Entries forgotten by one statement. */
const BATCH = 10_000;

/** Position of the first entry that is not older than so many seconds. */
export async function firstPositionSince(db: Database, seconds: number): Promise<number> {
  const { rows } = await db.query<{ size: number; now: number }>(
    'SELECT coalesce(max(size), 0)::float8 AS size, extract(epoch FROM clock_timestamp())::float8 AS now FROM log_head',
  );
  const { size = 0, now = 0 } = rows[0] ?? {};
  return firstAt(db, (now - seconds) * 1000, size);
}

/**
 * Forgets the people of entries older than so many seconds, as the owner of the tables; how many entries named anybody. The last of
 * them goes together with the index that was made of all: as long as that may still link them, an entry is left that is overdue, and
 * whoever was interrupted goes on here. What the index leaves behind, sealed and led to by nothing, whoever indexes takes out.
 */
export async function forgetLogPeople(
  pool: Pool,
  seconds: number,
  clearIndex: (tx: Connection) => Promise<void>,
): Promise<number> {
  const end = await firstPositionSince(pool, seconds);
  const last = await lastNamedBefore(pool, end);
  if (last === undefined) return 0;
  let entries = 0;
  for (let from = 0; from < last; from += BATCH) entries += await forget(pool, from, Math.min(from + BATCH, last));
  return inTransaction(pool, async (tx) => {
    await clearIndex(tx);
    return entries + (await forget(tx, last, end));
  });
}

async function lastNamedBefore(db: Database, end: number): Promise<number | undefined> {
  const { rows } = await db.query<{ idx: number }>(
    `SELECT i.idx::float8 AS idx FROM log_index i JOIN log_entry e USING (entry_id)
     WHERE i.idx < $1 AND e.persons IS NOT NULL ORDER BY i.idx DESC LIMIT 1`,
    [end],
  );
  return rows[0]?.idx;
}

async function forget(db: Database, from: number, to: number): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE log_entry e SET persons = NULL FROM log_index i
     WHERE i.entry_id = e.entry_id AND i.idx >= $1 AND i.idx < $2 AND e.persons IS NOT NULL`,
    [from, to],
  );
  return rowCount;
}
