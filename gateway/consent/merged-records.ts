/**
 * What covers now, where two records turn out to be one person. Consents and matters stay in the scopes of their records, for ever as
 * they were recorded; what is derived of them is looked up by the number of the living record.
 */
import { MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { recordsOf } from '../register/records-of.ts';
import type { Database } from '../storage/pool.ts';
import { RESTRICTED } from './consent-store.ts';

/** Both columns that rows are found by: who covers is never looked for along all that covers. */
const keyed = (persons: string) =>
  `f.use_no = ANY (ARRAY(SELECT use_no FROM consent_use)) AND f.person_no = ANY (${persons})`;
const MERGED = `merged AS (
    SELECT r.person_no AS record, n.person_no FROM unnest($1::bigint[]) AS n (person_no), LATERAL (${recordsOf('n.person_no')}) r
    WHERE r.person_no <> n.person_no)`;
const OF_MERGED = `f.person_no = merged.record AND ${keyed('ARRAY(SELECT record FROM merged)')}`;

/** A withdrawal under one record ends what was given under another before it, as it bars an artefact that was made before. */
const END = `INSERT INTO consent_ended (consent_no, receipt_id)
  SELECT DISTINCT ON (c.consent_no) c.consent_no, m.receipt_id
  FROM unnest($1::bigint[]) AS n (person_no), LATERAL (
      SELECT s.* FROM consent_scope s WHERE s.person_no = ANY (ARRAY(${recordsOf('n.person_no')})) OFFSET 0) s, LATERAL (
      SELECT o.* FROM consent_scope o WHERE o.person_no = ANY (ARRAY(${recordsOf('n.person_no')}))
        AND o.use_no = s.use_no AND o.scope_no <> s.scope_no OFFSET 0) o, LATERAL (
      SELECT * FROM consent_matter m WHERE m.scope_no = o.scope_no AND m.kind = ${MatterKind.WITHDRAWAL} OFFSET 0) m, LATERAL (
      SELECT * FROM consent c WHERE c.scope_no = s.scope_no OFFSET 0) c
  WHERE floor(extract(epoch FROM m.recorded_at)) BETWEEN c.issued_at AND c.expires_at - 1
  ORDER BY c.consent_no, m.recorded_at ON CONFLICT DO NOTHING`;
const ENDED = `DELETE FROM consent_in_force f WHERE ${keyed(`ARRAY(SELECT r.person_no FROM unnest($1::bigint[]) AS n (person_no),
    LATERAL (${recordsOf('n.person_no')}) r)`)} AND (SELECT count(*) FROM consent_ended e WHERE e.consent_no = f.consent_no) > 0`;
/** What was lifted between their merging and this covers under the living record already. */
const TWICE = `WITH ${MERGED} DELETE FROM consent_in_force f USING merged WHERE ${OF_MERGED} AND EXISTS (
    SELECT FROM consent_in_force o WHERE o.use_no = f.use_no AND o.consent_no = f.consent_no AND o.person_no = ANY (ARRAY(
      SELECT m.record FROM merged m WHERE m.person_no = merged.person_no AND m.record > f.person_no
      UNION ALL SELECT merged.person_no)))`;
const CARRY = `WITH ${MERGED} UPDATE consent_in_force f SET person_no = merged.person_no FROM merged WHERE ${OF_MERGED}`;
/** Of several scopes of one use the stricter counts. */
const REST = `DELETE FROM consent_in_force f WHERE ${keyed('$1::bigint[]')} AND EXISTS (SELECT FROM consent_scope s
    WHERE s.use_no = f.use_no AND s.person_no = ANY (ARRAY(${recordsOf('f.person_no')})) AND ${RESTRICTED})`;

/**
 * In the transaction that merged the records. What was looked up before it may still be answered: nobody took anything back here.
 * Migration 0022 says the same of records that were merged before anything was derived of it.
 * @param personNos living records that others were merged into
 */
export async function carryConsents(db: Pick<Database, 'query'>, personNos: readonly number[]): Promise<void> {
  for (const statement of [END, ENDED, TWICE, CARRY, REST]) await db.query(statement, [personNos]);
}
