import { createCipheriv, createECDH, randomFillSync } from 'node:crypto';
import { concatKdf } from './concat-kdf.ts';
import { ENCRYPTED_ANSWER, MAX_JWE_LENGTH, type RecipientKey, UNCOMPRESSED } from './encryption-key.ts';

/**
 * Encrypts for one recipient: a compact JWE (RFC 7516), ECDH-ES in its direct form and A256GCM, never compressed. Each call
 * draws a key pair of its own, so equal contents give different tokens and no two share a key.
 *
 * Throws RangeError for a content whose token no reader would look at.
 *
 * @param ephemeral private number of the key pair, and `iv`: drawn, unless a test freezes them
 */
export function encrypt(
  content: Uint8Array,
  recipient: RecipientKey,
  { ephemeral, iv = randomFillSync(Buffer.allocUnsafe(IV_BYTES)) }: { ephemeral?: Uint8Array; iv?: Uint8Array } = {},
): string {
  const pair = createECDH('prime256v1');
  if (ephemeral === undefined) pair.generateKeys();
  else pair.setPrivateKey(ephemeral);
  const header = headerOf(recipient.kid, pair.getPublicKey());
  const key = concatKdf(pair.computeSecret(recipient.point), 'A256GCM', 256);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  // The encoded header is authenticated as it travels.
  cipher.setAAD(Buffer.from(header, 'latin1'));
  const text = cipher.update(content);
  cipher.final();
  const parts = [iv, text, cipher.getAuthTag()].map((part) => Buffer.from(part).toString('base64url'));
  // ECDH-ES agrees on the content's key itself: the part of an encrypted key is empty.
  const token = `${header}..${parts.join('.')}`;
  if (token.length > MAX_JWE_LENGTH) throw new RangeError('too large to be encrypted as one answer');
  return token;
}

export const IV_BYTES = 12;

function headerOf(kid: string, point: Buffer): string {
  if (point[0] !== UNCOMPRESSED) throw new TypeError('not an uncompressed point');
  const [x, y] = [point.toString('base64url', 1, 33), point.toString('base64url', 33)];
  const epk = `{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`;
  const text = `{"alg":"ECDH-ES","enc":"A256GCM","epk":${epk},"kid":"${kid}","typ":"${ENCRYPTED_ANSWER}"}`;
  return Buffer.from(text, 'latin1').toString('base64url');
}
