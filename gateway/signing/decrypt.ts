import { isUtf8 } from 'node:buffer';
import { createDecipheriv, createPublicKey, createSecretKey, diffieHellman, type KeyObject } from 'node:crypto';
import { BASE64URL_32_BYTES, decodeBase64url } from './base64url.ts';
import { concatKdf } from './concat-kdf.ts';
import { IV_BYTES } from './encrypt.ts';
import { type DecryptionKey, ENCRYPTED_ANSWER, MAX_JWE_LENGTH } from './encryption-key.ts';
import { type JsonObject, readStrictObject } from './strict-json.ts';

export const DECRYPT_PROBLEMS = {
  TOO_LARGE: 'longer than any token',
  MALFORMED: 'not five parts of canonical base64url, the second empty',
  BAD_HEADER: 'header is not exactly alg ECDH-ES, enc A256GCM, epk, kid and typ',
  UNKNOWN_KEY: 'kid is no key of this recipient',
  BAD_POINT: 'epk is no point of P-256',
  NOT_AUTHENTIC: 'changed, or encrypted to another key',
} as const;
export type DecryptProblem = keyof typeof DECRYPT_PROBLEMS;

export type DecryptResult =
  | { readonly ok: true; readonly content: Buffer; readonly kid: string }
  | { readonly ok: false; readonly problem: DecryptProblem };

/** Longest encoded header: the names and values are fixed or 43 characters, beside white space of other languages. */
const MAX_HEADER_LENGTH = 1024;
const TAG_BYTES = 16;
const HEADER_MEMBERS = ['alg', 'enc', 'epk', 'kid', 'typ'] as const;
const POINT_MEMBERS = ['crv', 'kty', 'x', 'y'] as const;

type Header = { readonly kid: string; readonly x: string; readonly y: string };

const refused = (problem: DecryptProblem): DecryptResult => ({ ok: false, problem });

/**
 * Opens a compact JWE strictly: one text for one token. Never throws. Nothing is derived before the form, the header and the key
 * that it names are as they must be; nothing is ever inflated, for `zip` is a member that refuses by its mere presence, as are
 * `jwk`, `jku`, `x5c`, `crit`, `apu`, `apv`, `p2c` and whatever else RFC 7516 and its heirs offer.
 *
 * Who encrypted it is not known by this, for anyone may: what counts is the signature inside.
 *
 * @param keys the recipient's own, by `kid`
 */
export function decrypt(token: string, keys: (kid: string) => DecryptionKey | undefined): DecryptResult {
  if (token.length > MAX_JWE_LENGTH) return refused('TOO_LARGE');
  // Six, where there are more than five: what follows is not looked at.
  const parts = token.split('.', 6);
  const [head = '', encryptedKey, iv = '', text = '', tag = ''] = parts;
  if (parts.length !== 5 || encryptedKey !== '') return refused('MALFORMED');
  if (head.length > MAX_HEADER_LENGTH) return refused('BAD_HEADER');
  const header = readHeader(head);
  if (header === undefined) return refused('BAD_HEADER');
  const own = keys(header.kid);
  if (own === undefined || own.kid !== header.kid) return refused('UNKNOWN_KEY');
  const [ivBytes, tagBytes, cipherText] = [iv, tag, text].map(decodeBase64url);
  if (ivBytes?.length !== IV_BYTES || tagBytes?.length !== TAG_BYTES || cipherText === undefined) {
    return refused('MALFORMED');
  }
  const point = pointOf(header);
  if (point === undefined) return refused('BAD_POINT');
  const key = concatKdf(diffieHellman({ privateKey: own.key, publicKey: point }), 'A256GCM', 256);
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), ivBytes, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(head, 'latin1'));
  decipher.setAuthTag(tagBytes);
  try {
    // GCM keeps the length; what was decrypted is given out only once the tag has been found right.
    const content = decipher.update(cipherText);
    decipher.final();
    return { ok: true, content, kid: header.kid };
  } catch {
    return refused('NOT_AUTHENTIC');
  }
}

function readHeader(part: string): Header | undefined {
  const bytes = decodeBase64url(part);
  if (bytes === undefined || !isUtf8(bytes)) return undefined;
  const read = readStrictObject(bytes.toString('utf8'));
  if (read === undefined || !hasExactly(read, HEADER_MEMBERS)) return undefined;
  const { alg, enc, epk, kid, typ } = read;
  if (alg !== 'ECDH-ES' || enc !== 'A256GCM' || typ !== ENCRYPTED_ANSWER || typeof kid !== 'string') return undefined;
  if (typeof epk !== 'object' || epk === null || Array.isArray(epk)) return undefined;
  const point = epk as JsonObject;
  if (!hasExactly(point, POINT_MEMBERS)) return undefined;
  const { crv, kty, x, y } = point;
  if (crv !== 'P-256' || kty !== 'EC' || typeof x !== 'string' || typeof y !== 'string') return undefined;
  return BASE64URL_32_BYTES.test(x) && BASE64URL_32_BYTES.test(y) ? { kid, x, y } : undefined;
}

function hasExactly(object: JsonObject, members: readonly string[]): boolean {
  return Object.keys(object).length === members.length && members.every((member) => Object.hasOwn(object, member));
}

/** OpenSSL looks whether it lies on the curve: a point beside it would tell of the private number. */
function pointOf({ x, y }: Header): KeyObject | undefined {
  try {
    return createPublicKey({ key: { crv: 'P-256', kty: 'EC', x, y }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
