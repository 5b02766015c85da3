import { randomBytes } from 'node:crypto';
import { type BindingProblem, checkBinding } from './binding.ts';
import { digestOf } from './digest.ts';
import { checkFreshness, type FreshnessProblem } from './freshness.ts';
import { keyLookup, readPublicJwk, type VerificationKey, verificationKeyOf } from './public-key.ts';
import type { Signer } from './sign.ts';
import { type Refused, type VerifyProblem, verifyToken } from './verify.ts';

/**
 * Proof of possession at enrolment: the operator hands out a challenge, the agency signs it with the key it wants to
 * enrol. Without it an agency could enrol another's public key and claim that other's signatures as its own.
 */

const CHALLENGE_BYTES = 32;

export type PossessionProblem = VerifyProblem | BindingProblem | FreshnessProblem | 'BAD_KEY';
export type PossessionResult = { readonly ok: true; readonly key: VerificationKey } | Refused<PossessionProblem>;

/** A challenge: 32 random bytes, to be used for one enrolment. */
export function createChallenge(): Buffer {
  return randomBytes(CHALLENGE_BYTES);
}

/** The agency's side. `audience` is `gateway@<deployment id>`, `iat` whole seconds. */
export function provePossession(
  signer: Signer,
  { challenge, audience, iat }: { readonly challenge: Uint8Array; readonly audience: string; readonly iat: number },
): string {
  return signer.sign('lt-possession+jws', { aud: audience, iat, dig: digestOf(challenge) });
}

/**
 * The operator's side: the key, ready to verify with, where `proof` shows that `agency` holds it.
 *
 * @param publicJwk the key to enrol, as the agency sent it
 * @param challenge the one handed out for this enrolment; the caller sees to it that it serves once
 * @param floor see `checkFreshness`; here the second in which the challenge was made, less one
 */
export function verifyPossession(
  proof: string,
  {
    publicJwk,
    agency,
    challenge,
    audience,
    nowSeconds,
    floor,
  }: {
    readonly publicJwk: unknown;
    readonly agency: string;
    readonly challenge: Uint8Array;
    readonly audience: string;
    readonly nowSeconds: number;
    readonly floor: number;
  },
): PossessionResult {
  const jwk = readPublicJwk(publicJwk);
  if (jwk === undefined) return { ok: false, problem: 'BAD_KEY' };
  const key = verificationKeyOf(jwk, agency);
  const verified = verifyToken(proof, { typ: 'lt-possession+jws', keys: keyLookup([key]) });
  if (!verified.ok) return verified;
  const problem =
    checkBinding(verified.claims, { audience, digest: digestOf(challenge) }) ??
    checkFreshness(verified.claims.iat, { nowSeconds, floor });
  return problem === undefined ? { ok: true, key } : { ok: false, problem };
}
