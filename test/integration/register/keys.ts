import { createSecretKey, type KeyObject } from 'node:crypto';
import type { KeyPort } from '../../../gateway/register/sensitive.ts';

/** Keys of the sensitive fields for tests: two ids, each with a key of its own. */
export function testKeys(keyId = 'k1'): KeyPort {
  const keys: Record<string, KeyObject> = {
    k1: createSecretKey(Buffer.alloc(32, 1)),
    k2: createSecretKey(Buffer.alloc(32, 2)),
  };
  return {
    keyId,
    key: async (id) => {
      const key = keys[id];
      if (key === undefined) throw new Error('no such key');
      return key;
    },
  };
}
