import { createHmac, createPublicKey, generateKeyPairSync, verify as verifyPrimitive } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from './digest.ts';
import { P256_ORDER, signRaw } from './es256.ts';
import type { SigningKey } from './key-store.ts';
import { type KeyLookup, keyLookup, verificationKeyOf } from './public-key.ts';
import { createSigner } from './sign.ts';
import { encode, forge, headerOf, newKey, VECTORS, type Vector, vector } from './test-fixtures.ts';
import { TOKEN_TYPES, type TokenType } from './token-types.ts';
import { type VerifyProblem, verifyToken } from './verify.ts';

const CALL = vector('lt-call+jws');
let own: SigningKey;
let foreign: SigningKey;
let keys: KeyLookup;

beforeAll(async () => {
  [own, foreign] = await Promise.all([newKey(), newKey()]);
  keys = keyLookup([verificationKeyOf(own.publicJwk, 'viettel')]);
});

const signCall = (key: SigningKey, issuer = 'viettel') =>
  createSigner({ key: key.key, kid: key.kid, issuer }).sign('lt-call+jws', CALL.claims as never);

function expectProblem(token: string, problem: VerifyProblem, typ: TokenType = 'lt-call+jws') {
  expect(verifyToken(token, { typ, keys })).toEqual({ ok: false, problem });
}

/** The other signature that verifies: (r, n−s). */
function twinOf(token: string): string {
  const [h, p, s = ''] = token.split('.');
  const raw = Buffer.from(s, 'base64url');
  const order = BigInt(`0x${P256_ORDER.toString('hex')}`);
  const flipped = order - BigInt(`0x${raw.toString('hex', 32)}`);
  raw.write(flipped.toString(16).padStart(64, '0'), 32, 'hex');
  return `${h}.${p}.${encode(raw)}`;
}

describe('verification', () => {
  it('accepts what the signer signs, for each form of each typ', async () => {
    for (const v of VECTORS) {
      const lookup = keyLookup([verificationKeyOf(own.publicJwk, v.issuer)]);
      const signer = createSigner({ key: own.key, kid: own.kid, issuer: v.issuer });
      for (const token of [signer.sign(v.typ, v.claims as never), await signer.signAsync(v.typ, v.claims as never)]) {
        const result = verifyToken(token, { typ: v.typ, keys: lookup });
        expect(result).toMatchObject({ ok: true, kid: own.kid, issuer: v.issuer, claims: v.claims });
      }
    }
  });

  it('accepts a token whose writer uses spaces and another order', () => {
    const claims = JSON.stringify({ jti: CALL.jti, ...CALL.claims, iss: 'viettel' }, null, 4);
    const header = `{ "typ": "lt-call+jws",\n "alg": "ES256", "kid": "${own.kid}" }`;
    expect(verifyToken(forge(own, header, claims), { typ: 'lt-call+jws', keys }).ok).toBe(true);
  });

  it('refuses every other typ, whatever the claims', () => {
    for (const typ of Object.keys(TOKEN_TYPES) as TokenType[]) {
      if (typ !== 'lt-call+jws') expectProblem(signCall(own), 'WRONG_TYPE', typ);
    }
    expectProblem(forge(own, headerOf(own, 'JWT'), CALL.payload), 'WRONG_TYPE');
    expectProblem(forge(own, headerOf(own, 'LT-CALL+JWS'), CALL.payload), 'WRONG_TYPE');
  });

  it('refuses the other form of a typ', () => {
    const v = vector('lt-end+jws', 'client');
    const token = createSigner({ key: own.key, kid: own.kid, issuer: 'viettel' }).sign(v.typ, v.claims as never);
    expect(verifyToken(token, { typ: 'lt-end+jws', form: 'client', keys }).ok).toBe(true);
    expect(verifyToken(token, { typ: 'lt-end+jws', form: 'server', keys })).toEqual({
      ok: false,
      problem: 'BAD_CLAIMS',
    });
  });

  it("refuses another agency's kid, and a kid of its own for another's key", () => {
    expectProblem(signCall(foreign), 'UNKNOWN_KEY');
    expectProblem(forge(foreign, headerOf(own, 'lt-call+jws'), CALL.payload), 'BAD_SIGNATURE');
    expectProblem(forge(own, headerOf(foreign, 'lt-call+jws'), CALL.payload), 'UNKNOWN_KEY');
    for (const kid of ['', '__proto__', 'constructor', own.kid.toLowerCase(), `${own.kid} `]) {
      const header = JSON.stringify({ alg: 'ES256', kid, typ: 'lt-call+jws' });
      expectProblem(forge(own, header, CALL.payload), 'UNKNOWN_KEY');
    }
  });

  it('does not trust a look-up that answers with another key', () => {
    const careless: KeyLookup = () => verificationKeyOf(own.publicJwk, 'viettel');
    const header = JSON.stringify({ alg: 'ES256', kid: foreign.kid, typ: 'lt-call+jws' });
    const result = verifyToken(forge(own, header, CALL.payload), { typ: 'lt-call+jws', keys: careless });
    expect(result).toEqual({ ok: false, problem: 'UNKNOWN_KEY' });
  });

  it('refuses an issuer that does not own the key', () => {
    expectProblem(signCall(own, 'gateway'), 'WRONG_ISSUER');
    expectProblem(signCall(own, 'mobifone'), 'WRONG_ISSUER');
  });

  it('refuses HS256 with the public key as secret, in each form a library might take it', () => {
    const publicKey = createPublicKey({ key: { ...own.publicJwk }, format: 'jwk' });
    const secrets = [
      publicKey.export({ type: 'spki', format: 'pem' }),
      publicKey.export({ type: 'spki', format: 'der' }),
      JSON.stringify(own.publicJwk),
    ];
    for (const secret of secrets) {
      for (const alg of ['HS256', 'HS512']) {
        const input = `${encode(JSON.stringify({ alg, kid: own.kid, typ: 'lt-call+jws' }))}.${encode(CALL.payload)}`;
        const mac = createHmac(alg.replace('HS', 'sha'), secret).update(input).digest('base64url');
        expectProblem(`${input}.${mac}`, alg === 'HS256' ? 'BAD_SIGNATURE_FORM' : 'BAD_HEADER');
      }
    }
  });

  it('refuses a key that rides in the header', () => {
    const header = JSON.stringify({ alg: 'ES256', kid: own.kid, typ: 'lt-call+jws', jwk: foreign.publicJwk });
    expectProblem(forge(foreign, header, CALL.payload), 'BAD_HEADER');
  });

  it('refuses claims beyond those of the typ, and too few', () => {
    const claims = JSON.parse(CALL.payload) as Record<string, unknown>;
    const { dig: _, ...without } = claims;
    for (const bad of [
      { ...claims, exp: 1 },
      { ...claims, role: 'admin' },
      without,
      {},
      { ...claims, iat: '1795300000' },
    ]) {
      expectProblem(forge(own, headerOf(own, 'lt-call+jws'), JSON.stringify(bad)), 'BAD_CLAIMS');
    }
  });

  it('refuses a signature over the payload alone, over other parts, and from another token', () => {
    const [h = '', p = ''] = signCall(own).split('.');
    for (const data of [p, h, `${h}${p}`, `${h}.`, `${p}.${h}`, CALL.payload]) {
      expectProblem(`${h}.${p}.${encode(signRaw(Buffer.from(data), own.key))}`, 'BAD_SIGNATURE');
    }
    expectProblem(`${h}.${p}.${signCall(own).split('.')[2]}`, 'BAD_SIGNATURE');
  });

  it('has a twin (r, n−s) for every token, which is the same token by identity and not by text', () => {
    const token = signCall(own);
    const twin = twinOf(token);
    const [h, p, s = ''] = twin.split('.');
    const publicKey = createPublicKey({ key: { ...own.publicJwk }, format: 'jwk' });
    const raw = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
    expect(verifyPrimitive('sha256', Buffer.from(`${h}.${p}`), raw, Buffer.from(s, 'base64url'))).toBe(true);

    const [first, second] = [token, twin].map((text) => verifyToken(text, { typ: 'lt-call+jws', keys }));
    expect(twin).not.toBe(token);
    const identityOf = (result: typeof first) => result?.ok && [result.claims.iss, result.claims.jti];
    expect(identityOf(first)).toEqual(['viettel', expect.any(String)]);
    expect(identityOf(second)).toEqual(identityOf(first));
    expect(identityOf(verifyToken(signCall(own), { typ: 'lt-call+jws', keys }))).not.toEqual(identityOf(first));
  });

  it('types the claims by typ and form', () => {
    const end = verifyToken('', { typ: 'lt-end+jws', form: 'server', keys });
    if (end.ok) {
      const root: string = end.claims.root;
      const rows: number = end.claims.rows;
      // @ts-expect-error an end carries no status code
      expect([root, rows, end.claims.code]).toBeDefined();
    }
    expect(end).toEqual({ ok: false, problem: 'MALFORMED' });
  });
});

describe('the signer', () => {
  const signer = () => createSigner({ key: own.key, kid: own.kid, issuer: 'viettel' });

  it('signs nothing that its verifier would refuse', async () => {
    const claims = CALL.claims;
    const bad: readonly Vector['claims'][] = [
      { ...claims, exp: 1 },
      { ...claims, iat: -1 },
      { ...claims, mth: 'x' },
      {},
    ];
    for (const wrong of bad) {
      expect(() => signer().sign('lt-call+jws', wrong as never)).toThrow(TypeError);
      await expect(signer().signAsync('lt-call+jws', wrong as never)).rejects.toThrow(TypeError);
    }
    expect(() => signer().sign('lt-receipt+jws', { ...vector('lt-receipt+jws').claims, rows: 1 } as never)).toThrow();
  });

  it('takes the claims of either form of an answer, typed', () => {
    const gateway = createSigner({ key: own.key, kid: own.kid, issuer: 'gateway' });
    const lookup = keyLookup([verificationKeyOf(own.publicJwk, 'gateway')]);
    const digest = digestOf(Buffer.from('x'));
    const common = { aud: 'viettel@golden', iat: 1_795_300_000, dig: digest, mth: '/a.B/C', rqd: digest, code: 0 };
    const toCall = gateway.sign('lt-answer+jws', { ...common, req: 'r-1' });
    const toChunk = gateway.sign('lt-answer+jws', {
      ...common,
      job: 'j',
      num: 4,
      log: 'l',
      leaf: 'AAAAAAAAAAAAAAAAAAAAAA',
    });
    // @ts-expect-error neither a request nor a chunk is named
    expect(() => gateway.sign('lt-answer+jws', common)).toThrow(TypeError);
    expect(verifyToken(toCall, { typ: 'lt-answer+jws', form: 'call', keys: lookup }).ok).toBe(true);
    const chunk = verifyToken(toChunk, { typ: 'lt-answer+jws', form: 'chunk', keys: lookup });
    expect(chunk.ok && (chunk.claims.num satisfies number)).toBe(4);
  });

  it('keeps issuer and nonce its own', () => {
    const token = signer().sign('lt-call+jws', {
      ...CALL.claims,
      iss: 'gateway',
      jti: 'AAAAAAAAAAAAAAAAAAAAAA',
    } as never);
    const result = verifyToken(token, { typ: 'lt-call+jws', keys });
    expect(result.ok && result.claims.iss).toBe('viettel');
    expect(result.ok && result.claims.jti).not.toBe('AAAAAAAAAAAAAAAAAAAAAA');
  });

  it('gives every token another nonce', () => {
    const one = signer();
    const ids = Array.from({ length: 600 }, () => {
      const [, payload = ''] = one.sign('lt-call+jws', CALL.claims as never).split('.');
      return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')).jti as string;
    });
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refuses a public key and a key on another curve', () => {
    const publicKey = createPublicKey(own.key);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    const edwards = generateKeyPairSync('ed25519').privateKey;
    for (const key of [publicKey, other, edwards]) {
      expect(() => createSigner({ key, kid: own.kid, issuer: 'viettel' })).toThrow(TypeError);
    }
  });
});
