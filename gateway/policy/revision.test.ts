import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readPolicyBundle } from './revision.ts';
import { POLICY_MANIFEST, POLICY_WASM } from './testing/vectors.ts';

const manifest = JSON.parse(POLICY_MANIFEST) as Record<string, unknown>;

function read(changes: Record<string, unknown>) {
  return readPolicyBundle({ wasm: POLICY_WASM, manifest: JSON.stringify({ ...manifest, ...changes }) });
}

describe('the committed bundle', () => {
  it('has a revision, and a digest to compare it by', () => {
    const bundle = read({});
    expect(bundle.revision).toBe(Number(manifest.revision));
    expect(bundle.revision).toBeGreaterThan(0);
    expect(bundle.digest).toBe(hash('sha256', POLICY_WASM, 'hex'));
  });

  it.each([
    ['a revision that is no number', { revision: 'latest' }],
    ['a revision that is no text', { revision: 1 }],
    ['revision 0', { revision: '0' }],
    ['a revision with a leading zero', { revision: '01' }],
    ['a negative revision', { revision: '-1' }],
    ['a second root', { roots: ['lienthong/exchange', 'lienthong/other'] }],
    ['the root of everything', { roots: [''] }],
    ['another entry point', { wasm: [{ entrypoint: 'lienthong/exchange/allow', module: '/policy.wasm' }] }],
    ['two entry points', { wasm: [(manifest.wasm as unknown[])[0], (manifest.wasm as unknown[])[0]] }],
    ['no entry point', { wasm: [] }],
    ['an unknown member', { metadata: {} }],
  ])('is refused with %s', (_, changes) => {
    expect(() => read(changes)).toThrow(/^policy manifest: /);
  });

  it('is refused when its WASM is cut short', () => {
    const cut = { wasm: POLICY_WASM.slice(0, 10_000), manifest: POLICY_MANIFEST };
    expect(() => readPolicyBundle(cut)).toThrow(/WebAssembly/);
  });
});
