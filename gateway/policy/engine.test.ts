import { describe, expect, it } from 'vitest';
import { createPolicyEngine } from './engine.ts';
import { trappingRules } from './testing/bundles.ts';
import { allowedInput, POLICY_WASM, worldData } from './testing/vectors.ts';
import { compileModule } from './wasm-module.ts';

const module = compileModule(POLICY_WASM);
const telco = allowedInput('telco');

function make(maximumPages?: number) {
  return createPolicyEngine({ module, data: worldData(), ...(maximumPages === undefined ? {} : { maximumPages }) });
}

function allows(results: unknown): boolean {
  return (results as [{ result: { allow: boolean } }])[0].result.allow;
}

describe('an instance that threw is not used again', () => {
  const poison: [string, unknown][] = [
    ['a lone surrogate', { ...telco, method: '\ud800' }],
    ['deep nesting', { ...telco, context: JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) }],
  ];

  it.each(poison)('%s', (name, input) => {
    const engine = make();
    let threw = false;
    let results: unknown;
    try {
      results = engine.evaluate(input);
    } catch {
      threw = true;
    }
    // Whether the engine aborts or answers, it must not allow, and the next call must be served.
    if (!threw) expect(name === 'deep nesting' && Array.isArray(results) && results.length === 0).toBe(true);
    expect(allows(engine.evaluate(telco))).toBe(true);
    expect(engine.instances).toBe(threw ? 2 : 1);
  });

  it('a thousand aborts in a row, each followed by a good answer', () => {
    const engine = make();
    for (let round = 0; round < 1000; round++) {
      expect(() => engine.evaluate({ ...telco, method: '\ud800' })).toThrow();
      if (round % 100 === 0) expect(allows(engine.evaluate(telco))).toBe(true);
    }
    expect(allows(engine.evaluate(telco))).toBe(true);
    expect(engine.instances).toBe(1001);
  });

  it('input beyond the memory cap is a RangeError, and memory is free again afterwards', () => {
    const engine = make(16);
    expect(() => engine.evaluate({ ...telco, method: 'x'.repeat(4_000_000) })).toThrow(RangeError);
    expect(allows(engine.evaluate(telco))).toBe(true);
    expect(engine.instances).toBe(2);
  });

  it('data beyond the memory cap does not load', () => {
    const data = { filler: Array.from({ length: 50_000 }, (_, i) => `entry ${i}`) };
    expect(() => createPolicyEngine({ module, data, maximumPages: 16 })).toThrow();
  });
});

it('data given as bytes is no data: OPA’s glue would write them down as an object of numbers, and nothing is granted', () => {
  const data = Buffer.from(JSON.stringify(worldData()));
  expect(allows(createPolicyEngine({ module, data }).evaluate(telco))).toBe(false);
});

it('rules that trap do so in an instance of their own each time', async () => {
  const engine = createPolicyEngine({ module: compileModule(await trappingRules()), data: worldData() });
  for (const round of [1, 2, 3]) {
    expect(() => engine.evaluate(telco)).toThrow(/unreachable/);
    expect(engine.instances).toBe(round);
  }
});

it('one instance serves many calls without growing', () => {
  const engine = make(8);
  for (let call = 0; call < 5000; call++) expect(allows(engine.evaluate(telco))).toBe(true);
  expect(engine.instances).toBe(1);
});
