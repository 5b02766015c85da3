import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadPolicyBundle } from '../../test/support/policy-bundle.ts';
import { VOCABULARY, VOCABULARY_VERSION } from '../fields/vocabulary.ts';
import { buildData } from './agreements.ts';
import { GRANTS } from './decision.ts';
import { readAgreementFiles } from './files.ts';
import { createPolicyHost } from './host.ts';
import { signed, verifyText } from './testing/agreements.ts';
import { policyVocabulary } from './vocabulary.ts';

const policies = fileURLToPath(new URL('../../policies', import.meta.url));
const starter = await readAgreementFiles(`${policies}/starter`);
const development = await readAgreementFiles(policies);
const bundle = await loadPolicyBundle();
const vocabulary = policyVocabulary(VOCABULARY.fields, VOCABULARY_VERSION);
// Beside those of the development deployment, as a register would have all of them.
const built = buildData({
  agencies: { ...development.agencies, ...starter.agencies },
  agreements: [...development.agreements, ...starter.agreements].map((agreement) => signed(agreement)),
  vocabulary,
  verify: verifyText,
});
const host = createPolicyHost({
  wasm: bundle.module,
  data: built.data,
  revision: { policy: bundle.revision, agreements: 1 },
});

const PERSON = ['/lienthong.person.v1.PersonService/GetPerson'];
const VERIFICATION = '/lienthong.verification.v1.VerificationService';
const ONE = [`${VERIFICATION}/VerifyPerson`];
const JOBS = ['StartJob', 'VerifyChunks', 'CloseJob', 'GetJob', 'ListJobs', 'CancelJob'].map(
  (name) => `${VERIFICATION}/${name}`,
);
const METHODS = [...PERSON, ...ONE, ...JOBS, '/lienthong.admin.v1.AdminService/Propose'];
const EVERY_FIELD = VOCABULARY.fields.map(({ id }) => id);
const ADDRESS = [28, 29, 30];
const STATE = ['field_results', 'score_band', 'reasons', 'notices', 'existence', 'current_id'];
const RESULTS = ['field_results', 'reasons', 'current_id'];

interface Agreed {
  readonly purpose: string;
  readonly methods: readonly string[];
  readonly release: readonly number[];
  readonly grants: readonly string[];
  readonly basis?: 'consent';
}

/** What is agreed, written a second time by hand. All match on number, name and birth date, and on nothing else. */
const AGREED: Readonly<Record<string, Agreed>> = {
  'health-facility': {
    purpose: 'patient-admission',
    methods: [...PERSON, ...ONE],
    release: [1, 2, 3, 4, ...ADDRESS],
    grants: STATE,
  },
  vaccination: { purpose: 'immunisation-record', methods: [...ONE, ...JOBS], release: [], grants: STATE },
  'traffic-police': {
    purpose: 'traffic-enforcement',
    methods: [...PERSON, ...ONE],
    release: [1, 2, 3, 4, 14, 15, ...ADDRESS],
    grants: STATE,
  },
  'civil-status': {
    ...{ purpose: 'civil-status-registration', methods: [...PERSON, ...ONE], grants: STATE },
    release: [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 16, 17, 18, 19, 20, 21, 39, 44, 45],
  },
  residence: {
    ...{ purpose: 'residence-registration', methods: [...PERSON, ...ONE], grants: STATE },
    release: [1, 2, 3, 4, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 40, 41, 42, 43, 44],
  },
  'identity-card': {
    ...{ purpose: 'card-issue', methods: [...PERSON, ...ONE], grants: STATE },
    release: [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, ...ADDRESS, 44],
  },
  education: { purpose: 'exam-registration', methods: [...ONE, ...JOBS], release: [], grants: RESULTS },
  province: {
    purpose: 'public-service',
    methods: [...PERSON, ...ONE],
    release: [1, 2, 3, 4, ...ADDRESS],
    grants: STATE,
  },
  tax: {
    purpose: 'taxpayer-registration',
    methods: [...PERSON, ...ONE, ...JOBS],
    release: [1, 2, 3, ...ADDRESS, 44],
    grants: STATE,
  },
  customs: { purpose: 'customs-declarant', methods: ONE, release: [], grants: RESULTS },
  'enterprise-registry': {
    purpose: 'founder-verification',
    methods: [...PERSON, ...ONE],
    release: [1, 2, 3],
    grants: RESULTS,
  },
  'social-welfare': {
    ...{ purpose: 'benefit-eligibility', methods: [...PERSON, ...ONE, ...JOBS], grants: STATE },
    release: [1, 2, 3, 4, ...ADDRESS, 39, 44, 45],
  },
  land: { purpose: 'land-register', methods: [...PERSON, ...ONE], release: [1, 2, 3, 39], grants: STATE },
  securities: { purpose: 'investor-identification', methods: ONE, release: [], grants: [], basis: 'consent' },
};

describe('the bases of all agreements', () => {
  it('are cited as Vietnamese law is, since persons and officers of either language read them', () => {
    const cited = [...development.agreements, ...starter.agreements].flatMap(({ id, citation, fields }) =>
      [citation, ...Object.values(fields).map(({ article }) => article)].map((text) => `${id}: ${text}`),
    );
    expect(cited.filter((text) => /\b(?:art|in force|duty|consent|rights|Circular)\b/.test(text))).toEqual([]);
  });
});

describe('the starter agreements', () => {
  it('all load beside the development ones, each with a law, and nobody gets religion', () => {
    expect(built.refused).toEqual([]);
    expect(Object.keys(starter.agencies).sort()).toEqual(Object.keys(AGREED).sort());
    for (const { fields, citation } of starter.agreements) {
      expect(citation).toMatch(/\d{2}\/20\d\d|\d+\/20\d\d/);
      expect(fields).not.toHaveProperty('10');
    }
  });

  it('walk: agency × purpose × method × use, with all fields asked at once; what is not agreed is denied', () => {
    const purposes = [...Object.values(AGREED).map(({ purpose }) => purpose), 'patient-record', 'anything-else'];
    let granted = 0;
    for (const agency of [...Object.keys(AGREED), 'nobody']) {
      const agreed = AGREED[agency];
      for (const purpose of purposes) {
        for (const method of METHODS) {
          for (const use of ['match', 'release'] as const) {
            const decision = host.decide({
              now: 1_795_000_000,
              caller: {
                agency,
                legal_entity: starter.agencies[agency]?.legal_entity ?? 'LE-NOBODY',
                certificate: 'ab'.repeat(32),
              },
              context: { purpose, officer_code: 'CB-1', unit_code: 'K-1', service_code: 'DV-1', case_ref: 'HS-1' },
              ...{ method, allow_partial: true, release: [], match: [], [use]: EVERY_FIELD },
            });
            const isAgreed = agreed?.purpose === purpose && agreed.methods.includes(method);
            const expected = isAgreed ? (use === 'match' ? [1, 2, 3] : agreed.release) : [];
            const where = `${agency} ${purpose} ${method} ${use}`;
            const ids = decision.fields.map(({ id }) => id);
            if (ids.join() !== expected.join()) expect.fail(`${where}: ${ids.join()}`);
            if (decision.allow !== expected.length > 0) expect.fail(`${where}: ${decision.reason}`);
            for (const name of decision.allow ? GRANTS : []) {
              if (decision.grants[name] !== agreed?.grants.includes(name)) expect.fail(`${where}: grant ${name}`);
            }
            if (decision.fields.some(({ basis }) => basis !== (agreed?.basis ?? 'statute')))
              expect.fail(`${where}: basis`);
            granted += ids.length;
          }
        }
      }
    }
    expect(granted).toBeGreaterThan(400);
  });

  it('demand who asks, and say what is missing', () => {
    const { legal_entity = '' } = starter.agencies.province ?? {};
    const decision = host.decide({
      now: 1_795_000_000,
      caller: { agency: 'province', legal_entity, certificate: 'ab'.repeat(32) },
      ...{
        context: { purpose: 'public-service' },
        method: PERSON[0] ?? '',
        release: [2],
        match: [],
        allow_partial: false,
      },
    });
    expect([decision.reason, [...decision.missing_context].sort()]).toEqual([
      'CONTEXT_MISSING',
      ['case_ref', 'officer_code', 'service_code', 'unit_code'],
    ]);
  });
});
