/** Consents and matters of one person as they are stored. */
import { create, fromBinary } from '@bufbuild/protobuf';
import {
  type Consent,
  ConsentArtefactSchema,
  ConsentSchema,
  ConsentState,
  GrantActSchema,
  MatterKind,
} from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import type { Effect } from '../exchange/log-port.ts';
import { toShortMask } from '../fields/mask.ts';
import { recordsOf } from '../register/records-of.ts';
import { unseal } from '../sealing/seal.ts';
import type { Database } from '../storage/pool.ts';
import type { ConsentDeps } from './deps.ts';

/** Of a list, the newest; before any that is over those that are not, of which one person has no more (`most-matters.ts`). */
export const MOST_LISTED = 200;

/**
 * True while the last of a scope's restrictions, objections and liftings is no lifting. By revision, not by a clock that may have been
 * set back meanwhile: what takes back gets one above all before it, a lifting that of the last change.
 */
const restrictedScope = (
  s: string,
) => `coalesce((SELECT m.kind IN (${MatterKind.RESTRICTION}, ${MatterKind.OBJECTION}) FROM consent_matter m
  WHERE m.scope_no = ${s}.scope_no AND m.kind IN (${MatterKind.RESTRICTION}, ${MatterKind.OBJECTION}, ${MatterKind.LIFTING})
  ORDER BY m.revision DESC, m.kind = ${MatterKind.LIFTING} DESC LIMIT 1), false)`;
/** The same of a scope `s`. */
export const RESTRICTED = restrictedScope('s');

/** Scopes `s` of all records of a person ($1). */
export const OF_PERSON = `s.person_no = ANY (ARRAY(${recordsOf('$1')}))`;

/**
 * The scope of a person ($1), recipient ($2) and purpose ($3), as `s`; and beside it all such `scopes`: more than one where two
 * records turned out to be one person.
 */
export const SCOPE = `scopes AS (SELECT s.scope_no, s.use_no, s.person_no FROM consent_scope s JOIN consent_use u USING (use_no)
  WHERE ${OF_PERSON} AND u.recipient = $2 AND u.purpose = $3),
s AS (SELECT * FROM scopes ORDER BY person_no <> $1::bigint, scope_no LIMIT 1)`;

/** Of several scopes of one use the stricter counts. */
export const ANY_RESTRICTED = `EXISTS (SELECT FROM scopes s WHERE ${RESTRICTED})`;

/** Makes the scope where there is none yet. */
export function scopeEffects(personNo: number, recipient: string, purpose: string): Effect[] {
  return [
    {
      text: 'INSERT INTO consent_use (recipient, purpose) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      values: [recipient, purpose],
    },
    {
      text: `INSERT INTO consent_scope (person_no, use_no)
SELECT $1::bigint, use_no FROM consent_use WHERE recipient = $2 AND purpose = $3 ON CONFLICT DO NOTHING`,
      values: [personNo, recipient, purpose],
    },
  ];
}

interface ConsentRow {
  readonly number: number;
  readonly consent_id: Buffer;
  readonly recipient: string;
  readonly purpose: string;
  readonly field_ids: number[];
  readonly valid_from: number;
  readonly expires_at: number;
  readonly use_quota: number;
  readonly uses: number;
  readonly ended: boolean;
  readonly issuer_key: string | null;
  readonly restricted: boolean;
  readonly granted_at: number;
  readonly entry_id: Buffer;
  readonly artefact: Buffer;
}

type ListDeps = Pick<ConsentDeps, 'db' | 'artefactKey' | 'nowSeconds' | 'lostKeys'>;

/** Whether a consent `c` may still cover something from $2 (unix seconds) on. Counted: of each it is asked by key, however many there are. */
const NOT_OVER = `(c.expires_at > $2::bigint AND (SELECT count(*) FROM consent_ended d WHERE d.consent_no = c.consent_no) = 0
  AND (SELECT count(*) FROM consent_uses d WHERE d.consent_no = c.consent_no AND c.use_quota > 0 AND d.uses >= c.use_quota) = 0)`;

/** The newest consents of a person, those that ended too. */
export async function listConsents(deps: ListDeps, personNo: number) {
  const now = deps.nowSeconds();
  const { rows } = await deps.db.query<ConsentRow>(
    `WITH scopes AS (SELECT s.scope_no, s.use_no FROM consent_scope s WHERE ${OF_PERSON})
     SELECT c.consent_id, u.recipient, u.purpose, c.field_ids, c.valid_from::float8 AS valid_from, c.expires_at::float8 AS expires_at,
            c.use_quota, coalesce(n.uses, 0) AS uses, e.consent_no IS NOT NULL AS ended,
            EXISTS (SELECT FROM scopes o WHERE o.use_no = s.use_no AND ${restrictedScope('o')}) AS restricted,
            extract(epoch FROM c.granted_at)::float8 AS granted_at, c.entry_id, c.artefact, c.issuer_key, c.consent_no::float8 AS number
     FROM (SELECT * FROM consent WHERE scope_no = ANY (ARRAY(SELECT scope_no FROM scopes)) OFFSET 0) c
     JOIN scopes s USING (scope_no) JOIN consent_use u USING (use_no)
     LEFT JOIN consent_ended e USING (consent_no) LEFT JOIN consent_uses n USING (consent_no)
     ORDER BY ${NOT_OVER} DESC, c.consent_no DESC LIMIT ${MOST_LISTED}`,
    [personNo, Math.floor(now)],
  );
  return rows.toSorted((one, other) => other.number - one.number).map((row) => toConsent(row, now, deps));
}

function toConsent(row: ConsentRow, now: number, { artefactKey, lostKeys }: ListDeps): Consent {
  const opened = unseal(artefactKey, row.consent_id, row.artefact);
  const act = opened === undefined ? undefined : fromBinary(GrantActSchema, opened);
  const shown = act?.artefact && fromBinary(ConsentArtefactSchema, act.artefact.payload);
  const unproven = lostKeys().some(({ kid, since }) => kid === row.issuer_key && row.granted_at >= since);
  return create(ConsentSchema, {
    consentId: row.consent_id,
    recipient: row.recipient,
    purpose: row.purpose,
    fields: { paths: toShortMask(row.field_ids) },
    state: stateOf({ ...row, unproven }, now),
    validFrom: BigInt(row.valid_from),
    expiresAt: BigInt(row.expires_at),
    useQuota: row.use_quota,
    uses: row.uses,
    textShown: shown?.textShown ?? '',
    textVersion: shown?.textVersion ?? '',
    language: shown?.language ?? '',
    grantedAt: BigInt(Math.floor(row.granted_at)),
    entryId: row.entry_id,
  });
}

type Standing = Pick<ConsentRow, 'ended' | 'restricted' | 'expires_at' | 'valid_from' | 'use_quota' | 'uses'> & {
  readonly unproven: boolean;
};

/** What ended for good comes before what may pass. */
export function stateOf(row: Standing, now: number): ConsentState {
  if (row.ended) return ConsentState.WITHDRAWN;
  if (row.unproven) return ConsentState.UNPROVEN;
  if (row.expires_at <= now) return ConsentState.EXPIRED;
  if (row.use_quota > 0 && row.uses >= row.use_quota) return ConsentState.USED_UP;
  if (row.restricted) return ConsentState.RESTRICTED;
  return row.valid_from > now ? ConsentState.NOT_YET : ConsentState.IN_FORCE;
}

/** Whether what a person gives to this recipient for this purpose is held back by a restriction. */
export async function isRestricted(
  db: Database,
  personNo: number,
  recipient: string,
  purpose: string,
): Promise<boolean> {
  const { rows } = await db.query<{ restricted: boolean }>(`WITH ${SCOPE} SELECT ${ANY_RESTRICTED} AS restricted`, [
    personNo,
    recipient,
    purpose,
  ]);
  return rows[0]?.restricted === true;
}

/** Consents of a person ($1) that are not over at $2, unix seconds. */
export const CONSENTS_NOT_OVER = `SELECT FROM consent c
  WHERE c.scope_no = ANY (ARRAY(SELECT s.scope_no FROM consent_scope s WHERE ${OF_PERSON})) AND ${NOT_OVER}`;
