import { createDecipheriv, type Decipheriv, type KeyObject } from 'node:crypto';

const LOG_KEY = 16;

/** One for each key: without padding a block is given back with the call that brings it, and nothing stays in between. */
const unwrappers = new WeakMap<KeyObject, Decipheriv>();

/**
 * People's log keys, unwrapped: 16·n bytes in, 16·n bytes out.
 *
 * A log key is 16 uniformly random bytes, so one AES block wraps it: ECB shows equal blocks only where equal keys were
 * drawn. A chunk's keys unwrap in one call. Not guaranteed: integrity. A changed block gives another key, which is what
 * destroying it does.
 */
export function unwrapLogKeys(key: KeyObject, wrapped: Uint8Array): Buffer {
  if (wrapped.length % LOG_KEY !== 0) throw new RangeError('log keys are 16 bytes each');
  let unwrapper = unwrappers.get(key);
  if (unwrapper === undefined) {
    unwrapper = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    unwrappers.set(key, unwrapper);
  }
  return unwrapper.update(wrapped);
}
