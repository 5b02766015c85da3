import { createECDH } from 'node:crypto';
import { expect, it } from 'vitest';
import { concatKdf } from './concat-kdf.ts';

it('derives the key of RFC 7518, appendix C', () => {
  const alice = createECDH('prime256v1');
  alice.setPrivateKey('0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo', 'base64url');
  const bob = Buffer.concat([
    Buffer.of(4),
    Buffer.from('weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ', 'base64url'),
    Buffer.from('e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck', 'base64url'),
  ]);
  const key = concatKdf(alice.computeSecret(bob), 'A128GCM', 128, Buffer.from('Alice'), Buffer.from('Bob'));
  expect(key.toString('base64url')).toBe('VqqN6vgjbSBcIijNcacQGg');
});

it('gives no key that one round does not fill', () => {
  expect(() => concatKdf(Buffer.alloc(32), 'A256CBC-HS512', 512)).toThrow(RangeError);
});
