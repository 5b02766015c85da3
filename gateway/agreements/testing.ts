/** For tests of this folder only: officers with keys, an agency, and agreements in a database. */
import type { KeyObject } from 'node:crypto';
import { createEnrolment, type Enrolment } from '../development/enrol.ts';
import { type Agreement, agreementBytes } from '../policy/agreement.ts';
import { sampleAgreement } from '../policy/testing/agreements.ts';
import { generateSigningJwk, loadSigningKey } from '../signing/key-store.ts';
import { createSigner, type Signer } from '../signing/sign.ts';
import type { Pool } from '../storage/pool.ts';
import { signAgreement } from './officers.ts';
import { type AgreementRules, putAgreement } from './store.ts';

export const DEPLOYMENT = 'dev-tests';
/** Knows the two fields of the sample agreement. */
export const RULES: AgreementRules = {
  deployment: DEPLOYMENT,
  pinned: undefined,
  vocabulary: {
    version: 1,
    fields: { 1: { path: 'personal_id', class: 'basic' }, 2: { path: 'full_name', class: 'basic' } },
  },
};

export interface Officer {
  readonly code: string;
  readonly signer: Signer;
  readonly key: KeyObject;
  /** Thumbprint, as a configuration pins it. */
  readonly kid: string;
}

export interface Signing {
  readonly deployment?: string;
  readonly claimedCode?: string;
  readonly body?: Uint8Array;
  readonly version?: number;
  readonly id?: string;
}

export interface AgreementsFixture {
  readonly enrolment: Enrolment;
  /** Enrolled unless told otherwise. */
  officer(code: string, enrolled?: boolean): Promise<Officer>;
  put(agreement: Agreement, officers: readonly Officer[]): Promise<bigint>;
  /** Writes the row past every check, as somebody with SQL would. */
  insert(agreement: Agreement, signatures: readonly string[], body?: Uint8Array): Promise<void>;
}

/** One officer's token over an agreement, or over what `changes` says instead. */
export function signatureOf({ code, signer }: Officer, agreement: Agreement, changes: Signing = {}): string {
  return signAgreement(signer, {
    body: changes.body ?? agreementBytes(agreement),
    id: changes.id ?? agreement.id,
    version: changes.version ?? agreement.version,
    officer: changes.claimedCode ?? code,
    deployment: changes.deployment ?? DEPLOYMENT,
    iat: 1_795_000_000,
  });
}

/** One database serves a file: making another takes longer than any of its tests. */
export async function emptyTables(pool: Pool): Promise<void> {
  await pool.query(
    'TRUNCATE agency, agency_certificate, agency_key, agency_encryption_key, officer, agreement, change RESTART IDENTITY CASCADE',
  );
}

/** @param pool of a migrated database that has no agencies yet */
export async function createFixture(pool: Pool): Promise<AgreementsFixture> {
  const enrolment = createEnrolment({ pool });
  const { agency } = sampleAgreement();
  await enrolment.addAgency({ code: agency, legalEntity: 'LE-1', nameVi: 'x', nameEn: 'x' });
  return {
    enrolment,
    async officer(code, enrolled = true) {
      const { key, kid, publicJwk } = loadSigningKey(await generateSigningJwk());
      if (enrolled) await enrolment.addOfficer({ code, jwk: publicJwk });
      return { code, key, kid, signer: createSigner({ key, kid, issuer: 'gateway' }) };
    },
    put: (agreement, officers) =>
      putAgreement(
        { pool, ...RULES },
        {
          body: agreementBytes(agreement),
          signatures: officers.map((officer) => signatureOf(officer, agreement)),
        },
      ),
    async insert(agreement, signatures, body = agreementBytes(agreement)) {
      await pool.query(
        'INSERT INTO agreement (id, version, agency, purpose, body, signatures) VALUES ($1, $2, $3, $4, $5, $6)',
        [agreement.id, agreement.version, agreement.agency, agreement.purpose, Buffer.from(body), signatures],
      );
    },
  };
}
