import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derToRaw, isSignatureInRange, P256_ORDER, rawToDer, signRaw, signRawAsync, verifyRaw } from './es256.ts';
import { EXAMPLE_KEY } from './test-fixtures.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const data = Buffer.from('bytes');
const ZERO = Buffer.alloc(32);
const one = Buffer.alloc(32);
one[31] = 1;
const orderLessOne = Buffer.from(P256_ORDER);
orderLessOne[31] = P256_ORDER.readUInt8(31) - 1;

describe('ES256', () => {
  it('verifies the example of RFC 7515, appendix A.3', () => {
    const input =
      'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
    const signature = Buffer.from(
      'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
      'base64url',
    );
    const key = createPublicKey({ key: { ...EXAMPLE_KEY.publicJwk }, format: 'jwk' });
    expect(verifyRaw(Buffer.from(input), key, signature)).toBe(true);
    expect(verifyRaw(Buffer.from(`${input}x`), key, signature)).toBe(false);
  });

  it('converts DER and r‖s as OpenSSL does, short and long integers alike', () => {
    // Over 300 signatures some r or s begins with a zero byte, and half of them with a set high bit.
    for (let i = 0; i < 300; i += 1) {
      const der = sign('sha256', data, privateKey);
      const raw = derToRaw(der);
      expect(verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
      expect(rawToDer(raw)).toEqual(der);
    }
  });

  it.each([
    ['01', '80', '3007' + '020101' + '02020080'],
    ['7f', '01ff', '3007' + '02017f' + '020201ff'],
    ['ff00', '8000', '300a' + '020300ff00' + '0203008000'],
  ])('writes integers as short as DER demands: r = %s, s = %s', (r, s, der) => {
    const raw = Buffer.from(r.padStart(64, '0') + s.padStart(64, '0'), 'hex');
    expect(rawToDer(raw).toString('hex')).toBe(der);
    expect(derToRaw(Buffer.from(der, 'hex'))).toEqual(raw);
  });

  it('round-trips any scalars, zero bytes in front included', () => {
    const scalar = fc
      .tuple(fc.integer({ min: 0, max: 31 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
      .map(([zeros, bytes]) => Buffer.concat([Buffer.alloc(zeros), bytes.subarray(zeros)]))
      .filter((bytes) => bytes.some((b) => b !== 0) && P256_ORDER.compare(bytes) > 0);
    fc.assert(
      fc.property(scalar, scalar, (r, s) => {
        const raw = Buffer.concat([r, s]);
        expect(isSignatureInRange(raw)).toBe(true);
        expect(derToRaw(rawToDer(raw))).toEqual(raw);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['r = 0', Buffer.concat([ZERO, one]), false],
    ['s = 0', Buffer.concat([one, ZERO]), false],
    ['r = n', Buffer.concat([P256_ORDER, one]), false],
    ['s = n', Buffer.concat([one, P256_ORDER]), false],
    ['r = 2^256−1', Buffer.concat([Buffer.alloc(32, 255), one]), false],
    ['r = s = 1', Buffer.concat([one, one]), true],
    ['r = s = n−1', Buffer.concat([orderLessOne, orderLessOne]), true],
    ['63 bytes', Buffer.alloc(63, 1), false],
    ['65 bytes', Buffer.alloc(65, 1), false],
    ['no bytes', Buffer.alloc(0), false],
  ])('range: %s', (_, raw, inRange) => {
    expect(isSignatureInRange(raw)).toBe(inRange);
    expect(verifyRaw(data, publicKey, raw)).toBe(false);
  });

  it('takes what was signed on the pool and what was signed here', async () => {
    expect(verifyRaw(data, publicKey, await signRawAsync(data, privateKey))).toBe(true);
    const raw = signRaw(data, privateKey);
    expect(verifyRaw(data, publicKey, raw)).toBe(true);
    expect(verifyRaw(Buffer.from('other'), publicKey, raw)).toBe(false);
  });
});
