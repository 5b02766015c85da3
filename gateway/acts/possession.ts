/**
 * Proof that whoever asks for a key to be enrolled holds it, made where the key was born and carried in the act. What is signed
 * names deployment, holder and key, so that a proof is good for nothing else; how old it may be is judged when it is proposed.
 */
import { audienceOf, checkBinding } from '../signing/binding.ts';
import { digestOf } from '../signing/digest.ts';
import { keyLookup, type PublicJwk, thumbprintOf, verificationKeyOf } from '../signing/public-key.ts';
import type { Signer } from '../signing/sign.ts';
import { verifyToken } from '../signing/verify.ts';

export interface Possessed {
  readonly deployment: string;
  /** `encryption`: an agency's key that answers are encrypted to. It signs this one thing, to show that it is held. */
  readonly of: 'agency' | 'officer' | 'issuer' | 'encryption';
  /** Its code, or that of the agency whose encryption key it is. */
  readonly holder: string;
  readonly key: PublicJwk;
}

/** @param signer on the key itself, issuer: the holder */
export function proveKey(signer: Signer, possessed: Possessed, iat: number): string {
  return signer.sign('lt-possession+jws', {
    aud: audienceOf('gateway', possessed.deployment),
    iat,
    dig: challengeDigest(possessed),
  });
}

/** When it was signed, unix seconds; undefined where it proves nothing of this. */
export function provenAt(proof: string, possessed: Possessed): number | undefined {
  const { deployment, holder, key } = possessed;
  const verified = verifyToken(proof, {
    typ: 'lt-possession+jws',
    keys: keyLookup([verificationKeyOf(key, holder)]),
  });
  if (!verified.ok) return undefined;
  const bound = { audience: audienceOf('gateway', deployment), digest: challengeDigest(possessed) };
  return checkBinding(verified.claims, bound) === undefined ? verified.claims.iat : undefined;
}

function challengeDigest({ deployment, of, holder, key }: Possessed): string {
  return digestOf(Buffer.from(['lienthong-enrol', deployment, of, holder, thumbprintOf(key)].join('\n')));
}
