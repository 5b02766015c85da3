/** The statements of the append transaction. Each is prepared once a connection under its name. */

import { MOST_EXCESS } from '../exchange/guard-port.ts';
import { inDay, KINDS } from '../limits/limits-sql.ts';

/** Key of the advisory lock CHANGES: shared by appends, exclusive for whoever writes a change. */
export const CHANGES_LOCK = 4_919_001;

const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock_shared(${CHANGES_LOCK})`;

/** For items that write a change themselves: no other appends while they do. */
const BEGIN_EXCLUSIVE = `BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(${CHANGES_LOCK})`;

/** For items that stand on nothing that a change could take from them: they wait for no change, nor for whoever is to write one. */
const BEGIN_URGENT = 'BEGIN ISOLATION LEVEL READ COMMITTED';

/** By the first item of a group: all of it are of one kind. */
export function beginOf(first: { readonly exclusive?: boolean; readonly urgent?: boolean } | undefined): string {
  if (first?.exclusive === true) return BEGIN_EXCLUSIVE;
  return first?.urgent === true ? BEGIN_URGENT : BEGIN;
}

/** Inserted in key order, so that two appenders cannot wait for each other in a ring. */
export const INSERT_KEYS = {
  name: 'append-keys',
  text: `
WITH token AS (
  INSERT INTO used_token (issuer, jti, iat)
  SELECT issuer, jti, iat FROM unnest($1::text[], $2::bytea[], $3::bigint[]) AS t (issuer, jti, iat)
  WHERE iat > (SELECT iat_floor FROM token_floor)
  ORDER BY issuer, jti
  ON CONFLICT DO NOTHING RETURNING issuer, jti
), request AS (
  INSERT INTO request_key (agency, request_id, digest, entry_id)
  SELECT agency, request_id, digest, entry_id FROM unnest($4::text[], $5::text[], $6::bytea[], $7::bytea[]) AS r (agency, request_id, digest, entry_id)
  ORDER BY agency, request_id
  ON CONFLICT DO NOTHING RETURNING entry_id
), chunk AS (
  INSERT INTO job_chunk (job_id, num, digest, entry_id, rows, row_root)
  SELECT job_id, num, digest, entry_id, rows, row_root
  FROM unnest($8::bytea[], $9::integer[], $10::bytea[], $11::bytea[], $12::integer[], $13::bytea[]) AS c (job_id, num, digest, entry_id, rows, row_root)
  ORDER BY job_id, num
  ON CONFLICT DO NOTHING RETURNING entry_id
)
SELECT 't' AS kind, issuer || '/' || encode(jti, 'hex') AS key FROM token
UNION ALL SELECT 'r', encode(entry_id, 'hex') FROM request
UNION ALL SELECT 'c', encode(entry_id, 'hex') FROM chunk`,
} as const;

/** Keys of items that leave the group again, where they had won them: found by the keys, for whoever is refused is refused often. */
export const DELETE_KEYS = {
  name: 'append-unkey',
  text: `
WITH request AS (
  DELETE FROM request_key k USING unnest($1::text[], $2::text[], $3::bytea[]) AS r (agency, request_id, entry_id)
  WHERE k.agency = r.agency AND k.request_id = r.request_id AND k.entry_id = r.entry_id
)
DELETE FROM job_chunk k USING unnest($4::bytea[], $5::integer[], $6::bytea[]) AS c (job_id, num, entry_id)
WHERE k.job_id = c.job_id AND k.num = c.num AND k.entry_id = c.entry_id`,
} as const;

/** Tokens of items that come back. */
export const DELETE_TOKENS = {
  name: 'append-untoken',
  text: 'DELETE FROM used_token u USING unnest($1::text[], $2::bytea[]) AS t (issuer, jti) WHERE u.issuer = t.issuer AND u.jti = t.jti',
} as const;

export const CHANGES_SINCE = {
  name: 'append-changes',
  text: `SELECT revision::text AS revision, kind, subject FROM change WHERE revision > $1::bigint AND kind <> 'consent'
UNION ALL SELECT revision::text, kind, subject FROM change WHERE revision > $2::bigint AND kind = 'consent'`,
} as const;

/**
 * Locked in the order of their key, so that two appenders cannot wait for each other in a ring. One text: consent and how many answers
 * may still stand on it; a row for each would cost more than the lock.
 */
export const LOCK_USES = {
  name: 'append-lock-uses',
  text: `SELECT string_agg(concat_ws(',', consent_no, greatest(use_quota - uses, 0)), ',') AS uses FROM (
  SELECT consent_no, use_quota, uses FROM consent_uses WHERE consent_no = ANY($1::bigint[])
  ORDER BY consent_no FOR NO KEY UPDATE) locked`,
} as const;

export const COUNT_USES = {
  name: 'append-count-uses',
  text: `UPDATE consent_uses u SET uses = uses + n FROM unnest($1::bigint[], $2::bigint[]) AS c (consent_no, n)
WHERE u.consent_no = c.consent_no`,
} as const;

export const EARLIER_REQUEST = {
  name: 'append-earlier-request',
  text: `SELECT k.digest, k.entry_id, a.sealed FROM request_key k LEFT JOIN stored_answer a USING (entry_id)
WHERE k.agency = $1 AND k.request_id = $2`,
} as const;

export const EARLIER_CHUNK = {
  name: 'append-earlier-chunk',
  text: `SELECT k.digest, k.entry_id, a.sealed FROM job_chunk k LEFT JOIN stored_answer a USING (entry_id)
WHERE k.job_id = $1 AND k.num = $2`,
} as const;

/** From so many judged rows on a job is judged by its own share, and one in so many may miss. */
export const JUDGED_ALONE = 1000;
export const SHARE = 5;

/**
 * Rows locked in the order of their key. NO KEY: the foreign key of every chunk that is being inserted holds KEY SHARE on
 * its job, and two workers with chunks of one job would otherwise wait for each other.
 */
export const LOCK_JOBS = {
  name: 'append-lock-jobs',
  text: `SELECT job_id, state, acked_through, rows::float8 AS rows, expected_chunks, chunk_rows, highest_chunk, short_chunk,
  judged::float8 AS judged, misses::float8 AS misses, judged >= ${JUDGED_ALONE} AND misses * ${SHARE} > judged AS over,
  coalesce((SELECT l.used > ${MOST_EXCESS} FROM limit_counter l WHERE l.party = ($2::text[])[array_position($1::bytea[], job_id)]
    AND l.purpose = '' AND l.kind = ${KINDS.excess} AND ${inDay('l.window_start')}), false) AS day_over,
  EXISTS (SELECT FROM job_release r WHERE r.job_id = job.job_id) AS signed
FROM job WHERE job_id = ANY($1::bytea[]) ORDER BY job_id FOR NO KEY UPDATE`,
} as const;

/** Jobs, locked and open, that are to wait for officers: of a legal entity whose jobs of this day missed too often. */
export const PAUSE_JOBS = {
  name: 'append-pause-jobs',
  text: 'UPDATE job SET state = 2, active_at = clock_timestamp() WHERE job_id = ANY($1::bytea[])',
} as const;

/**
 * What a group adds to one job. State 1 OPEN, 2 PAUSED, 3 CLOSING: from 1,000 judged rows on, more than one miss in five
 * pauses it; of a job that officers released, the rows since then count ($8 judged and $9 missed before). Rows that no
 * judgement was made of do not dilute the share.
 */
export const UPDATE_JOB = {
  name: 'append-update-job',
  text: `
UPDATE job SET
  chunks = chunks + $2,
  rows = rows + $3,
  misses = misses + $4,
  totals = (SELECT array_agg(old + new ORDER BY n) FROM unnest(totals, $5::bigint[]) WITH ORDINALITY AS t (old, new, n)),
  acked_through = greatest(acked_through, $6),
  judged = judged + $7,
  highest_chunk = greatest(highest_chunk, $10),
  short_chunk = coalesce(short_chunk, $11),
  active_at = clock_timestamp(),
  state = CASE WHEN state IN (1, 3) AND judged + $7 - $8 >= ${JUDGED_ALONE} AND (misses + $4 - $9) * ${SHARE} > judged + $7 - $8
    THEN 2 ELSE state END
WHERE job_id = $1`,
} as const;

/** The last release of each of these jobs. */
export const READ_RELEASES = {
  name: 'append-releases',
  text: `SELECT DISTINCT ON (job_id) job_id, body, signatures FROM job_release
WHERE job_id = ANY($1::bytea[]) ORDER BY job_id, judged DESC`,
} as const;

export const DELETE_ACKNOWLEDGED = {
  name: 'append-acknowledged',
  text: `DELETE FROM stored_answer a USING job_chunk c
WHERE c.job_id = $1 AND c.num >= $2 AND c.num < $3 AND a.entry_id = c.entry_id`,
} as const;

export const INSERT_ENTRIES = {
  name: 'append-entries',
  text: `
WITH entry AS (
  INSERT INTO log_entry (entry_id, salt, entry, agency, decision, persons, person_bodies, person_leaves)
  SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::text[], $5::bytea[], $6::bytea[], $7::bytea[], $8::bytea[])
)
INSERT INTO stored_answer (entry_id, sealed) SELECT * FROM unnest($9::bytea[], $10::bytea[])`,
} as const;

/**
 * Last, so that the one row which orders everything is held as briefly as can be. By its key: versions of it that were kept for a
 * snapshot of long ago are passed over by the index once they are dead, and read by a scan of the table as long as it has its pages.
 */
export const LOCK_HEAD = {
  name: 'append-lock-head',
  text: 'SELECT size::text AS size, root, frontier FROM log_head WHERE singleton FOR UPDATE',
} as const;

/**
 * No row: this worker was fenced off. A statement of its own, because a statement that has waited for the head still sees
 * the workers of before; held until the commit, so that none is struck off in the middle.
 */
export const HOLD_WORKER = {
  name: 'append-hold-worker',
  text: 'SELECT 1 FROM worker WHERE worker_id = $1::uuid FOR KEY SHARE',
} as const;

export const ADVANCE_HEAD = {
  name: 'append-advance-head',
  text: `
WITH position AS (
  INSERT INTO log_index (idx, entry_id, leaf)
  SELECT $1::bigint + n - 1, entry_id, leaf FROM unnest($2::bytea[], $3::bytea[]) WITH ORDINALITY AS t (entry_id, leaf, n)
), tile AS (
  INSERT INTO log_tile (level, pos, hash) SELECT * FROM unnest($4::integer[], $5::bigint[], $6::bytea[])
)
UPDATE log_head SET size = $7::bigint, root = $8, frontier = $9 WHERE singleton`,
} as const;
