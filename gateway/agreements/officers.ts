import type { VerifyOfficer } from '../policy/agreements.ts';
import { audienceOf, checkBinding } from '../signing/binding.ts';
import { digestOf } from '../signing/digest.ts';
import { keyLookup, readPublicJwk, type VerificationKey, verificationKeyOf } from '../signing/public-key.ts';
import type { Signer } from '../signing/sign.ts';
import { verifyToken } from '../signing/verify.ts';

/** Officers sign for the register. */
export const OFFICER_ISSUER = 'gateway';

/** An officer as stored; only active ones are passed in. */
export interface OfficerRow {
  readonly code: string;
  readonly kid: string;
  readonly jwk: string;
}

/**
 * One officer's signature over an agreement's exact bytes.
 *
 * @param signer on the officer's key, issuer `gateway`
 * @param officer the officer's code
 * @param iat whole seconds
 */
export function signAgreement(
  signer: Signer,
  agreement: {
    readonly body: Uint8Array;
    readonly id: string;
    readonly version: number;
    readonly officer: string;
    readonly deployment: string;
    readonly iat: number;
  },
): string {
  const { body, id, version, officer, deployment, iat } = agreement;
  const aud = audienceOf(OFFICER_ISSUER, deployment);
  return signer.sign('lt-agreement+jws', { aud, iat, dig: digestOf(body), agr: id, ver: version, off: officer });
}

/**
 * Verifies signatures of these officers, for agreements of this deployment. The officer named is the one whose key it is;
 * a token that claims another is nobody's. When it was signed is not judged: an agreement stands until its term is over.
 *
 * @param pinned thumbprints that the configuration names; undefined lets every enrolled officer count
 */
export function officerVerifier(
  officers: readonly OfficerRow[],
  { deployment, pinned }: { readonly deployment: string; readonly pinned: ReadonlySet<string> | undefined },
): VerifyOfficer {
  const { keys, codes } = officerKeys(officers);
  const lookup = keyLookup(keys);
  const audience = audienceOf(OFFICER_ISSUER, deployment);
  return (token, expected) => {
    const verified = verifyToken(token, { typ: 'lt-agreement+jws', keys: lookup });
    if (!verified.ok) return undefined;
    const { claims, kid } = verified;
    if (checkBinding(claims, { audience, digest: expected.digest }) !== undefined) return undefined;
    if (claims.agr !== expected.agreement || claims.ver !== expected.version) return undefined;
    const officer = codes.get(kid);
    if (officer === undefined || claims.off !== officer) return undefined;
    return { officer, unpinned: pinned?.has(kid) === false };
  };
}

/** Their keys, and whose each is by its thumbprint; a row whose key is not the one it says has none. */
export function officerKeys(officers: readonly OfficerRow[]) {
  const keys: VerificationKey[] = [];
  const codes = new Map<string, string>();
  for (const { code, kid, jwk } of officers) {
    const key = keyOf(jwk);
    if (key === undefined || key.kid !== kid) continue;
    keys.push(key);
    codes.set(kid, code);
  }
  return { keys, codes };
}

function keyOf(text: string): VerificationKey | undefined {
  try {
    const jwk = readPublicJwk(JSON.parse(text));
    return jwk === undefined ? undefined : verificationKeyOf(jwk, OFFICER_ISSUER);
  } catch {
    return undefined;
  }
}
