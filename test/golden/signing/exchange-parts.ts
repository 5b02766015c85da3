/** What the vectors of whole exchanges are made of: one published key for all parties, frozen random bytes, tokens over messages. */
import { createHash, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { digestOf } from '../../../gateway/signing/digest.ts';
import { signRaw } from '../../../gateway/signing/es256.ts';
import { loadSigningKey } from '../../../gateway/signing/key-store.ts';
import { createSigner, type Signer } from '../../../gateway/signing/sign.ts';

export const DEPLOYMENT = 'golden';
export const LOG_ORIGIN = `lienthong.test/${DEPLOYMENT}`;
export const AGENCY = 'viettel';
/** Every token of the vectors was signed in this second. */
export const SIGNED_AT = 1_795_300_000;

export const VERIFICATION = '/lienthong.verification.v1.VerificationService';
export const GET_PERSON = '/lienthong.person.v1.PersonService/GetPerson';

/** The example key of RFC 7515, appendix A.3: of the root, of the gateway and of the agency. */
export const KEY = loadSigningKey(
  JSON.parse(readFileSync(new URL('published-example-key.jwk.json', import.meta.url), 'utf8')),
);

/** The same bytes wherever the same thing is drawn. */
export function drawn(label: string, bytes = 16): Buffer {
  return createHash('sha256').update(`lienthong vectors\0${label}`).digest().subarray(0, bytes);
}

let tokens = 0;
const signerOf = (issuer: string): Signer =>
  createSigner({ key: KEY.key, kid: KEY.kid, issuer, nextId: () => drawn(`jti ${tokens++}`).toString('base64url') });
export const agency = signerOf(AGENCY);
export const gateway = signerOf('gateway');

export const toGateway = { aud: `gateway@${DEPLOYMENT}`, iat: SIGNED_AT };
export const toAgency = { aud: `${AGENCY}@${DEPLOYMENT}`, iat: SIGNED_AT };

/** What an answer says beside its binding: the log, its entry there, and what it was decided under. */
export const logged = (entry: string) => ({
  log: 'main',
  leaf: drawn(`entry ${entry}`).toString('base64url'),
  rev: { policy: 'p-1', agreement: 'viettel-subscriber-verification:1', consent: '0', profile: 'lt-vn-2:2.0.0' },
});

/** A request and its token. */
export function callOf(method: string, message: Uint8Array, more: { readonly job?: string } = {}) {
  const dig = digestOf(message);
  return { dig, token: agency.sign('lt-call+jws', { ...toGateway, dig, mth: method, ...more }) };
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const part = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** A token with any header and payload at all, truly signed. */
export function forged(header: string | Uint8Array, payload: string | Uint8Array, key: KeyObject = KEY.key): string {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${part(signRaw(Buffer.from(input), key))}`;
}
