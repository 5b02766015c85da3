import { createECDH, createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { filled, ToldError } from '../errors/words.ts';
import { BASE64URL_32_BYTES } from './base64url.ts';
import { KEY_WORDS } from './key-words.ts';
import {
  type ENCRYPTION,
  type KeyPurpose,
  type PublicJwk,
  readPublicJwk,
  SIGNING,
  thumbprintOf,
} from './public-key.ts';

/** A private key as it stands in a key file. */
type PrivateJwkFor<P extends KeyPurpose> = PublicJwk & P & { readonly d: string; readonly kid: string };
export type PrivateJwk = PrivateJwkFor<typeof SIGNING>;
export type PrivateEncryptionJwk = PrivateJwkFor<typeof ENCRYPTION>;

/** A key pair ready for work: bare KeyObjects, made once. */
export type SigningKey = { readonly kid: string; readonly key: KeyObject; readonly publicJwk: PublicJwk };

/**
 * A new ES256 key, kept by node-jose's key store and named by its RFC 7638 thumbprint. The pair itself is made natively: node-jose
 * multiplies the point in JavaScript, in 30 ms whose length depends on the secret. The library is loaded when a key is made: its
 * 330 files would make up a quarter of the start of every program that only signs.
 */
export async function generateSigningJwk(): Promise<PrivateJwk> {
  return generateJwk(SIGNING);
}

/** As {@link generateSigningJwk}, for a purpose. */
export async function generateJwk<P extends KeyPurpose>(purpose: P): Promise<PrivateJwkFor<P>> {
  const { default: jose } = await import('node-jose');
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  const made = await jose.JWK.createKeyStore().add({ ...privateKey.export({ format: 'jwk' }), ...purpose });
  return readPrivateJwk(made.toJSON(true), 'ignore kid', purpose).jwk;
}

/** The public half, with the members that tell a JOSE library what the key is for. */
export function publicJwkOf({ alg, crv, kid, kty, use, x, y }: PrivateJwk): Omit<PrivateJwk, 'd'> {
  return { alg, crv, kid, kty, use, x, y };
}

/**
 * A signing key from a private JWK.
 *
 * Throws ToldError, which names no value, where it is not a private P-256 key, where `kid` is not its thumbprint, or
 * where the private number does not belong to the public point (such a key signs what nobody can verify).
 */
export function loadSigningKey(value: unknown): SigningKey {
  return loadPrivateJwk(value, SIGNING);
}

/** As {@link loadSigningKey}, for a purpose. */
export function loadPrivateJwk(
  value: unknown,
  purpose: KeyPurpose,
): { readonly kid: string; readonly key: KeyObject; readonly publicJwk: PublicJwk } {
  const { jwk, publicJwk } = readPrivateJwk(value, 'check kid', purpose);
  // Node takes the two halves as they come, even where they are not of one key.
  if (!isPair(jwk)) throw new ToldError(KEY_WORDS.notPair);
  const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  return { kid: jwk.kid, key, publicJwk };
}

function readPrivateJwk<P extends KeyPurpose>(
  value: unknown,
  kidRule: 'check kid' | 'ignore kid',
  purpose: P,
): { jwk: PrivateJwkFor<P>; publicJwk: PublicJwk } {
  const { d, kid, ...rest } = Object(value) as Readonly<Record<string, unknown>>;
  const publicJwk = readPublicJwk(rest, purpose);
  if (publicJwk === undefined || typeof d !== 'string' || !BASE64URL_32_BYTES.test(d)) {
    throw new ToldError(filled(KEY_WORDS.notPrivate, { alg: purpose.alg }));
  }
  const thumbprint = thumbprintOf(publicJwk);
  if (kidRule === 'check kid' && kid !== thumbprint) throw new ToldError(KEY_WORDS.notThumbprint);
  return { jwk: { ...publicJwk, ...purpose, d, kid: thumbprint }, publicJwk };
}

function isPair({ d, x, y }: PublicJwk & { readonly d: string }): boolean {
  const ecdh = createECDH('prime256v1');
  try {
    ecdh.setPrivateKey(d, 'base64url');
  } catch {
    return false;
  }
  const point = ecdh.getPublicKey();
  return point.toString('base64url', 1, 33) === x && point.toString('base64url', 33) === y;
}
