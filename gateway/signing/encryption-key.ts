import { createPublicKey, type KeyObject } from 'node:crypto';
import { generateJwk, loadPrivateJwk, type PrivateEncryptionJwk } from './key-store.ts';
import { ENCRYPTION, type PublicJwk, readPublicJwk, thumbprintOf } from './public-key.ts';

/** Keys that answers are encrypted to: ECDH on P-256, apart from the keys that sign. */

/** Type of token, and content, of an encrypted answer; `typ` of its header. */
export const ENCRYPTED_ANSWER = 'lt-answer+jwe';

/** Longest token that is made or looked at, in characters; an answer about one person has a few thousand. */
export const MAX_JWE_LENGTH = 1024 * 1024;

/** A recipient's public key, ready for work: the KeyObject is made once and kept. */
export type RecipientKey = {
  readonly purpose: 'enc';
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly key: KeyObject;
};

/** The recipient's own half. Not a signing key, though it has the same members. */
export type DecryptionKey = {
  readonly purpose: 'enc';
  readonly kid: string;
  readonly key: KeyObject;
  readonly publicJwk: PublicJwk;
};

/** As `readPublicJwk`, of a key to encrypt to: `alg` and `use`, where they are there, say ECDH-ES and enc. */
export function readEncryptionJwk(value: unknown): PublicJwk | undefined {
  return readPublicJwk(value, ENCRYPTION);
}

/** Of a key that {@link readEncryptionJwk} has read. */
export function recipientKeyOf(jwk: PublicJwk): RecipientKey {
  return { purpose: 'enc', kid: thumbprintOf(jwk), key: createPublicKey({ key: { ...jwk }, format: 'jwk' }) };
}

/** As `generateSigningJwk`. */
export function generateEncryptionJwk(): Promise<PrivateEncryptionJwk> {
  return generateJwk(ENCRYPTION);
}

/** As `loadSigningKey`. Throws ToldError, which names no value, also for a key that says it is for signing. */
export function loadDecryptionKey(value: unknown): DecryptionKey {
  return { purpose: 'enc', ...loadPrivateJwk(value, ENCRYPTION) };
}
