import { fromBinary } from '@bufbuild/protobuf';
import type { Pool } from '../../gateway/storage/pool.ts';
import { type Entry, EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';

const MINUTE_MS = 60_000;

/** Whether an id begins with its entry's time, by clocks that are one. */
export function beginsWithItsTime({ entryId, timeMs }: Entry): boolean {
  return Math.abs(Buffer.from(entryId).readUIntBE(0, 6) - Number(timeMs)) < MINUTE_MS;
}

/** Kinds of entries in a log, and those of them of which an id does not begin with its time. */
export async function kindsInLog(pool: Pool): Promise<{ readonly all: Set<string>; readonly untimely: Set<string> }> {
  const { rows } = await pool.query<{ entry: Buffer }>('SELECT entry FROM log_entry');
  const entries = rows.map(({ entry }) => fromBinary(EntrySchema, entry));
  const kinds = (some: readonly Entry[]) => new Set(some.map(({ kind }) => EntryKind[kind] ?? String(kind)));
  return { all: kinds(entries), untimely: kinds(entries.filter((entry) => !beginsWithItsTime(entry))) };
}
