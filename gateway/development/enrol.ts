/**
 * Enrols agencies, certificates, keys and officers by SQL alone, and bars them: what a development deployment believes, and a
 * production one never. Each call is one transaction with its rows in `change`.
 */

import { addition, type Change, type ChangeKind, withChanges } from '../agencies/changes.ts';
import {
  ENCRYPTION,
  type KeyPurpose,
  type PublicJwk,
  readPublicJwk,
  SIGNING,
  thumbprintOf,
} from '../signing/public-key.ts';
import type { Pool } from '../storage/pool.ts';
import { EnrolmentError } from './enrolment-error.ts';

export interface AgencyEntry {
  /** Lower-case letters, digits and hyphens, at most 32. Example: "viettel". */
  readonly code: string;
  /** Number of the legal entity. */
  readonly legalEntity: string;
  readonly nameVi: string;
  readonly nameEn: string;
}

const CODE = /^[a-z0-9][a-z0-9-]{0,31}$/;
const FINGERPRINT = /^[0-9a-f]{64}$/;

/** Every call resolves to the revision that its change got. @throws {EnrolmentError | StorageError} `conflict` for what stands already */
export interface Enrolment {
  addAgency(agency: AgencyEntry): Promise<bigint>;
  /** @param certificate `fingerprint` is SHA-256 of its DER in lower-case hex */
  addCertificate(certificate: { agency: string; fingerprint: string; notAfter: Date }): Promise<bigint>;
  /** Of whatever key it is given: no proof of possession is asked for. */
  addKey(key: { agency: string; jwk: unknown }): Promise<bigint>;
  /** As `addKey`, of a key that answers are encrypted to: from now on they are encrypted to this one. */
  addEncryptionKey(key: { agency: string; jwk: unknown }): Promise<bigint>;
  addOfficer(officer: { code: string; jwk: unknown }): Promise<bigint>;
  /** From then on no certificate of the agency is let in; calls in flight are refused when they are recorded. */
  barAgency(code: string): Promise<bigint>;
  barCertificate(fingerprint: string): Promise<bigint>;
  barKey(kid: string): Promise<bigint>;
  /** Agreements that then lack a second valid signature no longer count. */
  barOfficer(code: string): Promise<bigint>;
}

export function createEnrolment({ pool }: { pool: Pool }): Enrolment {
  function insert(kind: ChangeKind, subject: string, sql: string, values: readonly unknown[]): Promise<bigint> {
    return withChanges(pool, async (tx) => {
      await tx.query(sql, values);
      return [addition(kind, subject)];
    });
  }

  function bar(kind: ChangeKind, subject: string, sql: string): Promise<bigint> {
    return withChanges(pool, async (tx) => {
      if ((await tx.query(sql, [subject])).rowCount === 0) throw new EnrolmentError('NOT_FOUND');
      return [{ kind, subject }];
    });
  }

  return {
    async addAgency({ code, legalEntity, nameVi, nameEn }) {
      checkCode(code);
      const sql = `INSERT INTO agency (code, legal_entity, name_vi, name_en, status) VALUES ($1, $2, $3, $4, 'active')`;
      return insert('agency', code, sql, [code, legalEntity, nameVi, nameEn]);
    },
    async addCertificate({ agency, fingerprint, notAfter }) {
      if (!FINGERPRINT.test(fingerprint)) throw new EnrolmentError('FINGERPRINT_WRONG');
      const sql = `INSERT INTO agency_certificate (fingerprint, agency, not_after, status) VALUES ($1, $2, $3, 'active')`;
      return insert('certificate', fingerprint, sql, [fingerprint, agency, notAfter.toISOString()]);
    },
    async addKey({ agency, jwk }) {
      const { kid, text } = publicKeyOf(jwk);
      const sql = `INSERT INTO agency_key (kid, agency, jwk, state) VALUES ($1, $2, $3, 'active')`;
      return insert('key', kid, sql, [kid, agency, text]);
    },
    async addEncryptionKey({ agency, jwk }) {
      const { kid, text } = publicKeyOf(jwk, ENCRYPTION);
      const sql = `INSERT INTO agency_encryption_key (kid, agency, jwk, state) VALUES ($1, $2, $3, 'active')`;
      return insert('key', kid, sql, [kid, agency, text]);
    },
    async addOfficer({ code, jwk }) {
      checkCode(code);
      const { kid, text } = publicKeyOf(jwk);
      const sql = `INSERT INTO officer (code, kid, jwk, status) VALUES ($1, $2, $3, 'active')`;
      return insert('officer', code, sql, [code, kid, text]);
    },
    barAgency: (code) => bar('agency', code, `UPDATE agency SET status = 'barred' WHERE code = $1`),
    barCertificate: (fingerprint) =>
      bar('certificate', fingerprint, `UPDATE agency_certificate SET status = 'barred' WHERE fingerprint = $1`),
    barKey: (kid) =>
      bar(
        'key',
        kid,
        `WITH encrypting AS (UPDATE agency_encryption_key SET state = 'barred' WHERE kid = $1 RETURNING kid),
              signing AS (UPDATE agency_key SET state = 'barred' WHERE kid = $1 RETURNING kid)
         SELECT kid FROM encrypting UNION ALL SELECT kid FROM signing`,
      ),
    barOfficer: (code) =>
      withChanges(pool, async (tx) => {
        const sql = `UPDATE officer SET status = 'barred' WHERE code = $1`;
        if ((await tx.query(sql, [code])).rowCount === 0) throw new EnrolmentError('NOT_FOUND');
        // Calls in flight stand on an agreement, not on its officers: any of them may have fallen with this one.
        const { rows } = await tx.query<{ id: string }>('SELECT DISTINCT id FROM agreement ORDER BY id');
        const agreements = rows.map(({ id }): Change => ({ kind: 'agreement', subject: id }));
        return [{ kind: 'officer', subject: code }, ...agreements];
      }),
  };
}

function checkCode(code: string): void {
  // `gateway` as an agency's code would let that agency's keys sign in the gateway's name.
  if (!CODE.test(code) || code === 'gateway') throw new EnrolmentError('CODE_WRONG');
}

/** The four members of the key as they are stored, and its thumbprint. */
function publicKeyOf(value: unknown, purpose: KeyPurpose = SIGNING): { kid: string; text: string } {
  const jwk: PublicJwk | undefined = readPublicJwk(value, purpose);
  if (jwk === undefined) throw new EnrolmentError('KEY_WRONG');
  return { kid: thumbprintOf(jwk), text: JSON.stringify(jwk) };
}
