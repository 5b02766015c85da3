import {
  createCipheriv,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  randomFillSync,
} from 'node:crypto';
import { concatKdf } from './concat-kdf.ts';
import { ENCRYPTED_ANSWER, MAX_JWE_LENGTH, type RecipientKey } from './encryption-key.ts';

export const IV_BYTES = 12;

/**
 * Encrypts for one recipient: a compact JWE (RFC 7516), ECDH-ES in its direct form and A256GCM, never compressed. Each call
 * draws a key pair of its own, so equal contents give different tokens and no two share a key.
 *
 * Bare KeyObjects throughout: an ECDH object checks its own pair at each agreement, which costs more than the agreement.
 *
 * Throws RangeError for a content whose token no reader would look at.
 *
 * @param ephemeral private key made for this answer, and `iv`: drawn, unless a test freezes them
 */
export function encrypt(
  content: Uint8Array,
  recipient: RecipientKey,
  {
    ephemeral = newKey(),
    iv = randomFillSync(Buffer.allocUnsafe(IV_BYTES)),
  }: { ephemeral?: EphemeralKey; iv?: Buffer } = {},
): string {
  const header = headerOf(recipient.kid, ephemeral.publicKey);
  const secret = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: recipient.key });
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(concatKdf(secret, 'A256GCM', 256)), iv);
  // The encoded header is authenticated as it travels.
  cipher.setAAD(Buffer.from(header, 'latin1'));
  const text = cipher.update(content);
  cipher.final();
  const parts = [iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  // ECDH-ES agrees on the content's key itself: the part of an encrypted key is empty.
  const token = `${header}..${parts.join('.')}`;
  if (token.length > MAX_JWE_LENGTH) throw new RangeError('too large to be encrypted as one answer');
  return token;
}

type EphemeralKey = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };

function newKey(): EphemeralKey {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function headerOf(kid: string, ephemeral: KeyObject): string {
  const { x, y } = ephemeral.export({ format: 'jwk' });
  const epk = `{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`;
  const text = `{"alg":"ECDH-ES","enc":"A256GCM","epk":${epk},"kid":"${kid}","typ":"${ENCRYPTED_ANSWER}"}`;
  return Buffer.from(text, 'latin1').toString('base64url');
}
