import { checkBinding } from '../signing/binding.ts';
import { keyLookup, type VerificationKey } from '../signing/public-key.ts';
import { verifyToken } from '../signing/verify.ts';
import type { VerifyOfficer } from './agreements.ts';

/** A key that one officer signs agreements with. Its issuer is `gateway`: officers sign for the register. */
export interface OfficerKey {
  /** The officer's code, as in the claim `off`. */
  readonly officer: string;
  readonly key: VerificationKey;
}

/**
 * Verifies `lt-agreement+jws` tokens with the officers' keys.
 *
 * All officers' tokens have the issuer `gateway`, so that a good signature alone does not say whose it is: `off` counts
 * only where it is the owner of the key named by `kid`. Otherwise one officer could sign for two.
 * An agreement's signature has no expiry; an officer's key that is no longer given here no longer counts.
 *
 * @param audience `<receiver>@<deployment id>` that agreements of this deployment are signed for.
 * @throws Error where one key is given to two officers.
 */
export function createOfficerVerifier(options: {
  readonly officers: readonly OfficerKey[];
  readonly audience: string;
}): VerifyOfficer {
  const owners = new Map<string, string>();
  for (const { officer, key } of options.officers) {
    if (owners.has(key.kid)) throw new Error('one key is given to two officers');
    owners.set(key.kid, officer);
  }
  const keys = keyLookup(options.officers.map(({ key }) => key));
  return (token, expected) => {
    const verified = verifyToken(token, { typ: 'lt-agreement+jws', keys });
    if (!verified.ok) return undefined;
    const { claims, kid } = verified;
    if (checkBinding(claims, { audience: options.audience, digest: expected.digest }) !== undefined) return undefined;
    if (claims.agr !== expected.agreement || claims.ver !== expected.version) return undefined;
    return claims.off === owners.get(kid) ? { officer: claims.off } : undefined;
  };
}
