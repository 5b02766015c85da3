/** Entries of the log by what an operator has in hand: an entry id, a chunk of a job, or a request id. */
import { fromBinary } from '@bufbuild/protobuf';
import { type Entry, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import type { Transaction } from '../exchange/log-port.ts';
import { entryLeaf } from '../proof/leaf.ts';

export interface FoundEntry {
  readonly entry: Entry;
  /** Position in the log, from 0; undefined where the entry stands outside of the tree. */
  readonly position: number | undefined;
  /** True where the stored bytes are those that the log's leaf was hashed from. */
  readonly intact: boolean;
  /** The decision, sealed; absent where none was made. */
  readonly decision: Buffer | undefined;
}

export interface FoundEntries {
  /** In order of position. */
  readonly entries: readonly FoundEntry[];
  /** True where there are more than were asked for. */
  readonly more: boolean;
}

const COLUMNS = 'e.entry_id, e.salt, e.entry, e.decision, i.idx::float8 AS idx, i.leaf';
/** Rows read for each that is wanted: the bytes looked for may stand elsewhere than in the id, and the memory for that is bounded. */
const READ_FOR_ONE = 4;
const FROM = 'FROM log_entry e LEFT JOIN log_index i USING (entry_id)';

/**
 * A request id is found by reading all entries: the log has no index of them, because every append would pay for what is seldom
 * asked. An entry that gives another one again is found with it.
 * @param id 32 hexadecimal digits or 22 of base64url: an entry; `<job id>:<number>`: a chunk; else a request id
 */
export async function findEntries(db: Transaction, id: string, most: number): Promise<FoundEntries> {
  const entryId = (await entryOfChunk(db, id)) ?? entryIdOf(id);
  const needles = [Buffer.from(id, 'utf8'), ...(entryId === undefined ? [] : [entryId])];
  const { rows } = await db.query(
    `SELECT ${COLUMNS} ${FROM}
     WHERE position($1::bytea IN e.entry) > 0 OR position($2::bytea IN e.entry) > 0 ORDER BY i.idx LIMIT $3`,
    [needles[0], needles.at(-1), (most + 1) * READ_FOR_ONE],
  );
  // Bytes may stand elsewhere than where they are looked for.
  const entries = rows.map(read).filter(({ entry }) => isOf(entry, id, entryId));
  return { entries: entries.slice(0, most), more: entries.length > most };
}

function isOf(entry: Entry, id: string, entryId: Buffer | undefined): boolean {
  if (entry.context?.requestId === id) return true;
  return entryId !== undefined && (entryId.equals(entry.entryId) || entryId.equals(entry.earlierEntryId));
}

function read(row: Record<string, unknown>): FoundEntry {
  const bytes = row.entry as Buffer;
  const leaf = row.leaf as Buffer | null;
  return {
    entry: fromBinary(EntrySchema, bytes),
    position: row.idx === null ? undefined : (row.idx as number),
    intact: leaf?.equals(entryLeaf(row.salt as Buffer, bytes)) === true,
    decision: (row.decision as Buffer | null) ?? undefined,
  };
}

async function entryOfChunk(db: Transaction, id: string): Promise<Buffer | undefined> {
  const [, job, num] = /^([0-9a-f]{32}):(\d{1,9})$/.exec(id) ?? [];
  if (job === undefined || num === undefined) return undefined;
  const { rows } = await db.query('SELECT entry_id FROM job_chunk WHERE job_id = $1 AND num = $2', [
    Buffer.from(job, 'hex'),
    Number(num),
  ]);
  return rows[0]?.entry_id as Buffer | undefined;
}

function entryIdOf(id: string): Buffer | undefined {
  if (/^[0-9a-f]{32}$/.test(id)) return Buffer.from(id, 'hex');
  return /^[A-Za-z0-9_-]{22}$/.test(id) ? Buffer.from(id, 'base64url') : undefined;
}
