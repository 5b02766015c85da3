import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { generate } from './sha256-lanes.generate.ts';
import { createLanesHasher } from './sha256-lanes.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the generated WebAssembly', () => {
  it('is what its generator writes', async () => {
    expect(readFileSync(new URL('sha256-lanes.wasm.ts', import.meta.url), 'utf8')).toBe(await generate());
  });

  it('is left alone where WebAssembly is missing or does not know it', () => {
    vi.stubGlobal('WebAssembly', undefined);
    expect(createLanesHasher()).toBeUndefined();
    vi.stubGlobal('WebAssembly', { validate: () => false });
    expect(createLanesHasher()).toBeUndefined();
  });
});
