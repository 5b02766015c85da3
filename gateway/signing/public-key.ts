import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { BASE64URL_32_BYTES } from './base64url.ts';

/** What a key is for, as a JWK says it. A key serves one of them only. */
export const SIGNING = { alg: 'ES256', use: 'sig' } as const;
export const ENCRYPTION = { alg: 'ECDH-ES', use: 'enc' } as const;
export type KeyPurpose = typeof SIGNING | typeof ENCRYPTION;

/** The public half of a key on P-256, the four members that RFC 7638 hashes. */
export type PublicJwk = { readonly crv: 'P-256'; readonly kty: 'EC'; readonly x: string; readonly y: string };

/** A key that tokens may be verified with, and whose it is. The KeyObject is made once and kept. */
export type VerificationKey = {
  /** RFC 7638 thumbprint of the key. */
  readonly kid: string;
  /** The only `iss` that this key may sign for: an agency's code or `gateway`. */
  readonly issuer: string;
  readonly key: KeyObject;
};

/** Looks a `kid` up among the keys of one agency, never among all. */
export type KeyLookup = (kid: string) => VerificationKey | undefined;

/** RFC 7638 thumbprint (SHA-256, base64url) of an EC P-256 key. */
export function thumbprintOf({ crv, kty, x, y }: PublicJwk): string {
  return hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url');
}

/**
 * The four public members of an untrusted JWK, or undefined: another type of key, a coordinate that is not 32 bytes of
 * canonical base64url, a point that is not on the curve, a private member, or a `kid`, `alg` or `use` that says
 * something else.
 */
export function readPublicJwk(value: unknown, purpose: KeyPurpose = SIGNING): PublicJwk | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kty, crv, x, y, d, kid, alg, use } = value as Readonly<Record<string, unknown>>;
  if (kty !== 'EC' || crv !== 'P-256' || d !== undefined) return undefined;
  if (typeof x !== 'string' || typeof y !== 'string') return undefined;
  if (!BASE64URL_32_BYTES.test(x) || !BASE64URL_32_BYTES.test(y)) return undefined;
  if ((alg !== undefined && alg !== purpose.alg) || (use !== undefined && use !== purpose.use)) return undefined;
  const jwk: PublicJwk = { crv, kty, x, y };
  if (kid !== undefined && kid !== thumbprintOf(jwk)) return undefined;
  return isOnCurve(jwk) ? jwk : undefined;
}

function isOnCurve(jwk: PublicJwk): boolean {
  try {
    createPublicKey({ key: { ...jwk }, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}

/** Verification key of a public JWK that {@link readPublicJwk} has read, for tokens of this issuer. */
export function verificationKeyOf(jwk: PublicJwk, issuer: string): VerificationKey {
  return { kid: thumbprintOf(jwk), issuer, key: createPublicKey({ key: { ...jwk }, format: 'jwk' }) };
}

/** Look-up among these keys only. */
export function keyLookup(keys: Iterable<VerificationKey>): KeyLookup {
  const byKid = new Map<string, VerificationKey>();
  for (const key of keys) byKid.set(key.kid, key);
  return (kid) => byKid.get(kid);
}

/**
 * As `keys`, without those whose end has come.
 *
 * @param ends unix seconds, by thumbprint; a key without one has no end of its own
 */
export function untilTheirEnd(keys: KeyLookup, ends: ReadonlyMap<string, number>, nowSeconds: () => number): KeyLookup {
  return (kid) => {
    const end = ends.get(kid);
    // Written so that NaN, a clock that is not known, finds no key.
    return end === undefined || nowSeconds() < end ? keys(kid) : undefined;
  };
}
