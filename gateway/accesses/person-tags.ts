import { type Cipheriv, createCipheriv, type KeyObject } from 'node:crypto';

/** Bytes of a cipher block, of which a tag is the first nine. */
export const TAG_STRIDE = 16;
/** 72 bits: among a hundred million people, the chance that any two share a tag is about one in a million. */
export const TAG_BYTES = 9;

const WORD = 0x1_0000_0000;

/** Blocks stand alone under this cipher, so that one serves for every call. */
const ciphers = new WeakMap<KeyObject, Cipheriv>();

function cipherOf(key: KeyObject): Cipheriv {
  const made = ciphers.get(key) ?? createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  ciphers.set(key, made);
  return made;
}

/**
 * One cipher block a person number, end to end: AES-256 over the number, which is a keyed permutation, so that a tag tells
 * nothing to whoever lacks the key, and tags lie evenly however dense the numbers are. All of an entry in one call.
 */
export function personTags(key: KeyObject, personNos: Float64Array): Buffer {
  const plain = new DataView(new ArrayBuffer(personNos.length * TAG_STRIDE));
  // By index: an iterator would cost more than the cipher.
  for (let i = 0; i < personNos.length; i++) {
    const personNo = personNos[i] ?? 0;
    plain.setUint32(i * TAG_STRIDE, Math.floor(personNo / WORD));
    plain.setUint32(i * TAG_STRIDE + 4, personNo % WORD);
  }
  return cipherOf(key).update(new Uint8Array(plain.buffer));
}
