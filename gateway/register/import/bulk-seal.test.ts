import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unseal } from '../../sealing/seal.ts';
import { createBulkSealer, sealedLength } from './bulk-seal.ts';

const bytes = (max: number) => fc.uint8Array({ maxLength: max });

/** Seals messages one after the other, with a byte between them that must stay. */
function sealAll(
  sealer: ReturnType<typeof createBulkSealer>,
  messages: readonly (readonly [number, Uint8Array])[],
): Buffer[] {
  let size = 0;
  const places = messages.map(([, plain]) => {
    const at = size + 1;
    size = at + sealedLength(plain.length);
    return at;
  });
  messages.forEach(([number, plain], index) => {
    sealer.add(number, plain, places[index] ?? 0);
  });
  const into = Buffer.alloc(size + 1, 0x5a);
  sealer.run(into);
  for (const at of places) expect(into[at - 1]).toBe(0x5a);
  expect(into[size]).toBe(0x5a);
  return messages.map(([, plain], index) => {
    const at = places[index] ?? 0;
    return into.subarray(at, at + sealedLength(plain.length));
  });
}

test('gives what the library gives, byte for byte, for any batch', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      bytes(40),
      fc.array(fc.tuple(fc.oneof(fc.nat(70_000), fc.maxSafeNat()), fc.oneof(bytes(34), bytes(100))), { maxLength: 8 }),
      (raw, suffix, messages) => {
        const key = createSecretKey(raw);
        const sealed = sealAll(createBulkSealer(key, suffix), messages);
        messages.forEach(([number, plain], index) => {
          const context = Buffer.concat([Buffer.alloc(8), suffix]);
          context.writeBigUInt64BE(BigInt(number));
          const mine = sealed[index]!;
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
    const batch = Array.from({ length: 50 }, () => [1, Buffer.from('Kinh')] as const);
    for (const one of sealAll(sealer, batch)) nonces.add(one.toString('hex', 0, 12));
  }
  expect(nonces.size).toBe(1000);
  const untouched = Buffer.alloc(64);
  sealer.run(untouched);
  expect(untouched).toEqual(Buffer.alloc(64));
});
