/** Uses that the law keeps from the person for a time, counted as they come into the index: how many, and until when. */
import { fromBinary } from '@bufbuild/protobuf';
import { EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { byteaArray } from '../audit/bytea-array.ts';
import type { Transaction } from '../exchange/log-port.ts';
import { toldFrom } from '../proof/lawful-delay.ts';
import type { Database } from '../storage/pool.ts';

/** A leaf with a delay. */
export interface DelayedLeaf {
  readonly entryId: Buffer;
  /** Unix seconds, as the leaf says. */
  readonly delayUntil: number;
}

/** Adds leaves to what is counted, in the transaction that takes them into the index. */
export async function countDelayed(tx: Transaction, leaves: readonly DelayedLeaf[]): Promise<void> {
  if (leaves.length === 0) return;
  const ids = new Map(leaves.map(({ entryId }) => [entryId.toString('hex'), entryId]));
  const { rows } = await tx.query('SELECT entry_id, entry FROM log_entry WHERE entry_id = ANY ($1::bytea[])', [
    byteaArray([...ids.values()]),
  ]);
  const loggedMs = new Map(
    rows.map((row) => [
      (row.entry_id as Buffer).toString('hex'),
      Number(fromBinary(EntrySchema, row.entry as Buffer).timeMs),
    ]),
  );
  const counts = new Map<number, number>();
  for (const { entryId, delayUntil } of leaves) {
    const until = toldFrom({ delayUntil }, loggedMs.get(entryId.toString('hex')) ?? 0);
    counts.set(until, (counts.get(until) ?? 0) + 1);
  }
  await tx.query(
    `INSERT INTO access_delayed (until, leaves) SELECT * FROM unnest($1::bigint[], $2::bigint[])
     ON CONFLICT (until) DO UPDATE SET leaves = access_delayed.leaves + excluded.leaves`,
    [[...counts.keys()], [...counts.values()]],
  );
}

export interface Delays {
  /** Uses that are not shown yet; those of people who were unlinked meanwhile still count. */
  readonly uses: number;
  /** When the last of them is shown, unix seconds; 0 where there is none. */
  readonly until: number;
}

/** Those that still run. @throws {StorageError} */
export async function readDelays(db: Database): Promise<Delays> {
  const { rows } = await db.query<Delays>(
    `SELECT coalesce(sum(leaves), 0)::float8 AS uses, coalesce(max(until), 0)::float8 AS until
     FROM access_delayed WHERE until > floor(extract(epoch FROM now()))::bigint`,
  );
  return rows[0] ?? { uses: 0, until: 0 };
}
