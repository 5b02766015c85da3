/**
 * What covers now, where two records turn out to be one person. Consents and matters stay in the scopes of their records, for ever as
 * they were recorded; what is derived of them is looked up by the number of the living record.
 */
import { recordsOf } from '../register/records-of.ts';
import type { Database } from '../storage/pool.ts';
import { RESTRICTED } from './consent-store.ts';

/** Both columns that rows are found by: who covers is never looked for along all that covers. */
const keyed = (persons: string) =>
  `f.use_no = ANY (ARRAY(SELECT use_no FROM consent_use)) AND f.person_no = ANY (${persons})`;
const CARRY = `WITH merged AS (
    SELECT r.person_no AS record, n.person_no FROM unnest($1::bigint[]) AS n (person_no), LATERAL (${recordsOf('n.person_no')}) r
    WHERE r.person_no <> n.person_no)
  UPDATE consent_in_force f SET person_no = merged.person_no FROM merged
  WHERE f.person_no = merged.record AND ${keyed('ARRAY(SELECT record FROM merged)')}`;
/** Of several scopes of one use the stricter counts. */
const REST = `DELETE FROM consent_in_force f WHERE ${keyed('$1::bigint[]')} AND EXISTS (SELECT FROM consent_scope s
    WHERE s.use_no = f.use_no AND s.person_no = ANY (ARRAY(${recordsOf('f.person_no')})) AND ${RESTRICTED})`;

/**
 * In the transaction that merged the records. What was looked up before it may still be answered: nobody took anything back here.
 * @param personNos living records that others were merged into
 */
export async function carryConsents(db: Pick<Database, 'query'>, personNos: readonly number[]): Promise<void> {
  await db.query(CARRY, [personNos]);
  await db.query(REST, [personNos]);
}
