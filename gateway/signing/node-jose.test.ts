import jose from 'node-jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { P256_ORDER } from './es256.ts';
import { generateSigningJwk, loadSigningKey, publicJwkOf, type SigningKey } from './key-store.ts';
import { keyLookup, readPublicJwk, thumbprintOf, verificationKeyOf } from './public-key.ts';
import { createSigner } from './sign.ts';
import { EXAMPLE_KEY, encode, VECTORS, vector } from './test-fixtures.ts';
import { verifyToken } from './verify.ts';

/** node-jose and the hot path on node:crypto, held against each other. */

let own: SigningKey;
let ownInJose: jose.JWK.Key;
let publicInJose: jose.JWK.Key;

beforeAll(async () => {
  const jwk = await generateSigningJwk();
  own = loadSigningKey(jwk);
  ownInJose = await jose.JWK.asKey({ ...jwk });
  publicInJose = await jose.JWK.asKey(publicJwkOf(jwk));
});

const signInJose = async (typ: string, payload: string, fields: object = {}): Promise<string> =>
  // The types know the general serialisation only; `compact` gives a string.
  (await jose.JWS.createSign({ format: 'compact', fields: { typ, ...fields } }, ownInJose)
    .update(Buffer.from(payload))
    .final()) as unknown as string;

async function joseAccepts(token: string): Promise<boolean> {
  try {
    await jose.JWS.createVerify(publicInJose).verify(token);
    return true;
  } catch {
    return false;
  }
}

describe('node-jose and this folder', () => {
  it('agree on the thumbprint', async () => {
    for (const key of [own, EXAMPLE_KEY]) {
      const inJose = await jose.JWK.asKey({ ...key.publicJwk });
      expect(encode(await inJose.thumbprint('SHA-256'))).toBe(key.kid);
    }
    // The coordinates of RFC 7517, appendix A.1, whose thumbprint other implementations publish.
    const jwk = readPublicJwk({
      kty: 'EC',
      crv: 'P-256',
      x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
      y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
    });
    expect(jwk && thumbprintOf(jwk)).toBe('cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s');
  });

  it.each(
    VECTORS.map((v) => [`${v.typ} ${v.form} ${v.jti}`, v] as const),
  )("each accepts the other's: %s", async (_, v) => {
    const signer = createSigner({ key: own.key, kid: own.kid, issuer: v.issuer, nextId: () => v.jti });
    const ours = await jose.JWS.createVerify(publicInJose).verify(signer.sign(v.typ, v.claims as never));
    expect(ours.payload.toString('utf8')).toBe(v.payload);

    const keys = keyLookup([verificationKeyOf(own.publicJwk, v.issuer)]);
    const theirs = await signInJose(v.typ, v.payload);
    expect(verifyToken(theirs, { typ: v.typ, keys })).toMatchObject({ ok: true, claims: JSON.parse(v.payload) });
  });

  it('a hundred signatures each way, short integers among them', async () => {
    const v = vector('lt-possession+jws');
    const keys = keyLookup([verificationKeyOf(own.publicJwk, v.issuer)]);
    const signer = createSigner({ key: own.key, kid: own.kid, issuer: v.issuer });
    for (let i = 0; i < 100; i += 1) {
      expect(await joseAccepts(signer.sign(v.typ, v.claims as never))).toBe(true);
      expect(verifyToken(await signInJose(v.typ, v.payload), { typ: v.typ, keys }).ok).toBe(true);
    }
  });

  it('both refuse the same bad ones', async () => {
    const v = vector('lt-call+jws');
    const keys = keyLookup([verificationKeyOf(own.publicJwk, v.issuer)]);
    const good = await signInJose(v.typ, v.payload);
    expect(await joseAccepts(good)).toBe(true);
    const [h = '', p = '', s = ''] = good.split('.');
    const raw = Buffer.from(s, 'base64url');
    const header = Buffer.from(h, 'base64url').toString('utf8');
    const bits = [0, 7, 255, 256, 511].map((bit) => {
      const flipped = Buffer.from(raw);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return `${h}.${p}.${encode(flipped)}`;
    });
    const bad = [
      ...bits,
      `${h}.${encode(v.payload.replace('viettel', 'gateway'))}.${s}`,
      `${encode(header.replace('ES256', 'none'))}.${p}.`,
      `${encode(header.replace('ES256', 'none'))}.${p}.${s}`,
      `${encode(header.replace('ES256', 'HS256'))}.${p}.${s}`,
      `${encode(header.replace('ES256', 'ES384'))}.${p}.${s}`,
      `${h}.${p}.${encode(Buffer.alloc(64))}`,
      `${h}.${p}.${encode(Buffer.concat([P256_ORDER, raw.subarray(32)]))}`,
      `${h}.${p}.${encode(Buffer.concat([raw.subarray(0, 32), P256_ORDER]))}`,
      `${h}.${p}.`,
      `${h}.${p}`,
      `${h}..${s}`,
    ];
    for (const [i, token] of bad.entries()) {
      expect(verifyToken(token, { typ: 'lt-call+jws', keys }).ok, `here ${i}`).toBe(false);
      expect(await joseAccepts(token), `node-jose ${i}`).toBe(false);
    }
    // node-jose cuts a signature in the middle, whatever its length, and pads: one in some hundred that lost a byte still fits it.
    const short = `${h}.${p}.${encode(raw.subarray(0, 63))}`;
    expect(verifyToken(short, { typ: 'lt-call+jws', keys }).ok).toBe(false);
  });

  it('node-jose takes more than we may: what only this side refuses', async () => {
    const v = vector('lt-call+jws');
    const keys = keyLookup([verificationKeyOf(own.publicJwk, v.issuer)]);
    for (const extra of [{ cty: 'json' }, { x5u: 'urn:x' }, { jku: 'urn:x' }]) {
      const token = await signInJose(v.typ, v.payload, extra);
      expect(await joseAccepts(token)).toBe(true);
      expect(verifyToken(token, { typ: 'lt-call+jws', keys })).toEqual({ ok: false, problem: 'BAD_HEADER' });
    }
    const twice = await signInJose(v.typ, v.payload.replace('{', '{"iss":"gateway",'));
    expect(await joseAccepts(twice)).toBe(true);
    expect(verifyToken(twice, { typ: 'lt-call+jws', keys })).toEqual({ ok: false, problem: 'BAD_PAYLOAD' });
  });
});
