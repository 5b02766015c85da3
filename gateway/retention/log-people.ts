/** Who the people of old entries are is forgotten; the entries, their leaves and every proof stay. */
import { fromBinary } from '@bufbuild/protobuf';
import { EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import type { Database, Pool } from '../storage/pool.ts';

/** Entries forgotten by one statement. */
const BATCH = 10_000;

/** Position of the first entry that is not older than so many seconds: entries stand in the order of their time, near enough. */
export async function firstPositionSince(db: Database, seconds: number): Promise<number> {
  const { rows } = await db.query<{ size: number; now: number }>(
    'SELECT coalesce(max(size), 0)::float8 AS size, extract(epoch FROM clock_timestamp())::float8 AS now FROM log_head',
  );
  const { size = 0, now = 0 } = rows[0] ?? {};
  let [low, high] = [0, size];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = await timeAt(db, middle);
    if (at < now - seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function timeAt(db: Database, position: number): Promise<number> {
  const { rows } = await db.query<{ entry: Buffer }>(
    'SELECT e.entry FROM log_index i JOIN log_entry e USING (entry_id) WHERE i.idx = $1',
    [position],
  );
  const entry = rows[0]?.entry;
  return entry === undefined ? 0 : Number(fromBinary(EntrySchema, entry).timeMs) / 1000;
}

/** Forgets the people of entries older than so many seconds, as the owner of the tables; how many entries named anybody. */
export async function forgetLogPeople(pool: Pool, seconds: number): Promise<number> {
  const end = await firstPositionSince(pool, seconds);
  let entries = 0;
  for (let from = 0; from < end; from += BATCH) {
    const { rowCount } = await pool.query(
      `UPDATE log_entry e SET persons = NULL FROM log_index i
       WHERE i.entry_id = e.entry_id AND i.idx >= $1 AND i.idx < $2 AND e.persons IS NOT NULL`,
      [from, Math.min(from + BATCH, end)],
    );
    entries += rowCount;
  }
  return entries;
}
