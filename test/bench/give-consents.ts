/**
 * Consents of very many people, set-wise: the rows that the gateway writes when one is granted (`consent/grant.ts`), every number and
 * key of them its own. Not by a signed call each, which would take the better part of an hour for a million. So the log has no entry of
 * their being given, and the artefact that is kept sealed beside each is one that the development issuer signed for the first of five
 * thousand: nothing that looks a consent up, counts it or takes it back opens it.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { byteaArray } from '../../gateway/audit/bytea-array.ts';
import { artefactKeyOf } from '../../gateway/consent/artefact-key.ts';
import { createFindConsents } from '../../gateway/consent/find-consents.ts';
import { createDevelopmentIssuer, DEVELOPMENT_ISSUER } from '../../gateway/development/issuer.ts';
import { VOCABULARY_VERSION } from '../../gateway/fields/vocabulary.ts';
import { type KeyRing, loadKeyRing } from '../../gateway/sealing/key-ring.ts';
import { seal } from '../../gateway/sealing/seal.ts';
import { int8Array } from '../../gateway/storage/int8-array.ts';
import { GrantActSchema } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { type BenchUse, RECIPIENT } from './consent-uses.ts';
import type { Register } from './register.ts';

export interface Giver {
  readonly personNo: number;
  /** 12 digits. */
  readonly personalId: string;
}

/** All that a telco matches on. */
export const FIELD_IDS = [1, 2, 3];
const LIFE_SECONDS = 600 * 86_400;
const AT_ONCE = 5_000;

const USE = `INSERT INTO consent_use (recipient, purpose) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
const SCOPES = `INSERT INTO consent_scope (person_no, use_no) SELECT unnest($1::bigint[]), $2 ON CONFLICT DO NOTHING`;
const GIVE = `
WITH one AS (
  SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[]) AS o (person_no, consent_id, entry_id, artefact)
), scope AS (
  SELECT scope_no, person_no FROM consent_scope WHERE use_no = $5 AND person_no = ANY ($1::bigint[])
), given AS (
  INSERT INTO consent (consent_id, scope_no, field_ids, vocabulary_version, valid_from, expires_at, use_quota, issuer, issuer_key, issued_at, entry_id, artefact)
  SELECT consent_id, scope_no, $6::integer[], $7, $8::bigint, $9::bigint, $10::integer, $11, $12, $8::bigint, entry_id, artefact
  FROM one JOIN scope USING (person_no) RETURNING consent_no, scope_no
), counted AS (
  INSERT INTO consent_uses (consent_no, use_quota, uses) SELECT consent_no, $10::integer, 0 FROM given WHERE $10::integer > 0
)
INSERT INTO consent_in_force (use_no, person_no, consent_no, scope_no, field_ids, valid_from, expires_at, use_quota)
SELECT $5, person_no, consent_no, scope_no, $6::integer[], $8::bigint, $9::bigint, $10::integer FROM given JOIN scope USING (scope_no)`;

/** In the order that is given: the table lies in the order of giving, as where people come one by one. */
export async function giveConsents(register: Register, use: BenchUse, givers: readonly Giver[]): Promise<void> {
  const { pool } = register;
  await pool.query(USE, [RECIPIENT, use.purpose]);
  const { rows } = await pool.query<{ use_no: number }>(
    'SELECT use_no FROM consent_use WHERE recipient = $1 AND purpose = $2',
    [RECIPIENT, use.purpose],
  );
  const useNo = rows[0]?.use_no;
  const issuedAt = Math.floor(Date.now() / 1000) - 60;
  const expiresAt = issuedAt + LIFE_SECONDS;
  const actOf = createActs(register, { use, issuedAt, expiresAt });
  const key = artefactKeyOf(keysOf(register).evidence);

  let writing: Promise<unknown> = Promise.resolve();
  for (let from = 0; from < givers.length; from += AT_ONCE) {
    const group = givers.slice(from, from + AT_ONCE);
    const act = actOf(group[0] as Giver);
    const some = group.map(({ personNo }) => {
      const consentId = randomBytes(16);
      return { personNo, consentId, sealed: seal(key, consentId, act) };
    });
    const personNos = int8Array(Float64Array.from(some, ({ personNo }) => personNo));
    const bytes = (pick: (one: (typeof some)[number]) => Buffer) => byteaArray(some.map(pick));
    const values = [
      ...[personNos, bytes(({ consentId }) => consentId), bytes(() => randomBytes(16)), bytes(({ sealed }) => sealed)],
      ...[useNo, FIELD_IDS, VOCABULARY_VERSION, issuedAt, expiresAt, use.useQuota, DEVELOPMENT_ISSUER.code],
      register.deployment.secrets.issuer.kid,
    ];
    // While the database writes these, the next are sealed.
    await writing;
    writing = pool.query(SCOPES, [personNos, useNo]).then(() => pool.query(GIVE, values));
  }
  await writing;
  await mustBeFound(register, use, givers.slice(-AT_ONCE));
}

function keysOf({ configPath }: Register): KeyRing {
  return loadKeyRing(JSON.parse(readFileSync(join(dirname(configPath), 'storage-keys.json'), 'utf8')));
}

/** What a person hands in with a grant. */
function createActs(
  { deployment }: Register,
  terms: { readonly use: BenchUse; readonly issuedAt: number; readonly expiresAt: number },
): (giver: Giver) => Uint8Array {
  const { use, issuedAt, expiresAt } = terms;
  const { issuer: key } = deployment.secrets;
  const issuer = createDevelopmentIssuer({ key, deployment: deployment.id, nowSeconds: () => issuedAt });
  return ({ personalId }) => {
    const artefact = issuer.issue({
      ...{ personalId, recipients: [RECIPIENT], purposes: [use.purpose], fieldIds: FIELD_IDS },
      ...{ useQuota: use.useQuota, expiresAt: BigInt(expiresAt) },
    });
    return toBinary(GrantActSchema, create(GrantActSchema, { artefact, blind: randomBytes(16) }));
  };
}

/** By the gateway's own look-up. */
async function mustBeFound({ pool }: Register, { purpose }: BenchUse, givers: readonly Giver[]): Promise<void> {
  const find = createFindConsents(
    pool,
    () => Date.now() / 1000,
    () => [],
  );
  const use = { recipient: RECIPIENT, purpose, fields: FIELD_IDS };
  const { people } = await find(
    use,
    Float64Array.from(givers, ({ personNo }) => personNo),
  );
  const covered = givers.filter(({ personNo }) => people.get(personNo)?.missing.length === 0);
  if (covered.length < givers.length) throw new Error(`${covered.length} of ${givers.length} consents were found`);
}
