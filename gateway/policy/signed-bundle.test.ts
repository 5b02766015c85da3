import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../signing/digest.ts';
import type { SigningKey } from '../signing/key-store.ts';
import { createSigner } from '../signing/sign.ts';
import { type BundleFiles, BundleRefused, readSignedBundle, signBundle } from './signed-bundle.ts';
import {
  NO_ALLOW,
  NOBODY_ACTIVE,
  NOW,
  newRulesKey,
  REVISION,
  RULES_DEPLOYMENT,
  signedFiles,
  trappingRules,
  trustIn,
  withLiteral,
} from './testing/bundles.ts';
import { POLICY_MANIFEST, POLICY_WASM } from './testing/vectors.ts';

let key: SigningKey;
let stranger: SigningKey;
beforeAll(async () => {
  [key, stranger] = await Promise.all([newRulesKey(), newRulesKey()]);
});

/** Why it is refused, and what was wrong with its signature; `taken` where it is not. */
function judged(files: BundleFiles, now = NOW): string {
  try {
    readSignedBundle(
      files,
      trustIn(key, () => now),
    );
    return 'taken';
  } catch (error) {
    if (!(error instanceof BundleRefused)) throw error;
    return [error.code, error.detail ?? ''].join(' ').trim();
  }
}

it('a bundle is taken under the pinned key’s signature, with its revision and its end', () => {
  expect(readSignedBundle(signedFiles(key), trustIn(key))).toMatchObject({ revision: REVISION, end: NOW + 86_400 });
  expect(judged(signedFiles(key, { wasm: NOBODY_ACTIVE, revision: 2 }))).toBe('taken');
});

describe('a bundle is refused', () => {
  it('with any other byte of its rules or its manifest', () => {
    const good = signedFiles(key);
    for (const at of [0, 8, 1000, POLICY_WASM.length - 1]) {
      const wasm = Uint8Array.from(good.wasm);
      wasm[at] = (wasm[at] ?? 0) ^ 1;
      expect(judged({ ...good, wasm })).toBe('NOT_SIGNED WRONG_DIGEST');
    }
    expect(judged({ ...good, wasm: good.wasm.slice(0, 50_000) })).toBe('NOT_SIGNED WRONG_DIGEST');
    expect(judged({ ...good, manifest: `${good.manifest} ` })).toBe('NOT_SIGNED WRONG_DIGEST');
    expect(judged({ ...good, manifest: good.manifest.replace('"1"', '"9"') })).toBe('NOT_SIGNED WRONG_DIGEST');
  });

  it('without its signature, with half of it, with another’s, or with one over something else', () => {
    const good = signedFiles(key);
    expect(judged({ ...good, signature: '' })).toBe('NOT_SIGNED MALFORMED');
    expect(judged({ ...good, signature: good.signature.slice(0, -10) })).toMatch(/^NOT_SIGNED /);
    expect(judged(signedFiles(stranger))).toBe('NOT_SIGNED UNKNOWN_KEY');
    expect(judged({ ...good, signature: signedFiles(key, { wasm: NOBODY_ACTIVE }).signature })).toBe(
      'NOT_SIGNED WRONG_DIGEST',
    );
    expect(judged({ ...good, signature: good.signature.replace(/\.[^.]+$/, '.') })).toMatch(/^NOT_SIGNED /);
  });

  it('signed for another deployment, so that no test’s rules work in production', () => {
    expect(judged(signedFiles(key, { deployment: 'register' }))).toBe('NOT_SIGNED WRONG_AUDIENCE');
  });

  it('under a token of another type by the same key', () => {
    const signer = createSigner({ key: key.key, kid: key.kid, issuer: 'gateway' });
    const aud = `gateway@${RULES_DEPLOYMENT}`;
    const dig = 'A'.repeat(43);
    const signature = signer.sign('lt-agreement+jws', { aud, iat: NOW, dig, agr: 'x', ver: 1, off: 'x' });
    expect(judged({ ...signedFiles(key), signature })).toBe('NOT_SIGNED WRONG_TYPE');
  });

  it('from its end on', () => {
    const files = signedFiles(key, { end: NOW + 10 });
    expect([judged(files, NOW + 9), judged(files, NOW + 10)]).toEqual(['taken', 'ENDED']);
    expect(judged(files, Number.NaN)).toBe('ENDED');
  });

  it('where manifest and signature name different revisions', () => {
    const signer = createSigner({ key: key.key, kid: key.kid, issuer: 'gateway' });
    const manifest = POLICY_MANIFEST;
    const higher = {
      kid: key.kid,
      issuer: 'gateway',
      sign: (typ: 'lt-policy+jws', claims: object) => signer.sign(typ, { ...claims, ver: 7 } as never),
    } as typeof signer;
    const made = { signer: higher, deployment: RULES_DEPLOYMENT, iat: NOW, end: NOW + 1000 };
    const signature = signBundle({ wasm: POLICY_WASM, manifest }, made);
    expect(judged({ wasm: POLICY_WASM, manifest, signature })).toBe('WRONG_REVISION');
  });

  it('signed, but without the entry point, with answers of another shape, or trapping', async () => {
    const noEntry = withLiteral('lienthong/exchange/decision', 'lienthong/exchange/decisioX');
    for (const wasm of [noEntry, NO_ALLOW, await trappingRules()]) {
      expect(judged(signedFiles(key, { wasm }))).toBe('DOES_NOT_DECIDE');
    }
    const cut = POLICY_WASM.slice(0, 50_000);
    expect(() => signedFiles(key, { wasm: cut })).toThrow(/WebAssembly/);
    const signer = createSigner({ key: key.key, kid: key.kid, issuer: 'gateway' });
    const aud = `gateway@${RULES_DEPLOYMENT}`;
    const [dig, man] = [digestOf(cut), digestOf(Buffer.from(POLICY_MANIFEST))];
    const signature = signer.sign('lt-policy+jws', { aud, iat: NOW, dig, man, ver: REVISION, exp: NOW + 10 });
    expect(judged({ wasm: cut, manifest: POLICY_MANIFEST, signature })).toBe('BAD_BUNDLE');
  });

  it('by a closed problem that says nothing of its contents', () => {
    const refusal = new BundleRefused('NOT_SIGNED', { detail: 'UNKNOWN_KEY' });
    expect(refusal.message).toBe(
      'policy bundle: not signed by the pinned key for this deployment and these bytes (UNKNOWN_KEY)',
    );
  });
});
