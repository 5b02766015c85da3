import { describe, expect, it } from 'vitest';
import { createPolicyEngine } from './engine.ts';
import { parseDecision } from './parse-decision.ts';
import { POLICY_WASM, readVectors } from './testing/vectors.ts';
import { compileModule } from './wasm-module.ts';

const module = compileModule(POLICY_WASM);
const vectors = readVectors();

describe('the compiled policy decides as the Rego source does', () => {
  it('on as many vectors as the Rego test counts', () => {
    expect(vectors.length).toBe(69);
    expect(new Set(vectors.map(({ name }) => name)).size).toBe(69);
  });

  it.each(vectors)('$name', ({ data, input, expect: expected }) => {
    expect(createPolicyEngine({ module, data }).evaluate(input)).toEqual([{ result: expected }]);
  });

  it('and every decision among them has the shape the host insists on, save for ids that are no numbers', () => {
    for (const { name, input, expect: decision } of vectors) {
      const asked = input as { release: number[]; match: number[] };
      const parsed = parseDecision([{ result: decision }], {
        release: Array.isArray(asked.release) ? asked.release : [],
        match: asked.match ?? [],
      });
      if (name.includes('a text, a fraction or null') || name.includes('a demand that is no member')) {
        expect(parsed, name).toBeUndefined();
      } else expect(parsed, name).toEqual(decision);
    }
  });
});
