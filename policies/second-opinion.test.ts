/**
 * OPA's own evaluation of the Rego source as the second opinion on the compiled WASM, over thousands of questions and worlds: most of
 * them nearly right, the rest hostile. One OPA process decides the whole batch.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPolicyEngine } from '../gateway/policy/engine.ts';
import { POLICY_WASM, readWorld } from '../gateway/policy/testing/vectors.ts';
import { compileModule } from '../gateway/policy/wasm-module.ts';
import { findOpa } from './build.ts';

const opa = findOpa() ?? '';
const here = fileURLToPath(new URL('.', import.meta.url));
const SEED = 20_260_415;
const WORLDS = 120;
const QUESTIONS = 25;

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type World = { readonly agencies: Json; readonly agreements: Json; readonly vocabulary: Json };

const { inputs, ...base } = readWorld();

/** Values that have no business where they are put. */
const odd: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    -1,
    1,
    2,
    1.5,
    9_007_199_254_740_991,
    1e21,
    '',
    ' ',
    '\u00a0',
    '1',
    'true',
  ),
  fc.constantFrom<Json>(
    'match',
    'release',
    'statute',
    'active',
    'exact',
    'telco',
    '*',
    '2030-01-01',
    '\u0000',
    '😀',
    '\u2028',
  ),
  fc.constantFrom<Json>([], {}, [[]], [null], { '1': {} }, { '': null }, ['match'], [1, 1], [1, '1'], { allow: true }),
  fc.array(fc.integer({ min: -2, max: 12 }), { maxLength: 6 }),
  fc
    .jsonValue({ maxDepth: 3 })
    .map((value) => JSON.parse(JSON.stringify(value).replaceAll(/\\ud[89a-f][0-9a-f]{2}/gi, '?')) as Json),
);

/** Where in a document a change is made: by fractions, so that it fits any document. */
const edit = fc.record({
  steps: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 3, maxLength: 7 }),
  value: odd,
  remove: fc.boolean(),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function edited<T>(document: T, edits: readonly Edit[]): T {
  const copy = structuredClone(document) as Record<string, unknown>;
  for (const { steps, value, remove } of edits) {
    let at = copy;
    for (const [depth, step] of steps.entries()) {
      const names = Object.keys(at);
      const name = names[Math.floor(step * names.length)];
      if (name === undefined) break;
      const inner = at[name];
      if (depth < steps.length - 1 && typeof inner === 'object' && inner !== null)
        at = inner as Record<string, unknown>;
      else {
        if (remove && !Array.isArray(at)) delete at[name];
        else at[name] = value;
        break;
      }
    }
  }
  return copy as T;
}

const world = fc.array(edit, { maxLength: 2 }).map((edits) => edited(base as unknown as World, edits));
const fieldIds = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 8 });
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
/** A question that is well formed; of any agency, mostly under its agreement, for any field. */
const fair = fc
  .record({
    from: fc.constantFrom(...Object.keys(inputs)),
    release: rarely(fieldIds),
    match: rarely(fieldIds),
    allow_partial: fc.boolean(),
    purpose: rarely(fc.constantFrom('subscriber-verification', 'account-opening', 'none')),
    method: rarely(fc.constantFrom('/t.v1.Verification/StartJob', '/t.v1.Person/GetPerson', '*')),
    context: rarely(fc.constantFrom({ purpose: 'account-opening', case_ref: ' ' }, { purpose: 'patient-record' })),
    now: rarely(fc.constantFrom(0, 1_767_200_399, 1_767_200_400, 1_924_966_799, 1_924_966_800)),
  })
  .map(({ from, allow_partial, purpose, ...drawn }) => ({
    ...(inputs[from] as object),
    ...Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)),
    allow_partial,
    ...(purpose === undefined ? {} : { context: { ...inputs[from]?.context, purpose } }),
  }));
const hostile = fc
  .tuple(fair, fc.array(edit, { minLength: 1, maxLength: 4 }))
  .map(([input, edits]) => edited(input, edits));
const question = fc.oneof(
  { weight: 3, arbitrary: fair },
  { weight: 2, arbitrary: hostile },
  { weight: 1, arbitrary: odd },
);

interface Batch {
  readonly worlds: readonly World[];
  /** By world. */
  readonly questions: readonly (readonly unknown[])[];
}

/** The entry point for every question, by world; null where it is undefined. */
function decideByOpa({ worlds, questions }: Batch): (readonly unknown[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-opinion-'));
  try {
    writeFileSync(join(folder, 'batch.json'), JSON.stringify({ batch: { worlds, questions } }));
    const rules = readdirSync(here).filter((name) => name.endsWith('.rego') && !name.endsWith('_test.rego'));
    writeFileSync(
      join(folder, 'batch.rego'),
      `package batch_question

decided(world, question) := answer if {
	answer := data.lienthong.exchange.decision with data.agencies as object.get(world, "agencies", {})
		with data.agreements as object.get(world, "agreements", {})
		with data.vocabulary as object.get(world, "vocabulary", {})
		with input as question
} else := null

answers := [[decided(data.batch.worlds[at], question) | some question in list] | some at, list in data.batch.questions]
`,
    );
    const files = [...rules.map((name) => join(here, name)), join(folder, 'batch.rego'), join(folder, 'batch.json')];
    const run = spawnSync(
      opa,
      ['eval', '-f', 'raw', ...files.flatMap((file) => ['-d', file]), 'data.batch_question.answers'],
      {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      },
    );
    if (run.status !== 0) throw new Error(`opa eval: ${run.stdout}${run.stderr}`);
    return JSON.parse(run.stdout) as unknown[][];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function decideByWasm({ worlds, questions }: Batch): (readonly unknown[])[] {
  const module = compileModule(POLICY_WASM);
  return worlds.map((data, at) => {
    const engine = createPolicyEngine({ module, data });
    return (questions[at] ?? []).map((input) => {
      const results = engine.evaluate(input) as { result: unknown }[];
      return results.length === 0 ? null : results[0]?.result;
    });
  });
}

// Needs the pinned OPA, as build.test.ts does.
describe.skipIf(opa === '')('the compiled rules and OPA', () => {
  it('decide alike, whatever they are asked in whatever world', () => {
    const worlds = fc.sample(world, { numRuns: WORLDS, seed: SEED });
    const questions = worlds.map((_, at) => fc.sample(question, { numRuns: QUESTIONS, seed: SEED + at }));
    const batch: Batch = JSON.parse(
      JSON.stringify({ worlds: [base, ...worlds], questions: [Object.values(inputs), ...questions] }),
    ) as Batch;
    const [byOpa, byWasm] = [decideByOpa(batch), decideByWasm(batch)];
    const reasons = new Map<string, number>();
    const differing: object[] = [];
    for (const [at, list] of byWasm.entries()) {
      for (const [nth, decision] of list.entries()) {
        const reason = (decision as { reason?: string } | null)?.reason ?? 'undefined';
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        const other = byOpa[at]?.[nth];
        if (isDeepStrictEqual(decision, other)) continue;
        differing.push({ decision, other, world: batch.worlds[at], input: batch.questions[at]?.[nth] });
      }
    }
    expect(differing).toEqual([]);
    // The batch must reach each gate, and allow enough, or the comparison says little.
    expect([...reasons.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3000);
    for (const reason of [
      'OK',
      'REQUEST_INVALID',
      'NO_AGREEMENT',
      'AGREEMENT_NOT_IN_FORCE',
      'METHOD_NOT_AGREED',
      'CONTEXT_MISSING',
      'FIELD_NOT_GRANTED',
    ]) {
      expect(reasons.get(reason) ?? 0, reason).toBeGreaterThan(5);
    }
    expect(reasons.get('OK')).toBeGreaterThan(300);
  });
});
