import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from './digest.ts';
import type { SigningKey } from './key-store.ts';
import { createChallenge, provePossession, verifyPossession } from './possession.ts';
import { createSigner } from './sign.ts';
import { newKey } from './test-fixtures.ts';

const now = 1_795_300_000;
const audience = 'gateway@golden';
const challenge = createChallenge();
let own: SigningKey;
let victim: SigningKey;
const signerOn = (key: SigningKey, issuer = 'viettel') => createSigner({ key: key.key, kid: key.kid, issuer });

beforeAll(async () => {
  [own, victim] = await Promise.all([newKey(), newKey()]);
});

const facts = () => ({
  publicJwk: own.publicJwk as unknown,
  agency: 'viettel',
  challenge,
  audience,
  nowSeconds: now + 5,
  floor: now - 1,
});
const proof = () => provePossession(signerOn(own), { challenge, audience, iat: now });

describe('proof of possession', () => {
  it('lets a key in that signed the challenge', () => {
    const result = verifyPossession(proof(), facts());
    expect(result).toMatchObject({ ok: true, key: { kid: own.kid, issuer: 'viettel' } });
  });

  it("does not let in another's public key", () => {
    expect(verifyPossession(proof(), { ...facts(), publicJwk: victim.publicJwk })).toEqual({
      ok: false,
      problem: 'UNKNOWN_KEY',
    });
    const claimed = createSigner({ key: own.key, kid: victim.kid, issuer: 'viettel' });
    const forged = provePossession(claimed, { challenge, audience, iat: now });
    expect(verifyPossession(forged, { ...facts(), publicJwk: victim.publicJwk })).toEqual({
      ok: false,
      problem: 'BAD_SIGNATURE',
    });
  });

  it('is refused for another challenge, agency, deployment, time or type of token', () => {
    expect(verifyPossession(proof(), { ...facts(), challenge: createChallenge() })).toEqual({
      ok: false,
      problem: 'WRONG_DIGEST',
    });
    expect(verifyPossession(proof(), { ...facts(), agency: 'mobifone' })).toEqual({
      ok: false,
      problem: 'WRONG_ISSUER',
    });
    expect(verifyPossession(proof(), { ...facts(), audience: 'gateway@production' })).toEqual({
      ok: false,
      problem: 'WRONG_AUDIENCE',
    });
    expect(verifyPossession(proof(), { ...facts(), nowSeconds: now + 61 })).toEqual({ ok: false, problem: 'TOO_OLD' });
    expect(verifyPossession(proof(), { ...facts(), floor: now })).toEqual({ ok: false, problem: 'BELOW_FLOOR' });
    expect(verifyPossession(proof(), { ...facts(), publicJwk: {} })).toEqual({ ok: false, problem: 'BAD_KEY' });
    const call = signerOn(own).sign('lt-call+jws', {
      aud: audience,
      iat: now,
      dig: digestOf(challenge),
      mth: '/a.B/C',
    });
    expect(verifyPossession(call, facts())).toEqual({ ok: false, problem: 'WRONG_TYPE' });
  });

  it('has a fresh challenge every time', () => {
    expect(createChallenge()).toHaveLength(32);
    expect(createChallenge()).not.toEqual(createChallenge());
  });
});
