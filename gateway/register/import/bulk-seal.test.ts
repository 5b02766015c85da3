import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unseal } from '../../sealing/seal.ts';
import { createBulkSealer } from './bulk-seal.ts';

const bytes = (max: number) => fc.uint8Array({ maxLength: max });

test('gives what the library gives, byte for byte, for any batch', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      bytes(40),
      fc.array(fc.tuple(fc.maxSafeNat(), bytes(100)), { maxLength: 8 }),
      (raw, suffix, messages) => {
        const key = createSecretKey(raw);
        const sealer = createBulkSealer(key, suffix);
        for (const [number, plain] of messages) sealer.add(number, plain);
        const { bytes: sealed, ends } = sealer.run();
        expect(ends.length).toBe(messages.length);
        messages.forEach(([number, plain], index) => {
          const context = Buffer.concat([Buffer.alloc(8), suffix]);
          context.writeBigUInt64BE(BigInt(number));
          const mine = sealed.subarray(index === 0 ? 0 : ends[index - 1], ends[index]);
          const cipher = createCipheriv('aes-256-gcm', key, mine.subarray(0, 12)).setAAD(context);
          const theirs = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
          expect(mine.subarray(12).toString('hex')).toBe(theirs.toString('hex'));
          expect(unseal(key, context, mine)).toEqual(Buffer.from(plain));
        });
      },
    ),
  );
});

test('a batch leaves nothing for the next, and no nonce comes twice', () => {
  const sealer = createBulkSealer(createSecretKey(randomBytes(32)), Buffer.from('k1'));
  const nonces = new Set<string>();
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 50; i++) sealer.add(1, Buffer.from('Kinh'));
    const { bytes: sealed, ends } = sealer.run();
    expect(ends.length).toBe(50);
    for (let i = 0; i < ends.length; i++) nonces.add(sealed.subarray(i * 32, i * 32 + 12).toString('hex'));
  }
  expect(nonces.size).toBe(1000);
  expect(sealer.run().ends).toEqual([]);
});
