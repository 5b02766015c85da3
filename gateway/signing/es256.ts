import { type KeyObject, sign, verify } from 'node:crypto';

/**
 * ES256 (ECDSA, P-256, SHA-256) between JOSE's fixed 64 bytes r‖s and the DER that OpenSSL speaks.
 *
 * Node converts by itself when given `{ key, dsaEncoding: 'ieee-p1363' }`, at 18 µs a call for that wrapper object;
 * with a bare KeyObject and the conversion here a signature costs little more than the primitive.
 */

export const SIGNATURE_BYTES = 64;
const HALF = 32;

/** Order n of the group of P-256 (SEC 2, section 2.4.2). */
export const P256_ORDER = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');

/** Whether the scalar that begins there is in [1, n−1]; public, so that it may end at the first byte that decides. */
function inRange(raw: Uint8Array, from: number): boolean {
  let order = 0;
  while (order < HALF && raw[from + order] === P256_ORDER[order]) order += 1;
  if (order === HALF || (raw[from + order] as number) > (P256_ORDER[order] as number)) return false;
  for (let at = from; at < from + HALF; at += 1) if (raw[at] !== 0) return true;
  return false;
}

/** Whether these are 64 bytes with both r and s in [1, n−1]. */
export function isSignatureInRange(raw: Uint8Array): boolean {
  return raw.length === SIGNATURE_BYTES && inRange(raw, 0) && inRange(raw, HALF);
}

/** DER `SEQUENCE { INTEGER r, INTEGER s }` of r‖s; the input must be {@link isSignatureInRange in range}. */
export function rawToDer(raw: Uint8Array): Buffer {
  const der = Buffer.allocUnsafe(72);
  let at = 2;
  for (let half = 0; half < SIGNATURE_BYTES; half += HALF) {
    let from = half;
    while (raw[from] === 0) from += 1;
    const sign = (raw[from] ?? 0) >= 0x80 ? 1 : 0;
    const length = half + HALF - from;
    der[at] = 0x02;
    der[at + 1] = length + sign;
    if (sign === 1) der[at + 2] = 0;
    at += 2 + sign;
    der.set(raw.subarray(from, half + HALF), at);
    at += length;
  }
  der[0] = 0x30;
  der[1] = at - 2;
  return der.subarray(0, at);
}

/** r‖s of a DER signature as OpenSSL makes it (short lengths, minimal integers). */
export function derToRaw(der: Uint8Array): Buffer {
  const raw = Buffer.alloc(SIGNATURE_BYTES);
  let at = 2;
  for (let half = 0; half < SIGNATURE_BYTES; half += HALF) {
    const length = der[at + 1] ?? 0;
    const pad = length > HALF ? length - HALF : 0;
    raw.set(der.subarray(at + 2 + pad, at + 2 + length), half + HALF - (length - pad));
    at += 2 + length;
  }
  return raw;
}

/** Signature r‖s over bytes. */
export function signRaw(data: Uint8Array, key: KeyObject): Buffer {
  return derToRaw(sign('sha256', data, key));
}

/** As {@link signRaw}, on libuv's pool: about 10 % more CPU, but not on this thread. */
export function signRawAsync(data: Uint8Array, key: KeyObject): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    sign('sha256', data, key, (error, der) => (error ? reject(error) : resolve(derToRaw(der))));
  });
}

/** Whether r‖s is a signature of `key` over bytes. (r, n−s) counts as well: it is the primitive's nature. */
export function verifyRaw(data: Uint8Array, key: KeyObject, raw: Uint8Array): boolean {
  return isSignatureInRange(raw) && verify('sha256', data, key, rawToDer(raw));
}
