/**
 * Which entries of the log a person's consents and requests stand in, and which access they objected to: columns in clear beside the
 * number of their record, so that they would say what the log says of nobody any more. They are emptied, not sealed: what a key opens is
 * still a link. Receipts go on without: state, dates and periods stand in other columns. The digest of a request goes as well, because
 * the entry has it too; nobody can repeat the request by then, and the receipt's id, which takes its place, is no other matter's.
 *
 * A matter that is still to be acknowledged keeps its own entry until then: the acknowledgement names it.
 */
import type { Database, Pool } from '../storage/pool.ts';
import { firstPositionSince } from './log-people.ts';

/** Rows looked through by one statement. */
const PAGE = 10_000;

const WAITS = 'EXISTS (SELECT FROM consent_pending p WHERE p.receipt_id = m.receipt_id)';

const OF_PERSON = `WITH s AS (SELECT scope_no FROM consent_scope WHERE person_no = ANY ($1::bigint[])),
given AS (
  UPDATE consent c SET entry_id = '' FROM s WHERE c.scope_no = s.scope_no AND octet_length(c.entry_id) > 0 RETURNING 1
), own AS (SELECT m.receipt_id, ${WAITS} AS waits FROM consent_matter m JOIN s USING (scope_no)
), acknowledged AS (
  UPDATE consent_acknowledgement a SET entry_id = '' FROM own
  WHERE a.receipt_id = own.receipt_id AND octet_length(a.entry_id) > 0 RETURNING 1
), matter AS (
  UPDATE consent_matter m SET about_entry = NULL, entry_id = CASE WHEN waits THEN m.entry_id ELSE '' END,
    request_digest = CASE WHEN waits THEN request_digest ELSE m.receipt_id END
  FROM own WHERE m.receipt_id = own.receipt_id
    AND (m.about_entry IS NOT NULL OR (octet_length(m.entry_id) > 0 AND NOT waits)) RETURNING 1
)
SELECT (SELECT count(*) FROM given)::integer + (SELECT count(*) FROM acknowledged)::integer
     + (SELECT count(*) FROM matter)::integer AS cleared, (SELECT count(*) FROM own WHERE waits)::integer AS waiting`;

export interface ClearedEntries {
  /** Rows that named an entry and do not any more. */
  readonly cleared: number;
  /** Matters that are not acknowledged yet, and so still name theirs. */
  readonly waiting: number;
}

/** Of one person's records, as the owner of the tables. @throws {StorageError} */
export async function forgetOwnEntries(db: Database, personNos: readonly number[]): Promise<ClearedEntries> {
  const { rows } = await db.query<ClearedEntries>(OF_PERSON, [personNos]);
  return rows[0] ?? { cleared: 0, waiting: 0 };
}

/** From key $1 on, what is older than $2 seconds, or about an entry of the log before $3. */
const OLD = 'now() - make_interval(secs => $2)';
const ANSWER = `SELECT (SELECT key FROM page ORDER BY key DESC LIMIT 1) AS last, (SELECT count(*) FROM cleared)::integer AS cleared`;
const pageOf = (columns: string, table: string, key: string) =>
  `page AS (SELECT m.${key} AS key, ${columns} FROM ${table} m WHERE m.${key} > $1 ORDER BY m.${key} LIMIT ${PAGE})`;

const OLD_CONSENTS = `WITH ${pageOf(`m.granted_at < ${OLD} AS old`, 'consent', 'consent_no')}, cleared AS (
  UPDATE consent c SET entry_id = '' FROM page
  WHERE c.consent_no = page.key AND old AND octet_length(c.entry_id) > 0 RETURNING 1
) ${ANSWER}`;
const OLD_ACKNOWLEDGEMENTS = `WITH ${pageOf(`m.acknowledged_at < ${OLD} AS old`, 'consent_acknowledgement', 'receipt_id')}, cleared AS (
  UPDATE consent_acknowledgement a SET entry_id = '' FROM page
  WHERE a.receipt_id = page.key AND old AND octet_length(a.entry_id) > 0 RETURNING 1
) ${ANSWER}`;
const ABOUT_OLD = `m.about_entry IS NOT NULL AND (m.recorded_at < ${OLD}
  OR EXISTS (SELECT FROM log_index i WHERE i.entry_id = m.about_entry AND i.idx < $3)) AS about_old`;
const OLD_MATTERS = `WITH ${pageOf(`m.recorded_at < ${OLD} AND NOT ${WAITS} AS old, ${ABOUT_OLD}`, 'consent_matter', 'receipt_id')}, cleared AS (
  UPDATE consent_matter m SET about_entry = CASE WHEN about_old THEN NULL ELSE m.about_entry END,
    entry_id = CASE WHEN old THEN '' ELSE m.entry_id END,
    request_digest = CASE WHEN old THEN m.receipt_id ELSE m.request_digest END
  FROM page WHERE m.receipt_id = page.key AND (about_old OR (old AND octet_length(m.entry_id) > 0)) RETURNING 1
) ${ANSWER}`;

/**
 * Of everybody, what is older than so many seconds, as the owner of the tables; how many rows. Reads the tables whole, a page at a time,
 * each for itself: where it is interrupted, the next run finds the rest. @throws {StorageError}
 */
export async function forgetOldEntries(pool: Pool, seconds: number): Promise<number> {
  const end = await firstPositionSince(pool, seconds);
  const none = Buffer.alloc(0);
  return (
    (await throughPages(pool, OLD_CONSENTS, 0, [seconds])) +
    (await throughPages(pool, OLD_ACKNOWLEDGEMENTS, none, [seconds])) +
    (await throughPages(pool, OLD_MATTERS, none, [seconds, end]))
  );
}

async function throughPages(
  db: Database,
  statement: string,
  first: number | Buffer,
  values: readonly number[],
): Promise<number> {
  let cleared = 0;
  for (let from: number | Buffer | null = first; from !== null; ) {
    const page: { rows: { last: number | Buffer | null; cleared: number }[] } = await db.query(statement, [
      from,
      ...values,
    ]);
    cleared += page.rows[0]?.cleared ?? 0;
    from = page.rows[0]?.last ?? null;
  }
  return cleared;
}
