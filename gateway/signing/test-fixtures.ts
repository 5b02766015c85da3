import { createCipheriv, diffieHellman, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { concatKdf } from './concat-kdf.ts';
import { type DecryptionKey, generateEncryptionJwk, loadDecryptionKey } from './encryption-key.ts';
import { signRaw } from './es256.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from './key-store.ts';
import type { Json } from './strict-json.ts';
import type { TokenType } from './token-types.ts';

/** For tests of this folder only: the frozen vectors, and a forge for tokens that our signer refuses to make. */

const GOLDEN = new URL('../../test/golden/signing/', import.meta.url);

export type Vector = {
  readonly typ: TokenType;
  readonly form: string;
  readonly issuer: string;
  readonly jti: string;
  readonly claims: { readonly [name: string]: Json };
  readonly header: string;
  readonly payload: string;
  readonly token: string;
};

export function readGolden(name: string): Buffer {
  return readFileSync(new URL(name, GOLDEN));
}

export const VECTORS = JSON.parse(readGolden('tokens.json').toString('utf8')) as readonly Vector[];

/** The published example key of RFC 7515, appendix A.3. */
export const EXAMPLE_KEY: SigningKey = loadSigningKey(
  JSON.parse(readGolden('published-example-key.jwk.json').toString('utf8')),
);

export async function newKey(): Promise<SigningKey> {
  return loadSigningKey(await generateSigningJwk());
}

export const encode = (text: string | Uint8Array): string => Buffer.from(text).toString('base64url');

/** A token with any header and payload text at all, truly signed with this key. */
export function forge(key: SigningKey, header: string | Uint8Array, payload: string | Uint8Array): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${encode(signRaw(Buffer.from(input), key.key))}`;
}

export async function newDecryptionKey(): Promise<DecryptionKey> {
  return loadDecryptionKey(await generateEncryptionJwk());
}

/** A token with these members more in its header, truly encrypted to this key: over KeyObjects, apart from the code under test. */
export function forgeEncrypted({ key, kid }: DecryptionKey, more: object, content: Uint8Array): string {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const epk = pair.publicKey.export({ format: 'jwk' });
  const head = encode(JSON.stringify({ alg: 'ECDH-ES', enc: 'A256GCM', kid, typ: 'lt-answer+jwe', epk, ...more }));
  const iv = randomBytes(12);
  const secret = diffieHellman({ privateKey: key, publicKey: pair.publicKey });
  const cipher = createCipheriv('aes-256-gcm', concatKdf(secret, 'A256GCM', 256), iv).setAAD(Buffer.from(head));
  const text = Buffer.concat([cipher.update(content), cipher.final()]);
  return `${head}..${encode(iv)}.${encode(text)}.${encode(cipher.getAuthTag())}`;
}

export const headerOf = (key: SigningKey, typ: string): string => JSON.stringify({ alg: 'ES256', kid: key.kid, typ });

export function vector(typ: TokenType, form?: string): Vector {
  const found = VECTORS.find((v) => v.typ === typ && (form === undefined || v.form === form));
  if (found === undefined) throw new Error(`no vector for ${typ}`);
  return found;
}
