import { fromBinary } from '@bufbuild/protobuf';
import { EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import type { Database } from '../storage/pool.ts';

/** How far the index is behind the log. */
export interface IndexState {
  /** Entries of the log that are in the index. */
  readonly position: number;
  /** Entries of the log that are not yet. */
  readonly behind: number;
  /** Age of the oldest of those, seconds; 0 where there is none. */
  readonly behindSeconds: number;
}

/** @throws {StorageError} */
export async function readIndexState(db: Database): Promise<IndexState> {
  const { rows } = await db.query<{ position: number; size: number; entry: Buffer | null; now: number }>(
    `SELECT a.position::float8 AS position, coalesce(h.size, 0)::float8 AS size, e.entry,
            extract(epoch FROM clock_timestamp())::float8 AS now
     FROM access_index a LEFT JOIN log_head h ON true
     LEFT JOIN log_index i ON i.idx = a.position LEFT JOIN log_entry e USING (entry_id)`,
  );
  const { position = 0, size = 0, entry = null, now = 0 } = rows[0] ?? {};
  const since = entry === null ? now : Number(fromBinary(EntrySchema, entry).timeMs) / 1000;
  return { position, behind: Math.max(0, size - position), behindSeconds: Math.max(0, now - since) };
}
