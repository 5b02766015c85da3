/** For any agreement and any request: what is allowed to leave was granted, and whatever was asked is accounted for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Agreement, agreementBytes } from './agreement.ts';
import { buildData } from './agreements.ts';
import { checkAgreement } from './check-agreement.ts';
import { BASES, DEMANDS, GRANTS, STRICTNESS, USES } from './decision.ts';
import { createPolicyHost } from './host.ts';
import type { PolicyInput } from './input.ts';
import { sampleAgreement, signed, verifyText } from './testing/agreements.ts';
import { POLICY_WASM } from './testing/vectors.ts';
import { compileModule } from './wasm-module.ts';

const KNOWN = 20;
const vocabulary = {
  version: 1,
  fields: Object.fromEntries(
    Array.from({ length: KNOWN }, (_, i) => [String(i + 1), { path: `f${i + 1}`, class: 'basic' as const }]),
  ),
};
const agencies = {
  sample: { legal_entity: 'LE-1', status: 'active' },
  second: { legal_entity: 'LE-2', status: 'active' },
  closed: { legal_entity: 'LE-3', status: 'suspended' },
} as const;
const METHODS = ['/a.v1.S/M', '/a.v1.S/N', '/a.v1.S/O'] as const;
const PURPOSES = ['one', 'two'] as const;

const field = fc.record({
  use: fc.uniqueArray(fc.constantFrom(...USES), { minLength: 1 }),
  basis: fc.constantFrom(...BASES),
});

const agreement: fc.Arbitrary<Agreement> = fc
  .record({
    agency: fc.constantFrom('sample', 'sample', 'second', 'second', 'closed'),
    purpose: fc.constantFrom(...PURPOSES),
    methods: fc.uniqueArray(fc.constantFrom(...METHODS), { minLength: 1 }),
    fields: fc.dictionary(fc.integer({ min: 1, max: KNOWN }).map(String), field, { minKeys: 1, noNullPrototype: true }),
    grants: fc.record(Object.fromEntries(GRANTS.map((name) => [name, fc.boolean()]))) as unknown as fc.Arbitrary<
      Agreement['grants']
    >,
    demands: fc.uniqueArray(fc.constantFrom(...DEMANDS), { maxLength: 2 }),
    strictness: fc.constantFrom(...STRICTNESS),
    valid_from: fc.integer({ min: 1, max: 100 }),
    valid_to: fc.integer({ min: 101, max: 200 }),
  })
  .map((parts) => sampleAgreement({ ...parts, id: `${parts.agency}-${parts.purpose}` }));

const ids = fc.array(fc.integer({ min: 1, max: KNOWN + 3 }), { maxLength: 6 });
const member = fc.constantFrom('x', 'x', 'x', '', ' ', undefined);
/** Mostly true: most requests keep most of what their agreement says, so that many are allowed and many nearly so. */
const mostly = fc.constantFrom(true, true, true, true, true, true, true, false);

const deviation = fc.record({
  of: fc.nat({ max: 3 }),
  sameAgency: mostly,
  agency: fc.constantFrom('sample', 'second', 'closed', 'nobody'),
  sameEntity: mostly,
  samePurpose: mostly,
  purpose: fc.constantFrom(...PURPOSES, 'three'),
  context: fc.record({ service_code: member, unit_code: member, officer_code: member, case_ref: member }),
  inTerm: mostly,
  now: fc.integer({ min: 1, max: 210 }),
  sameMethod: mostly,
  method: fc.constantFrom(...METHODS),
  /** Keep only what is granted, or ask for anything. */
  granted: fc.boolean(),
  release: ids,
  match: ids,
  allow_partial: fc.boolean(),
});

/** A request under one of the agreements, with the deviations drawn for it. */
function requestOf(
  agreements: readonly Agreement[],
  drawn: typeof deviation extends fc.Arbitrary<infer T> ? T : never,
) {
  const base = agreements[drawn.of % agreements.length] ?? sampleAgreement();
  const agency = drawn.sameAgency ? base.agency : drawn.agency;
  const entity = (agencies as Record<string, { legal_entity: string } | undefined>)[agency]?.legal_entity ?? 'LE-0';
  const keep = (list: readonly number[], use: 'match' | 'release') =>
    drawn.granted ? list.filter((id) => base.fields[id]?.use.includes(use)) : list;
  const input: PolicyInput = {
    now: drawn.inTerm ? base.valid_from : drawn.now,
    caller: { agency, legal_entity: drawn.sameEntity ? entity : 'LE-1', certificate: 'ab'.repeat(32) },
    context: {
      purpose: drawn.samePurpose ? base.purpose : drawn.purpose,
      ...(Object.fromEntries(Object.entries(drawn.context).filter(([, value]) => value !== undefined)) as Partial<
        PolicyInput['context']
      >),
    },
    method: drawn.sameMethod ? (base.methods[0] ?? '') : drawn.method,
    release: keep(drawn.release, 'release'),
    match: keep(drawn.match, 'match'),
    allow_partial: drawn.allow_partial,
  };
  return input;
}

/** The rules once more, as plain as can be: which call may pass, and with what. */
function model(agreements: readonly Agreement[], input: PolicyInput) {
  const agency = (agencies as Record<string, { legal_entity: string; status: string } | undefined>)[
    input.caller.agency
  ];
  const found = agreements.find((a) => a.agency === input.caller.agency && a.purpose === input.context.purpose);
  const wanted = new Set([...input.match.map((id) => `match ${id}`), ...input.release.map((id) => `release ${id}`)]);
  const granted = [...wanted].filter((pair) => {
    const [use = '', id = ''] = pair.split(' ');
    return (found?.fields[id]?.use as readonly string[] | undefined)?.includes(use) === true;
  });
  const enough = granted.length === wanted.size || (input.allow_partial && granted.length > 0);
  const inForce = found !== undefined && found.valid_from <= input.now && input.now < found.valid_to;
  const allow =
    agency?.status === 'active' &&
    agency.legal_entity === input.caller.legal_entity &&
    inForce &&
    found.methods.includes(input.method) &&
    found.demands.every((name) => (input.context[name] ?? '').trim() !== '') &&
    enough;
  return { allow, granted: new Set(granted), wanted, found };
}

const module = compileModule(POLICY_WASM);

describe('for random agreements and requests', () => {
  it('fields out ⊆ granted, everything asked is accounted for, and the answer is the model’s', () => {
    let allowed = 0;
    let trimmed = 0;
    fc.assert(
      fc.property(
        fc.uniqueArray(agreement, { minLength: 1, maxLength: 4, selector: ({ id }) => id }),
        fc.array(deviation, { minLength: 1, maxLength: 12 }),
        (agreements, deviations) => {
          const built = buildData({
            agencies,
            agreements: agreements.map((a) => signed(a)),
            vocabulary,
            verify: verifyText,
          });
          expect(built.refused).toEqual([]);
          const host = createPolicyHost({ wasm: module, data: built.data, revision: { policy: 1, agreements: 1 } });
          for (const drawn of deviations) {
            const input = requestOf(agreements, drawn);
            const decision = host.decide(input);
            const expected = model(agreements, input);
            expect(decision.reason).not.toBe('POLICY_UNAVAILABLE');
            expect(decision.allow).toBe(expected.allow);
            const out = decision.fields.map(({ use, id }) => `${use} ${id}`);
            const refused = decision.refused.map(({ use, id }) => `${use} ${id}`);
            if (!decision.allow) {
              expect([out, Object.values(decision.grants).some((grant) => grant)]).toEqual([[], false]);
              continue;
            }
            allowed += 1;
            trimmed += Number(refused.length > 0);
            expect(new Set(out)).toEqual(expected.granted);
            expect(new Set([...out, ...refused])).toEqual(expected.wanted);
            expect(decision.grants).toEqual(expected.found?.grants);
            for (const { id, basis } of decision.fields) expect(basis).toBe(expected.found?.fields[id]?.basis);
            const order = [...decision.fields].sort((a, b) => (a.use === b.use ? a.id - b.id : a.use < b.use ? -1 : 1));
            expect(decision.fields).toEqual(order);
          }
        },
      ),
      { numRuns: 300 },
    );
    // The generators must reach both sides, or the property says little.
    expect(allowed).toBeGreaterThan(150);
    expect(trimmed).toBeGreaterThan(20);
  });

  it('an agreement’s bytes do not depend on the order of its members, and read back as the agreement', () => {
    fc.assert(
      fc.property(agreement, (one) => {
        const reversed = Object.fromEntries(Object.entries(one).reverse()) as unknown as Agreement;
        const bytes = agreementBytes(one);
        expect(agreementBytes(reversed)).toEqual(bytes);
        expect(checkAgreement(JSON.parse(new TextDecoder().decode(bytes)))).toEqual({ ok: true, agreement: one });
      }),
      { numRuns: 200 },
    );
  });
});
