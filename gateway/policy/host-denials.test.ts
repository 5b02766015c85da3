import { describe, expect, it } from 'vitest';
import type { PolicyFault } from './host.ts';
import type { PolicyInput } from './input.ts';
import { NO_ALLOW, trappingRules, withLiteral } from './testing/bundles.ts';
import { answering, HOST_DATA as data, testHost as host, UNAVAILABLE } from './testing/hosts.ts';
import { allowedInput, POLICY_WASM } from './testing/vectors.ts';

/** Whatever goes wrong between question and answer, the answer is no. */

const telco = allowedInput('telco');

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
    expect(decide(telco)).toMatchObject(UNAVAILABLE);
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
    expect(decide(telco)).toMatchObject(UNAVAILABLE);
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
    expect([decide(telco), decide(telco)]).toMatchObject([UNAVAILABLE, UNAVAILABLE]);
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
