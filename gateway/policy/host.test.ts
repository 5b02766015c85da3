import { describe, expect, it } from 'vitest';
import { DECISION_REASONS } from './decision.ts';
import { createPolicyEngine } from './engine.ts';
import type { PolicyInput } from './input.ts';
import type { PolicyData } from './policy-data.ts';
import { answering, HOST_DATA as data, testHost as host, HOST_REVISION as revision } from './testing/hosts.ts';
import { allowedInput, POLICY_WASM, patch } from './testing/vectors.ts';

const AGREEMENT = '/agreements/telco/subscriber-verification';
const telco = allowedInput('telco');

describe('a decision', () => {
  it('allows what the agreement grants, with exactly its fields', () => {
    const { decide, faults } = host();
    expect(decide(telco)).toMatchObject({
      allow: true,
      reason: 'OK',
      fields: [1, 2, 3].map((id) => ({ id, use: 'match', basis: 'statute' })),
      agreement: { id: 'AGR-TELCO-1', version: 3 },
    });
    expect(faults).toEqual([]);
  });

  it.each(['', ' ', '\u00a0', '\u3000\u2003', '\ufeff'])('takes a context member of %j for an absent one', (blank) => {
    const { decide } = host();
    const ministry = allowedInput('ministry');
    const context = { ...ministry.context, officer_code: blank };
    expect(decide({ ...ministry, context })).toMatchObject({
      reason: 'CONTEXT_MISSING',
      missing_context: ['officer_code'],
    });
  });

  it('hands no member to the policy that the input does not have', () => {
    let seen: unknown;
    const spy = host({
      createEngine: () => ({
        instances: 1,
        evaluate: (input) => {
          seen = JSON.parse(Buffer.from(input as ArrayBuffer).toString());
          return [];
        },
      }),
    });
    spy.decide({ ...telco, admin: true, caller: { ...telco.caller, roles: ['all'] } } as PolicyInput);
    expect(seen).toEqual(telco);
  });
});

describe('the same question', () => {
  function counting(fails = () => false) {
    let asked = 0;
    const made = host({
      createEngine: (options) => {
        const engine = createPolicyEngine(options);
        return {
          get instances() {
            return engine.instances;
          },
          evaluate(input) {
            asked += 1;
            if (fails()) throw new Error('an engine that fails');
            return engine.evaluate(input);
          },
        };
      },
    });
    return { ...made, asked: () => asked };
  }

  it('is put once a second and contents, and any other one is put', () => {
    const { decide, replace, asked } = counting();
    const first = decide(telco);
    expect([decide({ ...telco }), asked()]).toEqual([first, 1]);
    decide({ ...telco, now: telco.now + 1 });
    decide({ ...telco, now: telco.now + 1, context: { ...telco.context, case_ref: 'HS-2' } });
    decide({ ...telco, now: telco.now + 1, caller: { ...telco.caller, agency: 'other' } });
    expect(asked()).toBe(4);
    replace({ wasm: POLICY_WASM, data, revision: { policy: 1, agreements: 2 } });
    decide({ ...telco, now: telco.now + 1, caller: { ...telco.caller, agency: 'other' } });
    expect(asked()).toBe(5);
  });

  it('is put again where it had no answer', () => {
    let failing = true;
    const { decide, asked } = counting(() => failing);
    expect(decide(telco).reason).toBe('POLICY_UNAVAILABLE');
    failing = false;
    expect([decide(telco).reason, asked()]).toEqual(['OK', 2]);
  });
});

describe('what is taken out of the data at run time is taken away', () => {
  const removals = [
    ['the agency', '/agencies/telco', 'AGENCY_NOT_ACTIVE'],
    ['all agreements of the agency', '/agreements/telco', 'NO_AGREEMENT'],
    ['the agreement', AGREEMENT, 'NO_AGREEMENT'],
    ['its end', `${AGREEMENT}/valid_to`, 'AGREEMENT_NOT_IN_FORCE'],
    ['its beginning', `${AGREEMENT}/valid_from`, 'AGREEMENT_NOT_IN_FORCE'],
    ['its limits', `${AGREEMENT}/limits`, 'AGREEMENT_NOT_IN_FORCE'],
    ['its methods', `${AGREEMENT}/methods`, 'METHOD_NOT_AGREED'],
    ['its demands', `${AGREEMENT}/demands`, 'CONTEXT_MISSING'],
    ['one field', `${AGREEMENT}/fields/3`, 'FIELD_NOT_GRANTED'],
    ['the basis of one field', `${AGREEMENT}/fields/3/basis`, 'FIELD_NOT_GRANTED'],
    ['the uses of one field', `${AGREEMENT}/fields/3/use`, 'FIELD_NOT_GRANTED'],
    ['all fields', `${AGREEMENT}/fields`, 'FIELD_NOT_GRANTED'],
    ['one field of the vocabulary', '/vocabulary/fields/3', 'FIELD_NOT_GRANTED'],
    ['the vocabulary', '/vocabulary', 'AGREEMENT_NOT_IN_FORCE'],
  ] as const;

  it.each(removals)('%s', (_, path, reason) => {
    const { decide, replace } = host();
    expect(decide(telco).allow).toBe(true);
    const less = patch(data, [{ op: 'remove', path }]) as PolicyData;
    replace({ wasm: POLICY_WASM, data: less, revision: { policy: 1, agreements: 2 } });
    expect(decide(telco)).toMatchObject({ allow: false, reason });
    replace({ wasm: POLICY_WASM, data, revision: { policy: 1, agreements: 3 } });
    expect(decide(telco).allow).toBe(true);
  });

  it('and by a moment that has come: the same question is put anew', () => {
    const { decide, get } = host();
    expect(decide(telco).allow).toBe(true);
    get.advance(patch(data, [{ op: 'remove', path: AGREEMENT }]) as PolicyData);
    expect(decide(telco)).toMatchObject({ allow: false, reason: 'NO_AGREEMENT' });
    get.advance(data);
    expect(decide(telco).allow).toBe(true);
  });

  it('a grant withdrawn is gone from the very next answer', () => {
    const { decide, replace } = host();
    expect(decide(telco).grants.current_id).toBe(true);
    const less = patch(data, [{ op: 'replace', path: `${AGREEMENT}/grants/current_id`, value: false }]) as PolicyData;
    replace({ wasm: POLICY_WASM, data: less, revision: { policy: 1, agreements: 2 } });
    expect(decide(telco)).toMatchObject({ allow: true, grants: { current_id: false, existence: true } });
  });
});

describe('rules and agreements only move forward', () => {
  it.each([
    ['the agreements fall', { policy: 5, agreements: 4 }],
    ['the rules fall', { policy: 4, agreements: 6 }],
    ['one falls while the other rises', { policy: 6, agreements: 4 }],
    ['neither rises', { policy: 5, agreements: 5 }],
    ['not a whole number', { policy: 5, agreements: 5.5 }],
    ['NaN', { policy: 5, agreements: Number.NaN }],
  ])('refused: %s', (_, next) => {
    const { replace, decide, get } = host({ revision: { policy: 5, agreements: 5 } });
    const nothing = { ...data, agreements: {} };
    expect(() => replace({ wasm: POLICY_WASM, data: nothing, revision: next })).toThrow(RangeError);
    expect(get.revision).toEqual({ policy: 5, agreements: 5 });
    expect(decide(telco).allow).toBe(true);
  });

  it('data beyond the memory cap, or rules that are no WASM, leave the last good ones working', () => {
    const { replace, decide, get } = host({ maximumPages: 8 });
    const agencies = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [
        `agency-${i}`,
        { legal_entity: 'x'.repeat(40), status: 'active' as const },
      ]),
    );
    expect(() =>
      replace({ wasm: POLICY_WASM, data: { ...data, agencies }, revision: { policy: 2, agreements: 2 } }),
    ).toThrow();
    const noWasm = new Uint8Array([0, 1, 2, 3]);
    expect(() => replace({ wasm: noWasm, data, revision: { policy: 2, agreements: 2 } })).toThrow(/WebAssembly/);
    expect(get.revision).toEqual(revision);
    expect(decide(telco).allow).toBe(true);
  });

  it('a host without rules, or without a revision, does not come into being', () => {
    expect(() => host({ wasm: new Uint8Array(0) })).toThrow();
    expect(() => host({ revision: { policy: 0, agreements: 1 } })).toThrow(RangeError);
  });
});

it('a denial of the host names a reason of the closed set and grants nothing', () => {
  const { decide } = host(answering(() => []));
  const decision = decide(telco);
  expect(DECISION_REASONS).toContain(decision.reason);
  expect(decision.refused).toEqual([]);
  expect(decision.strictness).toBe('exact');
});
