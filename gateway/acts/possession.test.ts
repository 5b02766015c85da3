import { expect, test } from 'vitest';
import { createSigner } from '../signing/sign.ts';
import { KEYS, NOW } from './acts.test-support.ts';
import { proveKey, provenAt } from './possession.ts';

test('a proof of possession is good for one key, holder, kind of holder and deployment', () => {
  const [own, other] = KEYS;
  const possessed = { deployment: 'dev-tests', of: 'agency', holder: 'moh', key: own.publicJwk } as const;
  const proof = proveKey(createSigner({ key: own.key, kid: own.kid, issuer: 'moh' }), possessed, NOW);
  expect(provenAt(proof, possessed)).toBe(NOW);
  expect(provenAt(proof, { ...possessed, key: other.publicJwk })).toBeUndefined();
  expect(provenAt(proof, { ...possessed, holder: 'bhxh' })).toBeUndefined();
  expect(provenAt(proof, { ...possessed, of: 'officer' })).toBeUndefined();
  expect(provenAt(proof, { ...possessed, of: 'encryption' })).toBeUndefined();
  expect(provenAt(proof, { ...possessed, deployment: 'dev-others' })).toBeUndefined();
});
