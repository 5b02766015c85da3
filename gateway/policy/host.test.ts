import { describe, expect, it } from 'vitest';
import { DECISION_REASONS } from './decision.ts';
import { createPolicyEngine, type PolicyEngine } from './engine.ts';
import { createPolicyHost, type PolicyFault, type PolicyHostOptions } from './host.ts';
import type { PolicyInput } from './input.ts';
import type { PolicyData } from './policy-data.ts';
import { NO_ALLOW, trappingRules, withLiteral } from './testing/bundles.ts';
import { allowedInput, POLICY_WASM, patch, worldData } from './testing/vectors.ts';

const revision = { policy: 1, agreements: 1 };
const data = worldData();
const AGREEMENT = '/agreements/telco/subscriber-verification';

function host(options: Partial<PolicyHostOptions> = {}) {
  const faults: PolicyFault[] = [];
  const made = createPolicyHost({
    wasm: POLICY_WASM,
    data,
    revision,
    onFault: (fault) => faults.push(fault),
    ...options,
  });
  return { ...made, faults, decide: made.decide, replace: made.replace, get: made };
}

function answering(answer: () => unknown): Partial<PolicyHostOptions> {
  const engine: PolicyEngine = { evaluate: answer, instances: 1 };
  return { createEngine: () => engine };
}

const telco = allowedInput('telco');
const unavailable = { allow: false, reason: 'POLICY_UNAVAILABLE', fields: [], obligations: [], limits: {} };

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
          seen = input;
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

  it('a grant withdrawn is gone from the very next answer', () => {
    const { decide, replace } = host();
    expect(decide(telco).grants.current_id).toBe(true);
    const less = patch(data, [{ op: 'replace', path: `${AGREEMENT}/grants/current_id`, value: false }]) as PolicyData;
    replace({ wasm: POLICY_WASM, data: less, revision: { policy: 1, agreements: 2 } });
    expect(decide(telco)).toMatchObject({ allow: true, grants: { current_id: false, existence: true } });
  });
});

describe('anything but one well-formed answer denies', () => {
  const good = host().decide(telco);
  const answers: [string, unknown][] = [
    ['an undefined result', []],
    ['two results', [{ result: good }, { result: good }]],
    ['a bare true', [{ result: true }]],
    ['only allow', [{ result: { allow: true } }]],
    ['no result set', undefined],
    ['null', null],
    ['an object', { result: good }],
    ['a result beside another member', [{ result: good, extra: 1 }]],
    ['an extra member', [{ result: { ...good, extra: 1 } }]],
    ['allowed without OK', [{ result: { ...good, reason: 'FIELD_NOT_GRANTED' } }]],
    ['denied with OK', [{ result: { ...good, allow: false } }]],
    ['an unknown reason', [{ result: { ...good, allow: false, reason: 'WHY_NOT' } }]],
    ['a truthy allow', [{ result: { ...good, allow: 1 } }]],
    [
      'a field that was not asked',
      [{ result: { ...good, fields: [...good.fields, { id: 9, use: 'match', basis: 'statute' }] } }],
    ],
    ['a use that was not asked', [{ result: { ...good, fields: good.fields.map((f) => ({ ...f, use: 'release' })) } }]],
    ['a field lost on the way', [{ result: { ...good, fields: good.fields.slice(1) } }]],
    ['a field twice', [{ result: { ...good, fields: [...good.fields, good.fields[0]] } }]],
    ['an unknown basis', [{ result: { ...good, fields: good.fields.map((f) => ({ ...f, basis: 'habit' })) } }]],
    ['an id that is a text', [{ result: { ...good, fields: good.fields.map((f) => ({ ...f, id: String(f.id) })) } }]],
    ['a grant missing', [{ result: { ...good, grants: { existence: true } } }]],
    ['a limit that is no number', [{ result: { ...good, limits: { rows_per_job: null } } }]],
    ['an unknown limit', [{ result: { ...good, limits: { rows_per_year: 1 } } }]],
    ['a negative limit', [{ result: { ...good, limits: { rows_per_job: -1 } } }]],
    ['an unknown obligation', [{ result: { ...good, obligations: ['PRAY'] } }]],
    ['allowed by no agreement', [{ result: { ...good, agreement: { id: '', version: 0 } } }]],
    ['grants beside a denial', [{ result: { ...good, allow: false, reason: 'NO_AGREEMENT', fields: [] } }]],
  ];

  it.each(answers)('%s', (_, answer) => {
    const { decide, faults } = host(answering(() => answer));
    expect(decide(telco)).toMatchObject(unavailable);
    expect(Object.values(decide(telco).grants)).toEqual(Array(7).fill(false));
    expect(faults).toEqual(['ANSWER_MALFORMED', 'ANSWER_MALFORMED']);
  });

  it('and the answer itself is taken, so that the list above proves something', () => {
    expect(host(answering(() => [{ result: good }])).decide(telco)).toEqual(good);
  });

  it.each([
    ['a text', 'abort'],
    ['a plain object', { message: 'not implemented: built-in function' }],
    ['a RangeError', new RangeError('WebAssembly.Memory.grow()')],
    ['undefined', undefined],
  ])('a thrown %s', (_, thrown) => {
    const { decide, faults } = host(
      answering(() => {
        throw thrown;
      }),
    );
    expect(decide(telco)).toMatchObject(unavailable);
    expect(faults).toEqual(['ENGINE_THREW']);
  });
});

describe('rules that are broken deny every call', () => {
  it.each<[string, PolicyFault, () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>]>([
    ['a trap', 'ENGINE_THREW', trappingRules],
    ['no entry point', 'ENGINE_THREW', () => withLiteral('lienthong/exchange/decision', 'lienthong/exchange/decisioX')],
    ['an answer of another shape', 'ANSWER_MALFORMED', () => NO_ALLOW],
  ])('%s', async (_, fault, wasm) => {
    const { decide, faults, replace } = host({ wasm: await wasm() });
    expect([decide(telco), decide(telco)]).toMatchObject([unavailable, unavailable]);
    expect(faults).toEqual([fault, fault]);
    replace({ wasm: POLICY_WASM, data, revision: { policy: 2, agreements: 1 } });
    expect(decide(telco).allow).toBe(true);
  });
});

describe('an input out of bounds never reaches the engine', () => {
  let deep: unknown = 'officer';
  for (let level = 0; level < 10_000; level++) deep = [deep];
  const inputs: [string, unknown][] = [
    ['a lone surrogate in the purpose', { ...telco, context: { purpose: 'p\ud800' } }],
    ['a lone surrogate in the officer', { ...telco, context: { ...telco.context, officer_code: '\udfff' } }],
    ['deep nesting', { ...telco, context: { ...telco.context, officer_code: deep } }],
    ['a control character', { ...telco, context: { ...telco.context, case_ref: 'a\u0000b' } }],
    ['a text of 257', { ...telco, context: { ...telco.context, unit_code: 'x'.repeat(257) } }],
    ['257 fields', { ...telco, match: Array.from({ length: 257 }, (_, i) => i + 1) }],
    ['field 0', { ...telco, match: [0] }],
    ['field -0', { ...telco, match: [-0] }],
    ['half a field', { ...telco, match: [1.5] }],
    ['a field as text', { ...telco, match: ['1'] }],
    ['a sparse list', { ...telco, match: Array(3) }],
    ['fields that are no list', { ...telco, release: { length: 0 } }],
    ['NaN for the time', { ...telco, now: Number.NaN }],
    ['no time', { ...telco, now: undefined }],
    ['allow_partial as text', { ...telco, allow_partial: 'false' }],
    ['no caller', { ...telco, caller: undefined }],
    ['a certificate in capitals', { ...telco, caller: { ...telco.caller, certificate: 'AB'.repeat(32) } }],
    ['a method that is no path', { ...telco, method: 'VerifyPerson' }],
    ['no purpose', { ...telco, context: {} }],
    ['null', null],
    ['nothing', undefined],
    [
      'a member that throws',
      {
        ...telco,
        get match() {
          throw new Error('no');
        },
      },
    ],
  ];

  it.each(inputs)('%s', (_, input) => {
    let asked = 0;
    const { decide, faults } = host(
      answering(() => {
        asked += 1;
        return [];
      }),
    );
    expect(decide(input as PolicyInput)).toMatchObject({ allow: false, reason: 'REQUEST_INVALID' });
    expect([asked, faults]).toEqual([0, ['INPUT_REFUSED']]);
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
