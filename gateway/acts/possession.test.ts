import { describe, expect, test } from 'vitest';
import { audienceOf } from '../signing/binding.ts';
import { digestOf } from '../signing/digest.ts';
import { createSigner } from '../signing/sign.ts';
import { KEYS, NOW } from './acts.test-support.ts';
import { type Possessed, proveKey, provenAt } from './possession.ts';

const [own, other] = KEYS;
const possessed: Possessed = { deployment: 'dev-tests', of: 'agency', holder: 'moh', key: own.publicJwk };
const signer = createSigner({ key: own.key, kid: own.kid, issuer: 'moh' });
const proof = proveKey(signer, possessed, NOW);

test('a proof of possession is good for one key, holder, kind of holder and deployment', () => {
  expect(provenAt(proof, possessed)).toBe(NOW);
  expect(provenAt(proof, { ...possessed, key: other.publicJwk })).toBeUndefined();
  expect(provenAt(proof, { ...possessed, holder: 'bhxh' })).toBeUndefined();
  expect(provenAt(proof, { ...possessed, of: 'officer' })).toBeUndefined();
  expect(provenAt(proof, { ...possessed, of: 'encryption' })).toBeUndefined();
  expect(provenAt(proof, { ...possessed, deployment: 'dev-others' })).toBeUndefined();
});

describe('whoever does not hold the key', () => {
  const stolen: Possessed = { ...possessed, key: other.publicJwk };

  test('proves nothing with a key of their own', () => {
    expect(provenAt(proveKey(signer, stolen, NOW), stolen)).toBeUndefined();
  });

  test('proves nothing under the thumbprint of the other’s key', () => {
    const forger = createSigner({ key: own.key, kid: other.kid, issuer: 'moh' });
    expect(provenAt(proveKey(forger, stolen, NOW), stolen)).toBeUndefined();
  });
});

/** As docs/design/signatures.md has it, for those who make a proof with a library of their own. */
const dig = digestOf(Buffer.from(`lienthong-enrol\ndev-tests\nagency\nmoh\n${own.kid}`));
const aud = audienceOf('gateway', 'dev-tests');

test('the digest is over the five lines that the page names', () => {
  expect(provenAt(signer.sign('lt-possession+jws', { aud, iat: NOW, dig }), possessed)).toBe(NOW);
});

test('a token of another type or for another audience is no proof', () => {
  const call = signer.sign('lt-call+jws', { aud, iat: NOW, dig, mth: '/a.B/C' });
  expect(provenAt(call, possessed)).toBeUndefined();
  const elsewhere = signer.sign('lt-possession+jws', { aud: audienceOf('gateway', 'dev-others'), iat: NOW, dig });
  expect(provenAt(elsewhere, possessed)).toBeUndefined();
});
