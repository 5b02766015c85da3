import { hash } from 'node:crypto';

/**
 * Concat KDF of NIST SP 800-56A as RFC 7518 section 4.6.2 uses it for ECDH-ES: one round of SHA-256 over the shared secret and
 * what the key is for. 256 bits are one round, so longer keys are refused.
 *
 * @param secret Z, the x-coordinate that ECDH gives, 32 bytes with their leading zeros
 * @param algorithm `enc` of the header
 * @param bits length of the key
 * @param partyU,partyV `apu` and `apv`, decoded; empty where the header has none
 */
export function concatKdf(
  secret: Uint8Array,
  algorithm: string,
  bits: number,
  partyU: Uint8Array = NOTHING,
  partyV: Uint8Array = NOTHING,
): Buffer {
  if (bits > 256) throw new RangeError('one round of SHA-256 gives 256 bits');
  const name = Buffer.from(algorithm, 'latin1');
  const input = Buffer.concat([
    number32(1),
    secret,
    ...[number32(name.length), name],
    ...[number32(partyU.length), partyU],
    ...[number32(partyV.length), partyV],
    number32(bits),
  ]);
  return hash('sha256', input, 'buffer').subarray(0, bits / 8);
}

const NOTHING = new Uint8Array(0);

function number32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
