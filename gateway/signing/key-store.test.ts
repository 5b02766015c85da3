import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jose from 'node-jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJwkFile, readSigningKeyFile, writeKeyFile } from './key-file.ts';
import { generateSigningJwk, loadSigningKey, type PrivateJwk, publicJwkOf } from './key-store.ts';
import { readPublicJwk, verificationKeyOf } from './public-key.ts';
import { createSigner } from './sign.ts';
import { vector } from './test-fixtures.ts';
import { verifyToken } from './verify.ts';

let jwk: PrivateJwk;
let other: PrivateJwk;
let folder: string;

beforeAll(async () => {
  [jwk, other] = await Promise.all([generateSigningJwk(), generateSigningJwk()]);
  folder = await mkdtemp(join(tmpdir(), 'lienthong-keys-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('key store', () => {
  it('generates a key that signs, named by its thumbprint', async () => {
    const key = loadSigningKey(jwk);
    const v = vector('lt-call+jws');
    const token = createSigner({ key: key.key, kid: key.kid, issuer: 'viettel' }).sign(
      'lt-call+jws',
      v.claims as never,
    );
    const known = verificationKeyOf(key.publicJwk, 'viettel');
    expect(verifyToken(token, { typ: 'lt-call+jws', keys: (kid) => (kid === known.kid ? known : undefined) }).ok).toBe(
      true,
    );
    expect((await jose.JWK.asKey({ ...jwk })).kid).toBe(key.kid);
    expect(other.kid).not.toBe(jwk.kid);
  });

  it('gives out a public half without the private number', () => {
    expect(Object.keys(publicJwkOf(jwk)).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(readPublicJwk(publicJwkOf(jwk))).toEqual(loadSigningKey(jwk).publicJwk);
    expect(JSON.stringify(loadSigningKey(jwk).publicJwk)).not.toContain(jwk.d);
  });

  it.each<[string, () => object | null]>([
    ['nothing', () => null],
    ['a public key', () => publicJwkOf(jwk)],
    ['a kid that is not the thumbprint', () => ({ ...jwk, kid: other.kid })],
    ['no kid', () => ({ ...jwk, kid: undefined })],
    ['the private number of another key', () => ({ ...jwk, d: other.d })],
    ['a short private number', () => ({ ...jwk, d: jwk.d.slice(2) })],
    ['a private number of zero', () => ({ ...jwk, d: 'A'.repeat(43) })],
    ['another curve', () => ({ ...jwk, crv: 'P-384' })],
    ['another algorithm', () => ({ ...jwk, alg: 'ES384' })],
    ['a key for encryption', () => ({ ...jwk, use: 'enc' })],
    ['a symmetric key', () => ({ kty: 'oct', k: 'AAAA' })],
  ])('refuses to load %s, without telling a value', (_, make) => {
    let message = '';
    expect(() => {
      try {
        loadSigningKey(make());
      } catch (error) {
        message = String(error);
        throw error;
      }
    }).toThrow();
    for (const secret of [jwk.d, other.d]) expect(message).not.toContain(secret.slice(0, 10));
  });

  it('reads only public keys that are points of the curve, canonically written', () => {
    const good = publicJwkOf(jwk);
    expect(readPublicJwk(good)).toBeDefined();
    expect(readPublicJwk({ ...good, x: 'A'.repeat(43) })).toBeUndefined();
    expect(readPublicJwk({ ...good, y: publicJwkOf(other).y, kid: undefined })).toBeUndefined();
    expect(readPublicJwk({ ...good, x: `${good.x}=` })).toBeUndefined();
    expect(readPublicJwk({ ...good, kid: other.kid })).toBeUndefined();
    expect(readPublicJwk(jwk)).toBeUndefined();
    for (const wrong of [null, undefined, 'x', 1, [], {}]) expect(readPublicJwk(wrong)).toBeUndefined();
  });
});

describe('key files', () => {
  it('are written for their owner only and read back', async () => {
    const path = join(folder, 'signing.jwk.json');
    await writeKeyFile(path, jwk);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readSigningKeyFile(path)).kid).toBe(jwk.kid);
    expect(await readJwkFile(path)).toEqual(jwk);
  });

  it('are never overwritten', async () => {
    const path = join(folder, 'kept.jwk.json');
    await writeKeyFile(path, jwk);
    await expect(writeKeyFile(path, other)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(jwk);
  });

  it('are refused where others may read them', async () => {
    const path = join(folder, 'open.jwk.json');
    await writeKeyFile(path, jwk);
    for (const mode of [0o640, 0o604, 0o660]) {
      await chmod(path, mode);
      await expect(readSigningKeyFile(path)).rejects.toThrow('chmod 600');
    }
  });

  it('that are broken are named without their content', async () => {
    const path = join(folder, 'broken.jwk.json');
    await writeFile(path, JSON.stringify(jwk).slice(0, -3), { mode: 0o600 });
    const error: Error = await readSigningKeyFile(path).then(
      () => new Error('read'),
      (e) => e,
    );
    expect(error.message).toContain('broken.jwk.json is not JSON');
    expect(`${error.stack} ${String(error.cause)}`).not.toContain(jwk.d.slice(0, 8));
    await writeFile(path, JSON.stringify(publicJwkOf(jwk)), { mode: 0o600 });
    await expect(readSigningKeyFile(path)).rejects.toThrow('holds no usable signing key');
    await expect(readSigningKeyFile(join(folder, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
