import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generateSigningJwk, loadSigningKey } from '../signing/key-store.ts';
import type { VerificationKey } from '../signing/public-key.ts';
import { createSigner } from '../signing/sign.ts';
import { agreementBytes, agreementDigest } from './agreement.ts';
import { buildData } from './agreements.ts';
import { createOfficerVerifier } from './officer-verifier.ts';
import { sampleAgreement } from './testing/agreements.ts';

const AUDIENCE = '*@dev-1';
const agreement = sampleAgreement();
const bytes = agreementBytes(agreement);
const digest = agreementDigest(bytes);
const expected = { digest, agreement: agreement.id, version: agreement.version };

async function officer(code: string) {
  const { key, kid, publicKey } = await keyPair();
  const signer = createSigner({ key, kid, issuer: 'gateway' });
  const verification: VerificationKey = { kid, issuer: 'gateway', key: publicKey };
  const sign = (changes: { aud?: string; dig?: string; agr?: string; ver?: number; off?: string } = {}) =>
    signer.sign('lt-agreement+jws', {
      aud: AUDIENCE,
      iat: 1_795_000_000,
      dig: digest,
      agr: agreement.id,
      ver: agreement.version,
      off: code,
      ...changes,
    });
  return { officer: code, key: verification, sign };
}

async function keyPair() {
  const { key, kid } = loadSigningKey(await generateSigningJwk());
  return { key, kid, publicKey: createPublicKey(key) };
}

const an = await officer('CB-AN');
const binh = await officer('CB-BINH');
const stranger = await officer('CB-STRANGER');
const verify = createOfficerVerifier({ officers: [an, binh], audience: AUDIENCE });

describe("an officer's signature", () => {
  it('names the officer whose key made it', () => {
    expect(verify(an.sign(), expected)).toEqual({ officer: 'CB-AN' });
    expect(verify(binh.sign(), expected)).toEqual({ officer: 'CB-BINH' });
  });

  it.each([
    ['in the name of another officer', an.sign({ off: 'CB-BINH' })],
    ['in the name of nobody', an.sign({ off: 'CB-NOBODY' })],
    ['over other bytes', an.sign({ dig: agreementDigest(new Uint8Array(3)) })],
    ['for another agreement', an.sign({ agr: 'other' })],
    ['for another version', an.sign({ ver: 2 })],
    ['for another deployment', an.sign({ aud: '*@production' })],
    ['by a key of no officer', stranger.sign()],
    ['by a key of no officer, in the name of one', stranger.sign({ off: 'CB-AN' })],
    ['with its signature cut', an.sign().slice(0, -4)],
    ['that is empty', ''],
  ])('does not count %s', (_, token) => {
    expect(verify(token, expected)).toBeUndefined();
  });

  it('does not count with a key that two officers share', () => {
    expect(() =>
      createOfficerVerifier({ officers: [an, { ...an, officer: 'CB-BINH' }], audience: AUDIENCE }),
    ).toThrow();
  });
});

describe('an agreement under real signatures', () => {
  const sources = {
    agencies: { sample: { legal_entity: 'LE-1', status: 'active' as const } },
    vocabulary: {
      version: 1,
      fields: { '1': { path: 'a', class: 'basic' as const }, '2': { path: 'b', class: 'basic' as const } },
    },
    verify,
  };
  const problemsWith = (signatures: readonly string[]) =>
    buildData({ ...sources, agreements: [{ bytes, signatures }] }).refused.map(({ problem }) => problem);

  it('counts with two officers, and not with one who signs for two', () => {
    expect(problemsWith([an.sign(), binh.sign()])).toEqual([]);
    expect(problemsWith([an.sign(), an.sign()])).toEqual(['NOT_SIGNED_BY_TWO']);
    expect(problemsWith([an.sign(), an.sign({ off: 'CB-BINH' })])).toEqual(['NOT_SIGNED_BY_TWO']);
    expect(problemsWith([an.sign(), stranger.sign()])).toEqual(['NOT_SIGNED_BY_TWO']);
  });
});
