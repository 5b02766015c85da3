import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSignedBundle } from '../../policy/signed-bundle.ts';
import { POLICY_MANIFEST, POLICY_WASM } from '../../policy/testing/vectors.ts';
import { readPublicJwk } from '../../signing/public-key.ts';
import { runCaptured } from '../testing/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-policy-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const sign = (...more: string[]) =>
  runCaptured(['policy', 'sign', '--key', at('rules.jwk.json'), '--out', at('policy.jws'), ...more]);

describe('policy sign', () => {
  it('makes a key once, and a signature that this deployment and no other takes, until its end', async () => {
    const { code, stdout } = await sign('--deployment', 'register-1', '--days', '30');
    expect([code, stdout]).toEqual([0, expect.stringContaining('signed for register-1 until')]);
    const jwk = readFileSync(at('rules.public.jwk.json'), 'utf8');
    const key = readPublicJwk(JSON.parse(jwk));
    if (key === undefined) throw new Error('no public key');
    if (process.platform !== 'win32') expect(statSync(at('rules.jwk.json')).mode & 0o077).toBe(0);
    const files = { wasm: POLICY_WASM, manifest: POLICY_MANIFEST, signature: readFileSync(at('policy.jws'), 'utf8') };
    const judge = (deployment: string, days: number) =>
      readSignedBundle(files, { key, deployment, nowSeconds: () => Date.now() / 1000 + days * 86_400 });
    expect(judge('register-1', 29).revision).toBeGreaterThan(0);
    expect(() => judge('register-1', 31)).toThrow('has ended');
    expect(() => judge('register-2', 0)).toThrow('WRONG_AUDIENCE');

    const again = await sign('--deployment', 'register-1', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ deployment: 'register-1', signature: at('policy.jws') });
    expect(readFileSync(at('rules.public.jwk.json'), 'utf8')).toBe(jwk);
  });

  it.each([
    ['no deployment’s id', ['--deployment', 'Register 1']],
    ['rules for ever', ['--deployment', 'register-1', '--days', '401']],
    ['a folder without rules', ['--deployment', 'register-1', '--bundle', folder]],
  ])('says what is wrong with %s, as usage', async (_, args) => {
    expect((await sign(...args)).code).toBe(2);
  });
});
