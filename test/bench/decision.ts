/** What the host's checks add to a decision: input copied and bounded, answer read strictly, against the engine alone. In CPU time. */
import { createPolicyEngine } from '../../gateway/policy/engine.ts';
import { createPolicyHost } from '../../gateway/policy/host.ts';
import type { PolicyInput } from '../../gateway/policy/input.ts';
import type { PolicyData } from '../../gateway/policy/policy-data.ts';
import { sampleAgreement } from '../../gateway/policy/testing/agreements.ts';
import { POLICY_WASM } from '../../gateway/policy/testing/vectors.ts';
import { compileModule } from '../../gateway/policy/wasm-module.ts';
import { alternate, type Side } from './alternate.ts';
import type { BenchContext } from './context.ts';
import type { Figure } from './figure.ts';
import { median, rounded, spread } from './stats.ts';

/** A decision may take 1.5 times what the engine alone takes. */
const GATE = 1 / 1.5;
const FIELD_COUNTS = [1, 8, 26] as const;
const AGENCIES = 60;
const FIELDS = 30;
const QUESTIONS = 200;
const WARM_ROUNDS = 3;
const MICROS = 1_000_000;

const range = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

function world(): PolicyData {
  const fields = range(FIELDS).map((id) => [String(id), { use: ['match', 'release'], basis: 'statute' }] as const);
  const codes = range(AGENCIES).map((at) => `agency-${at}`);
  const agreement = (agency: string) =>
    sampleAgreement({ id: agency, agency, fields: Object.fromEntries(fields) as never, demands: [] });
  return {
    agencies: Object.fromEntries(codes.map((code) => [code, { legal_entity: `LE-${code}`, status: 'active' }])),
    agreements: Object.fromEntries(codes.map((code) => [code, { sampling: agreement(code) }])),
    vocabulary: {
      version: 1,
      fields: Object.fromEntries(range(FIELDS).map((id) => [id, { path: `field_${id}`, class: 'basic' }])),
    },
  };
}

/** Another second each, so that no decision is the one before. */
function questions(fields: number): PolicyInput[] {
  return range(QUESTIONS).map((at) => {
    const agency = `agency-${(at % AGENCIES) + 1}`;
    return {
      now: 1_795_000_000 + at,
      caller: { agency, legal_entity: `LE-${agency}`, certificate: 'ab'.repeat(32) },
      context: { purpose: 'sampling', service_code: 'DV-1', unit_code: 'K-1', officer_code: 'CB-1', case_ref: 'HS-1' },
      method: '/a.v1.S/M',
      release: range(fields),
      match: [],
      allow_partial: false,
    };
  });
}

export async function decision({ options, say }: BenchContext): Promise<readonly Figure[]> {
  const { matchRounds, matchRoundMs } = options.sizes;
  const module = compileModule(POLICY_WASM);
  const data = world();
  const host = createPolicyHost({ wasm: module, data, revision: { policy: 1, agreements: 1 } });
  const engine = createPolicyEngine({ module, data });
  return FIELD_COUNTS.map((fields) => {
    const asked = questions(fields);
    const sides: Readonly<Record<'ours' | 'theirs', Side>> = {
      ours: {
        units: asked.length,
        pass: () => asked.reduce((sum, input) => sum + host.decide(input).fields.length, 0),
      },
      theirs: {
        units: asked.length,
        pass: () => asked.reduce((sum, input) => sum + (engine.evaluate(input) as unknown[]).length, 0),
      },
    };
    if (sides.ours.pass() !== fields * QUESTIONS) throw new Error('the questions are not allowed');
    const rates = alternate(sides, { rounds: 2 * matchRounds + 1, roundMs: matchRoundMs, warmRounds: WARM_ROUNDS });
    const [value, baseline] = [median(rates.map(({ ours }) => ours)), median(rates.map(({ theirs }) => theirs))];
    const ratio = median(rates.map(({ ours, theirs }) => ours / theirs));
    const micros = (rate: number) => (MICROS / rate).toFixed(1);
    say(`decision of ${fields} fields: ${micros(value)} µs, engine alone ${micros(baseline)} µs`);
    return {
      name: `decision-${fields}`,
      ratio: rounded(ratio),
      value: rounded(value, 4),
      unit: 'decisions/s',
      baseline: rounded(baseline, 4),
      gate: GATE,
      goal: null,
      notes: [
        `${micros(value)} µs a decision with ${AGENCIES} agencies of ${FIELDS} fields, the engine alone ${micros(baseline)} µs; rounds ±${(100 * spread(rates.map(({ ours }) => ours))).toFixed(0)} %`,
      ],
    };
  });
}
