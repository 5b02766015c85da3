import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile, findOpa, stale, test } from './build.ts';

const opa = findOpa() ?? '';

// Needs the pinned OPA, which running the gateway does not: without it the two are skipped, and CI has it.
describe.skipIf(opa === '')('the policy bundle', () => {
  it('is, byte for byte, what the rules compile to, and a changed byte would show', () => {
    const built = compile(opa);
    expect(stale(built)).toEqual([]);
    const wasm = Buffer.from(built['policy.wasm']);
    wasm[wasm.length - 1] = (wasm[wasm.length - 1] ?? 0) ^ 1;
    expect(stale({ ...built, 'policy.wasm': wasm })).toEqual(['policy.wasm']);
  });

  it('comes from rules that are formatted, strict, tested, every line covered', () => {
    expect(test(opa)).toEqual([]);
  });
});

it('the rules may use no built-in that the host would have to lend', () => {
  const { builtins } = JSON.parse(readFileSync(new URL('capabilities.json', import.meta.url), 'utf8')) as {
    builtins: { name: string }[];
  };
  const names = builtins.map(({ name }) => name);
  expect(
    names.filter((name) => /^(http|io|crypto|time|rand|opa|net\.lookup|uuid|yaml|sprintf|regex\.split)\b/.test(name)),
  ).toEqual([]);
  expect(names).toContain('json.marshal');
});
