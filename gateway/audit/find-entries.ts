/** Entries of the log by what an operator has in hand: an entry id, a chunk of a job, or a request id. */
import { fromBinary } from '@bufbuild/protobuf';
import { type Entry, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import type { Transaction } from '../exchange/log-port.ts';
import { entryLeaf } from '../proof/leaf.ts';
import { positionOf } from './position-of.ts';

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
/** Positions that one statement looks through. */
const SLICE = 10_000;

/**
 * An entry and a chunk are found by their keys, and what gives an answer again by the index of accesses; only positions that this has
 * not come to are read. A request id is found by reading all entries, or those since a time: the log has no index of them, because
 * every append would pay for what is seldom asked.
 * @param id 32 hexadecimal digits or 22 of base64url: an entry; `<job id>:<number>`: a chunk; else, and where no entry is called so, a
 * request id
 * @param sinceMs unix milliseconds: by a request id, what was made before need not be found
 */
export async function findEntries(db: Transaction, id: string, most: number, sinceMs?: number): Promise<FoundEntries> {
  const chunk = /^([0-9a-f]{32}):(\d{1,9})$/.exec(id);
  const entryId = chunk === null ? entryIdOf(id) : await entryOfChunk(db, chunk[1] as string, Number(chunk[2]));
  const byKey = entryId === undefined ? [] : await readByKey(db, entryId, most);
  // No request id has a colon.
  const entries = byKey.length > 0 || chunk !== null ? byKey : await readByRequest(db, id, most, sinceMs);
  return { entries: entries.slice(0, most), more: entries.length > most };
}

/** The entry, and those that give its answer again; one more than asked for where there are so many. */
async function readByKey(db: Transaction, entryId: Buffer, most: number): Promise<FoundEntry[]> {
  const { rows: states } = await db.query(
    'SELECT a.position::float8 AS position, h.size::float8 AS size FROM access_index a, log_head h',
  );
  const { rows } = await db.query(`SELECT ${COLUMNS} ${FROM} WHERE e.entry_id = $1`, [entryId]);
  if (rows.length === 0) return [];
  const position = (states[0]?.position as number | undefined) ?? 0;
  const size = (states[0]?.size as number | undefined) ?? 0;
  const { rows: again } = await db.query(
    `SELECT ${COLUMNS} FROM access_again a JOIN log_index i ON i.idx = a.position JOIN log_entry e ON e.entry_id = i.entry_id
     WHERE a.entry_id = $1 AND a.position < $2 ORDER BY a.position LIMIT $3`,
    [entryId, position, most],
  );
  const found = [...rows, ...again].map(read);
  const of = { bytes: entryId, is: ({ earlierEntryId }: Entry) => entryId.equals(earlierEntryId) };
  return [...found, ...(await readThrough(db, { from: position, size }, of, most + 1 - found.length))];
}

async function readByRequest(
  db: Transaction,
  id: string,
  most: number,
  sinceMs: number | undefined,
): Promise<FoundEntry[]> {
  const of = { bytes: Buffer.from(id, 'utf8'), is: ({ context }: Entry) => context?.requestId === id };
  if (sinceMs !== undefined) {
    const { rows: heads } = await db.query('SELECT size::float8 AS size FROM log_head');
    const size = (heads[0]?.size as number | undefined) ?? 0;
    return readThrough(db, { from: await positionOf(db, sinceMs, size), size }, of, most + 1);
  }
  const { rows } = await db.query(
    `SELECT ${COLUMNS} ${FROM} WHERE position($1::bytea IN e.entry) > 0 ORDER BY i.idx LIMIT $2`,
    [of.bytes, (most + 1) * READ_FOR_ONE],
  );
  return rows.map(read).filter(({ entry }) => of.is(entry));
}

/**
 * The first `most` entries of these positions that hold the bytes and are what is looked for: bytes may stand elsewhere than where
 * they are looked for. In slices, so that none holds up the tidying of other tables.
 */
async function readThrough(
  db: Transaction,
  { from, size }: { readonly from: number; readonly size: number },
  { bytes, is }: { readonly bytes: Buffer; readonly is: (entry: Entry) => boolean },
  most: number,
): Promise<FoundEntry[]> {
  const found: FoundEntry[] = [];
  for (let at = from; at < size && found.length < most; at += SLICE) {
    const { rows } = await db.query(
      `SELECT ${COLUMNS} FROM log_index i JOIN log_entry e USING (entry_id)
       WHERE i.idx >= $1 AND i.idx < $2 AND position($3::bytea IN e.entry) > 0 ORDER BY i.idx LIMIT $4`,
      [at, at + SLICE, bytes, most * READ_FOR_ONE],
    );
    found.push(...rows.map(read).filter(({ entry }) => is(entry)));
  }
  return found;
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

async function entryOfChunk(db: Transaction, job: string, num: number): Promise<Buffer | undefined> {
  const { rows } = await db.query('SELECT entry_id FROM job_chunk WHERE job_id = $1 AND num = $2', [
    Buffer.from(job, 'hex'),
    num,
  ]);
  return rows[0]?.entry_id as Buffer | undefined;
}

function entryIdOf(id: string): Buffer | undefined {
  if (/^[0-9a-f]{32}$/.test(id)) return Buffer.from(id, 'hex');
  return /^[A-Za-z0-9_-]{22}$/.test(id) ? Buffer.from(id, 'base64url') : undefined;
}
