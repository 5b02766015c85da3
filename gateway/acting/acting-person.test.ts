/** Who acts for a person: every way to be somebody else, or to have said something else, or to say it twice. */
import { describe, expect, test } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { AssuranceLevel, type OnBehalf, Representation } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { type AssertionInit, createDevelopmentIssuer, DEVELOPMENT_ISSUER } from '../development/issuer.ts';
import { CallRefused } from '../exchange/refused.ts';
import { audienceOf } from '../signing/binding.ts';
import { digestOf } from '../signing/digest.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../signing/key-store.ts';
import { verificationKeyOf } from '../signing/public-key.ts';
import { createSigner } from '../signing/sign.ts';
import { type ActingCall, type ActingPerson, ASSERTION_SECONDS, byTheirAct, verifyActing } from './acting-person.ts';
import { mustBeAssured, subjectOf } from './subject.ts';

const NOW = 1_795_000_000;
const DEPLOYMENT = 'dev-tests';
const PAGE = 'citizen-page';
const METHOD = '/lienthong.consent.v1.ConsentService/WithdrawConsent';
const AN = '901085000017';
const BE = '903216000001';
const ACT = Buffer.from('what is agreed to');

const made = async () => loadSigningKey(await generateSigningJwk());
const [REGISTERED, STRANGER, SESSION, OTHER] = [await made(), await made(), await made(), await made()];
const issuerWith = (key: SigningKey, deployment = DEPLOYMENT) =>
  createDevelopmentIssuer({ key, deployment, nowSeconds: () => NOW });

const DEPS = {
  deployment: DEPLOYMENT,
  nowSeconds: () => NOW,
  iatFloor: () => NOW - 40,
  issuers: {
    find(kid: string) {
      if (kid !== REGISTERED.kid) return undefined;
      const key = verificationKeyOf(REGISTERED.publicJwk, DEVELOPMENT_ISSUER.code);
      return { code: DEVELOPMENT_ISSUER.code, legalEntity: DEVELOPMENT_ISSUER.legalEntity, key };
    },
  },
};

function proofOf(
  key: SigningKey,
  { deployment = DEPLOYMENT, iat = NOW, act = ACT, mth = METHOD, iss = 'person' } = {},
): string {
  const signer = createSigner({ key: key.key, kid: key.kid, issuer: iss });
  return signer.sign('lt-act+jws', { aud: audienceOf('gateway', deployment), iat, dig: digestOf(act), mth });
}

function person(assertion: AssertionInit = {}, proof = proofOf(SESSION), issuer = issuerWith(REGISTERED)): OnBehalf {
  const claims = { personalId: AN, audienceAgency: PAGE, ...assertion } as AssertionInit & {
    personalId: string;
    audienceAgency: string;
  };
  return { assertion: issuer.assert(claims, SESSION.publicJwk), proof } as OnBehalf;
}

const call = (...persons: OnBehalf[]): ActingCall => ({ method: METHOD, agency: PAGE, act: ACT, persons });
function outcome(work: () => unknown): string {
  try {
    work();
    return 'OK';
  } catch (error) {
    if (error instanceof CallRefused) return ErrorReason[error.reason] ?? '';
    throw error;
  }
}
const verified = (...persons: OnBehalf[]) => outcome(() => verifyActing(call(...persons), DEPS));

test('one who has just signed in acts, by the own key, through this channel', () => {
  const [acting] = verifyActing(call(person()), DEPS);
  expect(acting).toMatchObject({ assertion: { personalId: AN }, assurance: AssuranceLevel.TWO, proof: { iat: NOW } });
});

describe('an assertion is none', () => {
  const seconds = (from: number, to: number) => ({ issuedAt: BigInt(NOW + from), expiresAt: BigInt(NOW + to) });
  test.each<[string, OnBehalf, string]>([
    ['of an issuer that is not registered', person({}, undefined, issuerWith(STRANGER)), 'ASSERTION_INVALID'],
    ['for another deployment', person({}, undefined, issuerWith(REGISTERED, 'dev-others')), 'ASSERTION_INVALID'],
    ['for another channel', person({ audienceAgency: 'viettel' }), 'ASSERTION_INVALID'],
    ['in another issuer’s name', person({ issuer: 'another' }), 'ASSERTION_INVALID'],
    ['of nobody', person({ personalId: '90108500001' }), 'ASSERTION_INVALID'],
    ['that can be guessed', person({ blind: Buffer.alloc(0) }), 'ASSERTION_INVALID'],
    ['that does not say how sure it is', person({ assurance: AssuranceLevel.UNSPECIFIED }), 'ASSERTION_INVALID'],
    ['for longer than minutes', person(seconds(0, ASSERTION_SECONDS + 1)), 'ASSERTION_INVALID'],
    ['that is over', person(seconds(-ASSERTION_SECONDS, 0)), 'ASSERTION_EXPIRED'],
    ['of tomorrow', person(seconds(60, 120)), 'ASSERTION_EXPIRED'],
    ['of a key that is no point', person({ publicKey: Buffer.alloc(65, 4) }), 'ASSERTION_INVALID'],
    ['that is missing', { ...person(), assertion: undefined } as OnBehalf, 'ASSERTION_INVALID'],
  ])('%s', (_, one, reason) => {
    expect(verified(one)).toBe(reason);
  });

  test('whose token says another time than the person saw, and so would outlive it', () => {
    const own = person();
    const payload = own.assertion?.payload ?? new Uint8Array();
    const signer = createSigner({ key: REGISTERED.key, kid: REGISTERED.kid, issuer: DEVELOPMENT_ISSUER.code });
    const base = { aud: audienceOf('gateway', DEPLOYMENT), dig: digestOf(payload) };
    const dated = (iat: number, exp: number) =>
      verified({
        ...own,
        assertion: { payload, jws: signer.sign('lt-assertion+jws', { ...base, iat, exp }) },
      } as OnBehalf);
    expect(dated(NOW, NOW + ASSERTION_SECONDS)).toBe('OK');
    expect(dated(NOW - 1, NOW + ASSERTION_SECONDS)).toBe('ASSERTION_INVALID');
    expect(dated(NOW, NOW + ASSERTION_SECONDS - 1)).toBe('ASSERTION_INVALID');
  });

  test('whose bytes are others than were signed', () => {
    const [own, swapped] = [person(), person({ personalId: BE })];
    const mixed = { ...own, assertion: { ...own.assertion, payload: swapped.assertion?.payload } } as OnBehalf;
    expect(verified(mixed)).toBe('ASSERTION_INVALID');
  });
});

describe('a proof is none', () => {
  test.each([
    ['by another key', proofOf(OTHER)],
    ['over another act', proofOf(SESSION, { act: Buffer.from('something else') })],
    ['for another method', proofOf(SESSION, { mth: METHOD.replace('Withdraw', 'Grant') })],
    ['for another deployment', proofOf(SESSION, { deployment: 'dev-others' })],
    ['in another’s name', proofOf(SESSION, { iss: 'gateway' })],
    ['of an hour ago', proofOf(SESSION, { iat: NOW - 3_600 })],
    ['from beneath the floor of tokens', proofOf(SESSION, { iat: NOW - 40 })],
    ['of tomorrow', proofOf(SESSION, { iat: NOW + 60 })],
  ])('%s', (_, proof) => {
    expect(verified(person({}, proof))).toBe('PERSON_PROOF_WRONG');
  });

  test('twice: each is written down with what it was for, or that is not', () => {
    const acting = verifyActing(call(person()), DEPS);
    const [effect] = byTheirAct(acting).effects;
    expect(effect).toMatchObject({
      values: [acting[0]?.proof.jti, NOW],
      orRefuse: { reason: ErrorReason.PERSON_PROOF_WRONG },
    });
  });
});

test('one person is not two, nor are three two', () => {
  expect(verified()).toBe('ASSERTION_INVALID');
  expect(verified(person(), person())).toBe('ASSERTION_INVALID');
  expect(verified(person(), person({ personalId: BE }), person({ personalId: '902190000025' }))).toBe(
    'ASSERTION_INVALID',
  );
  expect(verified(person(), person({ personalId: BE }))).toBe('OK');
});

describe('whom it is about', () => {
  const represents = (ownActNeeded: boolean) => ({
    represented: [{ personalId: BE, relation: Representation.PARENT, ownActNeeded }],
  });
  const acting = (...persons: OnBehalf[]) => verifyActing(call(...persons), DEPS);
  const about = (who: readonly ActingPerson[], id: string, concert: 'all' | 'any') =>
    outcome(() => subjectOf(who, id, concert));

  test('is whoever acts, or whom they represent, and nobody else', () => {
    expect(subjectOf(acting(person()), '', 'all')).toBe(AN);
    expect(about(acting(person()), BE, 'any')).toBe('NOT_REPRESENTED');
    expect(about(acting(person(represents(false))), BE, 'all')).toBe('OK');
    // A stranger beside the person has no part in it.
    expect(about(acting(person({ personalId: BE }), person()), BE, 'all')).toBe('NOT_REPRESENTED');
  });

  test('gives with both acts where both are needed, and takes back with either', () => {
    const [mother, child] = [person(represents(true)), person({ personalId: BE })];
    expect(about(acting(mother), BE, 'all')).toBe('SECOND_ACT_NEEDED');
    expect(about(acting(mother), BE, 'any')).toBe('OK');
    expect(about(acting(mother, child), BE, 'all')).toBe('OK');
  });

  test('is known as surely as the weakest of those who act', () => {
    const who = acting(person(), person({ personalId: BE, assurance: AssuranceLevel.ONE }));
    expect(outcome(() => mustBeAssured(who, AssuranceLevel.TWO))).toBe('ASSURANCE_TOO_LOW');
    expect(outcome(() => mustBeAssured(who, AssuranceLevel.ONE))).toBe('OK');
  });
});
