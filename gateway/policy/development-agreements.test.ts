import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadPolicyBundle } from '../../test/support/policy-bundle.ts';
import { VOCABULARY, VOCABULARY_VERSION } from '../fields/vocabulary.ts';
import { buildData } from './agreements.ts';
import { readAgreementFiles } from './files.ts';
import { createPolicyHost } from './host.ts';
import type { PolicyInput } from './input.ts';
import { signed, verifyText } from './testing/agreements.ts';
import { policyVocabulary } from './vocabulary.ts';

const policies = fileURLToPath(new URL('../../policies', import.meta.url));
const { agencies, agreements } = await readAgreementFiles(policies);
const bundle = await loadPolicyBundle();
const vocabulary = policyVocabulary(VOCABULARY.fields, VOCABULARY_VERSION);
const built = buildData({
  agencies,
  agreements: agreements.map((agreement) => signed(agreement)),
  vocabulary,
  verify: verifyText,
});
const host = createPolicyHost({
  wasm: bundle.module,
  data: built.data,
  revision: { policy: bundle.revision, agreements: 1 },
});

const VERIFICATION = '/lienthong.verification.v1.VerificationService';
const PERSON = '/lienthong.person.v1.PersonService';
const JOB_METHODS = ['StartJob', 'VerifyChunks', 'CloseJob', 'GetJob', 'ListJobs', 'CancelJob'];
const METHODS = [`${PERSON}/GetPerson`, ...['VerifyPerson', ...JOB_METHODS].map((name) => `${VERIFICATION}/${name}`)];
const PURPOSES = [
  ...['subscriber-verification', 'account-opening', 'customer-record', 'patient-record', 'insured-record'],
  ...['citizen-service', 'anything-else'],
];
const FIELDS = VOCABULARY.fields.map(({ id }) => id);

interface Agreed {
  readonly purpose: string;
  readonly methods: readonly string[];
  readonly match: readonly number[];
  readonly release: readonly number[];
}

/** What is agreed, written a second time by hand: agency → purpose, methods, field ids matched and released. */
const AGREED: Readonly<Record<string, readonly Agreed[]>> = {
  viettel: [telco()],
  mobifone: [telco()],
  vinaphone: [telco()],
  'bank-demo': [
    { purpose: 'account-opening', methods: [`${VERIFICATION}/VerifyPerson`], match: [1, 2, 3], release: [] },
    { purpose: 'customer-record', methods: METHODS, match: [1, 2, 3], release: [1, 2, 3, 4] },
  ],
  // Methods of consent concern no field.
  'citizen-page': [{ purpose: 'citizen-service', methods: [], match: [], release: [] }],
  moh: [
    {
      purpose: 'patient-record',
      methods: [`${PERSON}/GetPerson`, `${VERIFICATION}/VerifyPerson`],
      match: [1, 2, 3],
      release: [1, 2, 3, 4, 5, 11, 13, 28, 29, 30],
    },
  ],
  bhxh: [{ purpose: 'insured-record', methods: METHODS, match: [1, 2, 3], release: [1, 2, 3, 4, 13, 28, 29, 30] }],
};

function telco(): Agreed {
  const methods = METHODS.filter((method) => method.startsWith(VERIFICATION));
  return { purpose: 'subscriber-verification', methods, match: [1, 2, 3], release: [] };
}

function ask(agency: string, changes: Partial<PolicyInput>): PolicyInput {
  return {
    now: 1_795_000_000,
    caller: {
      agency,
      legal_entity: agencies[agency]?.legal_entity ?? 'LE-NOBODY',
      certificate: 'ab'.repeat(32),
    },
    context: { purpose: '', officer_code: 'CB-1', unit_code: 'K-1', service_code: 'DV-1', case_ref: 'HS-1' },
    method: METHODS[0] ?? '',
    release: [],
    match: [],
    allow_partial: false,
    ...changes,
  };
}

describe('the development agreements', () => {
  it('all load, over the vocabulary of this build', () => {
    expect(built.refused).toEqual([]);
    expect(Object.keys(built.data.agreements).sort()).toEqual(Object.keys(AGREED).sort());
    expect(agreements.length).toBe(8);
  });

  it('grant no sensitive field, and none of a relative, to anybody', () => {
    const guarded = VOCABULARY.fields.filter(
      ({ id, subject }) => vocabulary.fields[id]?.class !== 'basic' || subject !== 1,
    );
    expect(guarded.map(({ path }) => path)).toEqual(expect.arrayContaining(['ethnicity', 'religion']));
    for (const { fields } of agreements) for (const { id } of guarded) expect(fields).not.toHaveProperty(String(id));
  });

  it('walk: agency × purpose × method × field × use, everything not agreed is denied', () => {
    let allowed = 0;
    let asked = 0;
    for (const agency of [...Object.keys(AGREED), 'nobody']) {
      for (const purpose of PURPOSES) {
        const agreed = AGREED[agency]?.find((one) => one.purpose === purpose);
        const context = { ...ask(agency, {}).context, purpose };
        for (const method of METHODS) {
          for (const use of ['match', 'release'] as const) {
            const grant: readonly number[] = agreed?.[use] ?? [];
            const methods: readonly string[] = agreed?.methods ?? [];
            for (const id of FIELDS) {
              const decision = host.decide(ask(agency, { context, method, [use]: [id] }));
              const expected = methods.includes(method) && grant.includes(id);
              if (decision.allow !== expected) expect.fail(`${agency} ${purpose} ${method} ${use} ${id}`);
              if (!expected && decision.fields.length > 0) expect.fail('a denial with fields');
              allowed += Number(decision.allow);
              asked += 1;
            }
          }
        }
      }
    }
    // Telcos 3 × 7 methods × 3 fields, bank 3 and 8 × 7, health 2 × 13, insurance 8 × 11.
    expect([allowed, asked]).toEqual([63 + 3 + 56 + 26 + 88, 8 * 7 * METHODS.length * 2 * FIELDS.length]);
  });

  it('telcos by statute, with every grant', () => {
    const match = [1, 2, 3];
    const decision = host.decide(
      ask('viettel', { context: { purpose: 'subscriber-verification' }, method: `${VERIFICATION}/StartJob`, match }),
    );
    expect(decision).toMatchObject({ allow: true, obligations: [], agreement: { version: 2 } });
    expect(Object.values(decision.grants)).toEqual(Array(7).fill(true));
    expect(decision.fields).toEqual(match.map((id) => ({ id, use: 'match', basis: 'statute' })));
  });

  it('the bank by consent, all or nothing', () => {
    const decision = host.decide(
      ask('bank-demo', {
        context: { purpose: 'account-opening' },
        method: `${VERIFICATION}/VerifyPerson`,
        match: [1, 2, 3],
      }),
    );
    expect(decision).toMatchObject({ allow: true, obligations: ['CHECK_CONSENT'], strictness: 'exact' });
    expect(Object.values(decision.grants)).toEqual(Array(7).fill(false));
  });

  it('health names the refused fields and demands its officer', () => {
    const release = [2, 9, 10];
    const context = { purpose: 'patient-record', officer_code: 'CB-1' };
    expect(host.decide(ask('moh', { context, release }))).toMatchObject({
      allow: false,
      reason: 'FIELD_NOT_GRANTED',
      refused: [9, 10].map((id) => ({ id, use: 'release', reason: 'FIELD_NOT_IN_AGREEMENT' })),
    });
    expect(host.decide(ask('moh', { context, release, allow_partial: true }))).toMatchObject({
      allow: true,
      fields: [{ id: 2, use: 'release', basis: 'statute' }],
      obligations: ['RECORD_TRIMMING'],
    });
    expect(host.decide(ask('moh', { context: { purpose: 'patient-record' }, release: [2] }))).toMatchObject({
      allow: false,
      reason: 'CONTEXT_MISSING',
      missing_context: ['officer_code'],
    });
  });
});
