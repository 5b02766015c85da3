/** Officers of a test gateway: their identities, and what they sign. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Act, type ActOf, actBytes } from '../../gateway/acts/act.ts';
import { signAct } from '../../gateway/acts/officer-token.ts';
import { type Possessed, proveKey } from '../../gateway/acts/possession.ts';
import { signAgreement } from '../../gateway/agreements/officers.ts';
import { type Agreement, agreementBytes } from '../../gateway/policy/agreement.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../../gateway/signing/key-store.ts';
import { createSigner } from '../../gateway/signing/sign.ts';
import { AdminService, ProposalKind } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import type { TestGateway } from './gateway.ts';
import type { Identity, RawCaller, RawOutcome } from './gateway-calls.ts';

export interface Officer {
  readonly code: string;
  readonly identity: Identity;
  readonly caller: RawCaller;
}

/** One of the two that every development deployment has. */
export function officerOf(gateway: TestGateway, code: 'dev-officer-1' | 'dev-officer-2'): Officer {
  const read = (name: string) => readFileSync(join(gateway.deployment.officers[code] ?? '', name), 'utf8');
  return officerWith(gateway, code, {
    certificate: read('cert.pem'),
    key: read('key.pem'),
    signingKey: loadSigningKey(JSON.parse(read('signing.jwk.json'))),
  });
}

/** Whoever calls as an officer: with this certificate and key. */
export function officerWith(
  gateway: TestGateway,
  code: string,
  own: { readonly certificate: string; readonly key: string; readonly signingKey: SigningKey },
): Officer {
  const identity: Identity = {
    ...{ agency: 'operator', deployment: gateway.deployment.id, ca: gateway.deployment.secrets.ca.certificate },
    ...own,
    context: { service_code: '', unit_code: '', officer_code: code },
    purpose: 'administration',
  };
  return { code, identity, caller: gateway.raw(identity) };
}

export interface NewKey {
  readonly signingKey: SigningKey;
  readonly proof: string;
}

export interface NewHolder extends NewKey {
  readonly certificate: string;
  readonly key: string;
  /** DER, base64. */
  readonly der: string;
}

/** A key, and the proof that it is held. */
export async function newKey(gateway: TestGateway, of: Possessed['of'], holder: string): Promise<NewKey> {
  const signingKey = loadSigningKey(await generateSigningJwk());
  const signer = createSigner({ key: signingKey.key, kid: signingKey.kid, issuer: holder });
  const possessed = { deployment: gateway.deployment.id, of, holder, key: signingKey.publicJwk };
  return { signingKey, proof: proveKey(signer, possessed, Math.floor(Date.now() / 1000)) };
}

/** Keys, certificate and proof of somebody who is to be enrolled. */
export async function newHolder(gateway: TestGateway, of: 'agency' | 'officer', holder: string): Promise<NewHolder> {
  const { certificate, key } = await gateway.deployment.secrets.ca.issueClient(holder);
  const der = certificate.replaceAll(/-----[^-]+-----|\s/g, '');
  return { ...(await newKey(gateway, of, holder)), certificate, key, der };
}

type Without<T> = T extends unknown ? Omit<T, 'act' | 'deployment'> : never;

export function actOf(gateway: TestGateway, own: Without<Act>): Uint8Array<ArrayBuffer> {
  const act = { act: randomBytes(16).toString('base64url'), deployment: gateway.deployment.id, ...own };
  return actBytes(act as Act);
}

export type { ActOf };

/** An officer's token over an act, or over what is given instead. */
export function signatureOf(
  { code, identity }: Officer,
  body: Uint8Array,
  changes: {
    readonly digest?: string;
    readonly iat?: number;
    readonly claimed?: string;
    readonly key?: SigningKey;
  } = {},
): string {
  const { key, kid } = changes.key ?? identity.signingKey;
  return signAct(createSigner({ key, kid, issuer: 'gateway' }), {
    digest: changes.digest ?? digestOf(body),
    officer: changes.claimed ?? code,
    deployment: identity.deployment,
    iat: changes.iat ?? Math.floor(Date.now() / 1000),
  });
}

export function agreementSignatureOf({ code, identity }: Officer, agreement: Agreement): string {
  const { key, kid } = identity.signingKey;
  return signAgreement(createSigner({ key, kid, issuer: 'gateway' }), {
    ...{ id: agreement.id, version: agreement.version, body: agreementBytes(agreement) },
    ...{ officer: code, deployment: identity.deployment, iat: Math.floor(Date.now() / 1000) },
  });
}

const { method } = AdminService;

export function propose(
  officer: Officer,
  body: Uint8Array,
  signature = signatureOf(officer, body),
): Promise<RawOutcome> {
  return officer.caller.attempt(method.propose, { kind: ProposalKind.ACT, body, signature });
}

export function approve(
  officer: Officer,
  body: Uint8Array,
  signature = signatureOf(officer, body),
): Promise<RawOutcome> {
  return officer.caller.attempt(method.approve, { digest: digestOf(body), signature });
}

export function revoke(officer: Officer, body: Uint8Array): Promise<RawOutcome> {
  return officer.caller.attempt(method.revoke, { body, signature: signatureOf(officer, body) });
}

/** As two officers do it; throws where either is refused. */
export async function together(first: Officer, second: Officer, body: Uint8Array): Promise<void> {
  for (const outcome of [await propose(first, body), await approve(second, body)]) {
    if (outcome.code !== 0)
      throw new Error(`refused: ${outcome.reason ?? outcome.text} ${JSON.stringify(outcome.refusal)}`);
  }
}
