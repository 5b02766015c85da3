/** What is no consent, whoever signed it. */
import { describe, expect, test } from 'vitest';
import { ConsentManner } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { SignedBytes } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { type ArtefactInit, createDevelopmentIssuer, DEVELOPMENT_ISSUER } from '../development/issuer.ts';
import { CallRefused } from '../exchange/refused.ts';
import type { Agency } from '../policy/policy-data.ts';
import { sampleAgreement } from '../policy/testing/agreements.ts';
import { generateSigningJwk, loadSigningKey } from '../signing/key-store.ts';
import { verificationKeyOf } from '../signing/public-key.ts';
import { judgeArtefact, LONGEST_SECONDS } from './judge-artefact.ts';

const NOW = 1_795_000_000;
const { code, legalEntity } = DEVELOPMENT_ISSUER;
const KEY = loadSigningKey(await generateSigningJwk());
const STRANGER = loadSigningKey(await generateSigningJwk());
const DEPLOYMENT = 'dev-tests';

const agency = (legal_entity: string, status: Agency['status'] = 'active') => ({ legal_entity, status });
const ofAgency = (name: string, own: Parameters<typeof sampleAgreement>[0] = {}) => ({
  [name]: { sampling: sampleAgreement({ agency: name, ...own }) },
});
const RULES = {
  deployment: DEPLOYMENT,
  nowSeconds: () => NOW,
  policyData: () => ({
    vocabulary: { version: 1, fields: {} },
    agencies: {
      ...{ bank: agency('LE-BANK'), sister: agency(legalEntity), late: agency('LE-LATE') },
      ...{ away: agency('LE-AWAY', 'suspended'), moh: agency('LE-MOH') },
    },
    agreements: {
      ...ofAgency('bank'),
      ...ofAgency('sister'),
      ...ofAgency('away'),
      ...ofAgency('late', { valid_to: NOW }),
      ...ofAgency('moh', { fields: { '2': { use: ['release'], basis: 'statute' } } }),
    },
  }),
  issuers: {
    find: (kid: string) =>
      kid === KEY.kid ? { code, legalEntity, key: verificationKeyOf(KEY.publicJwk, code) } : undefined,
  },
};

function artefact(changes: ArtefactInit = {}, key = KEY, deployment = DEPLOYMENT): SignedBytes {
  const issuer = createDevelopmentIssuer({ key, deployment, nowSeconds: () => NOW });
  const own = { personalId: '901085000017', recipients: ['bank'], purposes: ['sampling'], fieldIds: [2] };
  return issuer.issue({ ...own, ...changes } as ArtefactInit & { personalId: string }) as SignedBytes;
}

function told(signed: SignedBytes): string {
  try {
    const { recipient, purpose } = judgeArtefact(signed, RULES);
    return `${recipient} ${purpose}`;
  } catch (error) {
    if (!(error instanceof CallRefused)) throw error;
    const [violation] = error.facts.violations ?? [];
    return [ErrorReason[error.reason], violation?.field].filter(Boolean).join(' ');
  }
}

const until = (seconds: number) => ({ expiresAt: BigInt(NOW + seconds) });
const act = (manner: ConsentManner) => ({ acts: [{ personalId: '901085000017', manner }] });

describe('a consent', () => {
  test('is to one recipient, for one purpose, of fields that rest on consent, with an end', () => {
    expect(told(artefact())).toBe('bank sampling');
    expect(told(artefact(until(LONGEST_SECONDS)))).toBe('bank sampling');
  });

  test.each<[string, SignedBytes, string]>([
    ['that an unknown issuer signed', artefact({}, STRANGER), 'CONSENT_INVALID artefact.jws'],
    ['of another deployment', artefact({}, KEY, 'dev-others'), 'CONSENT_INVALID artefact.jws'],
    ['in another issuer’s name', artefact({ issuer: 'another' }), 'CONSENT_INVALID artefact.issuer'],
    ['of which the person saw nothing', artefact({ textShown: ' ' }), 'CONSENT_INVALID artefact.text_shown'],
    ['of tomorrow', artefact({ issuedAt: BigInt(NOW + 60) }), 'CONSENT_INVALID artefact.issued_at'],
    ['to a field that nobody knows', artefact({ fieldIds: [2, 60_000] }), 'CONSENT_INVALID artefact.field_ids'],
    ['to a field that the agreement does not have', artefact({ fieldIds: [2, 11] }), 'CONSENT_FIELDS_NOT_AGREED'],
    ['to a field that rests on statute', artefact({ fieldIds: [1] }), 'CONSENT_FIELDS_NOT_AGREED'],
    ['to two recipients', artefact({ recipients: ['bank', 'moh'] }), 'CONSENT_BUNDLED'],
    ['for two purposes', artefact({ purposes: ['sampling', 'advertising'] }), 'CONSENT_BUNDLED'],
    ['for a purpose without an agreement', artefact({ purposes: ['advertising'] }), 'CONSENT_NOT_AGREED'],
    ['where all rests on statute', artefact({ recipients: ['moh'] }), 'CONSENT_NOT_AGREED'],
    ['under an agreement that is over', artefact({ recipients: ['late'] }), 'CONSENT_NOT_AGREED'],
    ['to a suspended agency', artefact({ recipients: ['away'] }), 'CONSENT_NOT_AGREED'],
    ['to the issuer itself', artefact({ recipients: [code] }), 'CONSENT_ISSUER_IS_RECIPIENT'],
    ['to another agency of the issuer’s owner', artefact({ recipients: ['sister'] }), 'CONSENT_ISSUER_IS_RECIPIENT'],
    ['of a box ticked beforehand', artefact(act(ConsentManner.PRE_TICKED)), 'CONSENT_NOT_FREE'],
    ['that nobody gave', artefact({ acts: [] }), 'CONSENT_NOT_FREE'],
    ['that is over', artefact({ validFrom: BigInt(NOW - 60), ...until(0) }), 'CONSENT_OPEN_ENDED'],
    ['for longer than two years', artefact(until(LONGEST_SECONDS + 1)), 'CONSENT_OPEN_ENDED'],
  ])('is none: %s', (_, signed, reason) => {
    expect(told(signed).startsWith(reason), told(signed)).toBe(true);
  });

  test('is none whose bytes are others than were signed', () => {
    const wider = artefact({ fieldIds: [1, 2] });
    expect(told({ ...artefact(), payload: wider.payload } as SignedBytes)).toBe('CONSENT_INVALID artefact.jws');
  });
});
