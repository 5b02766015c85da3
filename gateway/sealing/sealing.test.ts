import { createCipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generateKeyRing, loadKeyRing } from './key-ring.ts';
import { unwrapLogKeys } from './log-keys.ts';
import { seal, unseal } from './seal.ts';

const ring = loadKeyRing(generateKeyRing());

test('what is sealed opens under the same key and context only', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 20 }), (plain, context) => {
      const sealed = seal(ring.answer, context, plain);
      expect(unseal(ring.answer, context, sealed)).toEqual(Buffer.from(plain));
      expect(unseal(ring.evidence, context, sealed)).toBeUndefined();
      expect(unseal(ring.answer, Buffer.concat([context, Buffer.of(1)]), sealed)).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});

test('one changed bit anywhere does not open', () => {
  const sealed = seal(ring.answer, Buffer.from('row'), Buffer.from('answer'));
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at]! ^= 1;
    expect(unseal(ring.answer, Buffer.from('row'), changed)).toBeUndefined();
  }
});

test('log keys wrap one by one: a key unwraps alike alone and in a chunk', () => {
  const keys = randomBytes(16 * 7);
  const cipher = createCipheriv('aes-256-ecb', ring['log-key'], null).setAutoPadding(false);
  const wrapped = cipher.update(keys);
  expect(unwrapLogKeys(ring['log-key'], wrapped)).toEqual(keys);
  expect(unwrapLogKeys(ring['log-key'], wrapped.subarray(48, 64))).toEqual(keys.subarray(48, 64));
});

test('a ring without some purposes is refused by the name of each', () => {
  const { pseudonym: _, ...rest } = generateKeyRing();
  expect(() => loadKeyRing({ ...rest, answer: 'short' })).toThrow(/: "answer", "pseudonym"$/);
});
