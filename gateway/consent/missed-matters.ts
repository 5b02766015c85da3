/**
 * Objections, and their liftings, that a gateway of before took: it serves on beside a migration, and writes no list of open matters.
 * The migration filled the list once; what such a gateway takes afterwards is put right here, or no officer would ever see it.
 */
import { MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import type { Database, Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';
import { lockMatter } from './matter-standing.ts';

/** A transaction that began before the last look may have been committed after it. */
const BACK_SECONDS = 3_600;

/** Counted, as decisions are: of each that may be missed it is asked by key, however many others there are. */
const LIFTINGS = `(SELECT count(*) FROM consent_matter l
  WHERE l.scope_no = m.scope_no AND l.kind = ${MatterKind.LIFTING} AND l.revision >= m.revision)`;
/** What stands in `matter_act` was an officer's to see: whether that counts is judged by its signature. */
const waits = (
  more: string,
) => `SELECT m.receipt_id FROM consent_matter m WHERE m.kind = ${MatterKind.OBJECTION} ${more}
  AND NOT EXISTS (SELECT FROM matter_open o WHERE o.receipt_id = m.receipt_id)
  AND (SELECT count(*) FROM matter_act a WHERE a.receipt_id = m.receipt_id) = 0 AND ${LIFTINGS} = 0`;
const RECENT = 'AND m.recorded_at > now() - make_interval(secs => $1::float8)';
const GIVEN_BACK = `DELETE FROM matter_open o USING consent_matter m
  WHERE o.kind = ${MatterKind.OBJECTION} AND m.receipt_id = o.receipt_id AND ${LIFTINGS} > 0`;

/**
 * @param since seconds since the last look; undefined for the first, which reads all
 * @returns how many objections were found
 * @throws {StorageError}
 */
export async function takeUpMissed(pool: Pool, since: number | undefined): Promise<number> {
  await pool.query(GIVEN_BACK);
  const { rows } = await (since === undefined
    ? pool.query<{ receipt_id: Buffer }>(waits(''))
    : pool.query<{ receipt_id: Buffer }>(waits(RECENT), [since + BACK_SECONDS]));
  for (const { receipt_id: receiptId } of rows) await inTransaction(pool, (tx) => takeUp(tx, receiptId));
  return rows.length;
}

/** Under the lock of decisions: one that is being recorded just now has the matter closed for good. */
async function takeUp(tx: Database, receiptId: Buffer): Promise<void> {
  await tx.query(lockMatter(receiptId));
  await tx.query(
    `INSERT INTO matter_open (receipt_id, scope_no, kind, recorded_at)
     SELECT receipt_id, scope_no, kind, recorded_at FROM consent_matter
     WHERE receipt_id = $1 AND NOT EXISTS (SELECT FROM matter_act WHERE receipt_id = $1) ON CONFLICT DO NOTHING`,
    [receiptId],
  );
}
