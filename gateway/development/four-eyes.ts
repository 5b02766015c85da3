/** Two officers on one machine: what they sign counts in a development deployment, whose keys nobody else trusts. */

import { signAgreement } from '../agreements/officers.ts';
import { type AgreementRules, putAgreement } from '../agreements/store.ts';
import { type Agreement, agreementBytes } from '../policy/agreement.ts';
import type { PublicJwk } from '../signing/public-key.ts';
import { createSigner, type Signer } from '../signing/sign.ts';
import type { Pool } from '../storage/pool.ts';
import { createEnrolment } from './enrol.ts';
import type { PrivateFolder } from './folder.ts';
import { keepSigningKey } from './secrets.ts';

export const DEVELOPMENT_OFFICERS = ['dev-officer-1', 'dev-officer-2'] as const;

export interface DevelopmentOfficer {
  readonly code: string;
  /** RFC 7638 thumbprint of the key, as the config pins it. */
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  readonly signer: Signer;
}

/** The officers with their keys (`officers/<code>.jwk.json`), made where there are none yet. */
export async function keepOfficers(folder: PrivateFolder): Promise<DevelopmentOfficer[]> {
  const officers: DevelopmentOfficer[] = [];
  for (const code of DEVELOPMENT_OFFICERS) {
    const { key, kid, publicJwk } = await keepSigningKey(folder, `officers/${code}.jwk.json`);
    officers.push({ code, kid, publicJwk, signer: createSigner({ key, kid, issuer: 'gateway' }) });
  }
  return officers;
}

/** Enrols those who are not enrolled yet; who was barred stays barred. */
export async function enrolOfficers(pool: Pool, officers: readonly DevelopmentOfficer[]): Promise<void> {
  const { rows } = await pool.query<{ code: string }>('SELECT code FROM officer');
  const enrolled = new Set(rows.map(({ code }) => code));
  for (const { code, publicJwk } of officers) {
    if (!enrolled.has(code)) await createEnrolment({ pool }).addOfficer({ code, jwk: publicJwk });
  }
}

/** The body with the signature of each officer, as `putAgreement` takes it. */
export function signByAll(
  officers: readonly DevelopmentOfficer[],
  agreement: Agreement,
  deployment: string,
): { body: Uint8Array; signatures: string[] } {
  const body = agreementBytes(agreement);
  const { id, version } = agreement;
  const iat = Math.floor(Date.now() / 1000);
  const signatures = officers.map(({ code: officer, signer }) =>
    signAgreement(signer, { body, id, version, officer, deployment, iat }),
  );
  return { body, signatures };
}

/** Stores each agreement whose version is not stored yet; returns the ids of those that stand there with other words. */
export async function keepAgreements(
  rules: AgreementRules & { readonly pool: Pool },
  officers: readonly DevelopmentOfficer[],
  agreements: readonly Agreement[],
): Promise<string[]> {
  const { rows } = await rules.pool.query<{ id: string; version: number; body: Buffer }>(
    'SELECT id, version, body FROM agreement',
  );
  const outdated: string[] = [];
  for (const agreement of agreements) {
    const stored = rows.filter(({ id }) => id === agreement.id);
    const same = stored.find(({ version }) => version === agreement.version);
    if (same !== undefined) {
      if (!same.body.equals(agreementBytes(agreement))) outdated.push(agreement.id);
    } else if (stored.every(({ version }) => version < agreement.version)) {
      await putAgreement(rules, signByAll(officers, agreement, rules.deployment));
    }
  }
  return outdated;
}
