/** The statements by which something is taken back, each whole: what covered before it covers no more once it is committed. */
import { MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Effect } from '../exchange/log-port.ts';
import { RESTRICTED, SCOPE } from './consent-store.ts';

export interface Matter {
  readonly kind: MatterKind;
  readonly personNo: number;
  readonly recipient: string;
  readonly purpose: string;
  readonly requestDigest: Buffer;
  readonly receiptId: Buffer;
  readonly entryId: Buffer;
  readonly aboutEntry: Uint8Array | undefined;
  /** Unix seconds, whole. */
  readonly now: number;
}

/** Consents of the scopes that have neither ended nor expired. */
const ALIVE = `alive AS (SELECT c.* FROM consent c JOIN scopes USING (scope_no)
  WHERE c.expires_at > $4::bigint AND NOT EXISTS (SELECT FROM consent_ended e WHERE e.consent_no = c.consent_no))`;

const NOTHING = { reason: ErrorReason.NOTHING_TO_WITHDRAW } as const;

const common = ({ personNo, recipient, purpose, now, receiptId, requestDigest, kind, entryId }: Matter) => [
  ...[personNo, recipient, purpose, now, receiptId, requestDigest, kind, entryId],
];

/**
 * Withdrawal, restriction, objection. To be run with CHANGES held exclusively: its change gets a revision above all that was read
 * before, and every answer that is recorded after it has seen it.
 */
export function takeBackEffect(matter: Matter): Effect {
  const { aboutEntry } = matter;
  return {
    text: `WITH ${SCOPE}, ${ALIVE}, ended AS (
  INSERT INTO consent_ended (consent_no, receipt_id) SELECT consent_no, $5::bytea FROM alive WHERE $7::integer = ${MatterKind.WITHDRAWAL}
), gone AS (
  DELETE FROM consent_in_force f USING s WHERE f.use_no = s.use_no
    AND f.person_no = ANY (ARRAY(SELECT $1::bigint UNION SELECT person_no FROM scopes))
), told AS (
  INSERT INTO change (kind, subject) SELECT 'consent', scope_no::text FROM scopes
  WHERE $7::integer = ${MatterKind.OBJECTION} OR EXISTS (SELECT FROM alive) RETURNING revision
), last AS (
  SELECT max(revision) AS revision FROM told HAVING count(*) > 0
), matter AS (
  INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, about_entry, entry_id)
  SELECT $5::bytea, $6, $7::integer, s.scope_no, coalesce((SELECT array_agg(consent_no) FROM alive), '{}'), last.revision, $9, $8 FROM s, last
  RETURNING receipt_id, revision, scope_no, recorded_at
), objected AS (
  INSERT INTO matter_open (receipt_id, scope_no, kind, recorded_at)
  SELECT receipt_id, scope_no, $7::integer, recorded_at FROM matter WHERE $7::integer = ${MatterKind.OBJECTION}
)
INSERT INTO consent_pending (receipt_id, revision) SELECT receipt_id, revision FROM matter RETURNING 1`,
    values: [...common(matter), aboutEntry === undefined || aboutEntry.length === 0 ? null : Buffer.from(aboutEntry)],
    orRefuse: NOTHING,
  };
}

/**
 * The end of a restriction or objection, in the scope where it stands: of several one, and the others hold until they are lifted as
 * well. It takes nothing from any answer, so nobody is waited for.
 */
export function liftEffect(matter: Matter): Effect {
  return {
    text: `WITH ${SCOPE}, ${ALIVE}, resting AS (
  SELECT s.scope_no FROM scopes s WHERE ${RESTRICTED} ORDER BY s.person_no <> $1::bigint, s.scope_no
), matter AS (
  INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, entry_id)
  SELECT $5::bytea, $6, $7::integer, resting.scope_no, coalesce((SELECT array_agg(consent_no) FROM alive), '{}'),
         (SELECT coalesce(max(revision), 0) FROM change), $8::bytea
  FROM resting LIMIT 1 RETURNING receipt_id, scope_no
), settled AS (
  DELETE FROM matter_open o USING matter WHERE o.scope_no = matter.scope_no
), acknowledged AS (
  INSERT INTO consent_acknowledgement (receipt_id, entry_id) SELECT receipt_id, $8::bytea FROM matter
), covering AS (
  INSERT INTO consent_in_force (use_no, person_no, consent_no, scope_no, field_ids, valid_from, expires_at, use_quota)
  SELECT s.use_no, $1::bigint, a.consent_no, a.scope_no, a.field_ids, a.valid_from, a.expires_at, a.use_quota
  FROM alive a, s, matter WHERE (SELECT count(*) FROM resting) = 1 ON CONFLICT DO NOTHING
)
SELECT 1 FROM matter`,
    values: common(matter),
    orRefuse: NOTHING,
  };
}
