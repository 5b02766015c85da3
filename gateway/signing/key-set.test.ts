import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from './digest.ts';
import { evidenceCounts, evidenceKeys, type KeySet, liveKeys, readKeySet, serialiseKeySet } from './key-set.ts';
import type { SigningKey } from './key-store.ts';
import { createSigner, type Signer } from './sign.ts';
import { signKeySet, verifyKeySet } from './signed-key-set.ts';
import { newKey, vector } from './test-fixtures.ts';
import { verifyToken } from './verify.ts';

const audience = '*@golden';
const iat = 1_795_300_000;
const SINCE = 1_795_200_000;

let rootKey: SigningKey;
let root: Signer;
let a: SigningKey;
let b: SigningKey;
let c: SigningKey;
let set: KeySet;
const signerOn = (key: SigningKey) => createSigner({ key: key.key, kid: key.kid, issuer: 'gateway' });

beforeAll(async () => {
  [rootKey, a, b, c] = (await Promise.all([newKey(), newKey(), newKey(), newKey()])) as [
    SigningKey,
    SigningKey,
    SigningKey,
    SigningKey,
  ];
  root = signerOn(rootKey);
  set = {
    version: 3,
    keys: [
      { jwk: a.publicJwk, state: 'active' },
      { jwk: b.publicJwk, state: 'retired' },
      { jwk: c.publicJwk, state: 'compromised', compromisedFrom: SINCE },
    ],
  };
});

const pinned = () => ({ root: rootKey.publicJwk, issuer: 'gateway', audience });

describe('signed key set', () => {
  it('verifies against the pinned root', () => {
    const signed = signKeySet(set, { root, audience, iat });
    const mark = { version: 3, digest: digestOf(signed.payload) };
    expect(verifyKeySet(signed, pinned())).toEqual({ ok: true, set, mark });
    expect(verifyKeySet(signed, { ...pinned(), last: mark }).ok).toBe(true);
  });

  it('rises and never falls', () => {
    const at = (version: number, keys = set.keys) => signKeySet({ version, keys }, { root, audience, iat });
    const accepted = verifyKeySet(at(3), pinned());
    if (!accepted.ok) throw new Error('not accepted');
    const known = { ...pinned(), last: accepted.mark };
    expect(verifyKeySet(at(4), known).ok).toBe(true);
    expect(verifyKeySet(at(2), known)).toEqual({ ok: false, problem: 'ROLLED_BACK' });
    expect(verifyKeySet(at(3, set.keys.slice(0, 1)), known)).toEqual({ ok: false, problem: 'ROLLED_BACK' });
  });

  it('is refused from any key but the root, even from a key in the set', () => {
    const byActive = signKeySet(set, { root: signerOn(a), audience, iat });
    expect(verifyKeySet(byActive, pinned())).toEqual({ ok: false, problem: 'UNKNOWN_KEY' });
    expect(verifyKeySet(signKeySet(set, { root, audience, iat }), { ...pinned(), root: a.publicJwk }).ok).toBe(false);
  });

  it('is refused with other bytes, for another deployment, or under another version', () => {
    const signed = signKeySet(set, { root, audience, iat });
    const other = serialiseKeySet({ ...set, keys: set.keys.slice(1) });
    expect(verifyKeySet({ ...signed, payload: other }, pinned())).toEqual({ ok: false, problem: 'WRONG_DIGEST' });
    expect(verifyKeySet(signed, { ...pinned(), audience: '*@production' })).toEqual({
      ok: false,
      problem: 'WRONG_AUDIENCE',
    });
    const jws = root.sign('lt-keys+jws', { aud: audience, iat, dig: digestOf(signed.payload), ver: 4 });
    expect(verifyKeySet({ ...signed, jws }, pinned())).toEqual({ ok: false, problem: 'WRONG_VERSION' });
    const nonsense = Buffer.from('{"version":3}');
    const overNonsense = root.sign('lt-keys+jws', { aud: audience, iat, dig: digestOf(nonsense), ver: 3 });
    expect(verifyKeySet({ payload: nonsense, jws: overNonsense }, pinned())).toEqual({
      ok: false,
      problem: 'BAD_KEY_SET',
    });
  });

  it('is not signed where it could not be read', () => {
    const twice = { version: 3, keys: [...set.keys, { jwk: a.publicJwk, state: 'retired' as const }] };
    expect(() => signKeySet(twice, { root, audience, iat })).toThrow(TypeError);
    expect(() => signKeySet({ ...set, version: 0 }, { root, audience, iat })).toThrow(TypeError);
  });
});

describe('key set bytes', () => {
  it('are refused where a member is unknown, missing or wrong', () => {
    const text = serialiseKeySet(set).toString('utf8');
    expect(readKeySet(Buffer.from(text))).toEqual(set);
    const swaps: readonly (readonly [string, string])[] = [
      ['"state":"active"', '"state":"trusted"'],
      ['"state":"active"', '"state":"active","compromised_from":1'],
      ['"state":"active"', '"state":"compromised"'],
      [`"compromised_from":${SINCE}`, '"compromised_from":"x"'],
      ['"state":"active"', '"state":"active","d":"x"'],
      ['"state":"active"', '"state":"active","state":"active"'],
      ['"crv":"P-256"', '"crv":"P-384"'],
      ['"version":3', '"version":0'],
      ['"version":3', '"version":"3"'],
      ['"version":3', '"version":3,"note":"x"'],
      [a.kid, b.kid],
      [`"kid":"${a.kid}",`, ''],
    ];
    for (const [from, to] of swaps) {
      expect(text).toContain(from);
      expect(readKeySet(Buffer.from(text.replace(from, to))), to).toBeUndefined();
    }
    for (const wrong of ['', '[]', '{}', '{"version":1,"keys":{}}', '{"version":1,"keys":[null]}', text.slice(1)]) {
      expect(readKeySet(Buffer.from(wrong)), wrong).toBeUndefined();
    }
  });
});

describe('keys of a set', () => {
  const signed = (key: SigningKey) => signerOn(key).sign('lt-end+jws', vector('lt-end+jws', 'server').claims as never);
  const accepts = (key: SigningKey, keys: ReturnType<typeof liveKeys>) =>
    verifyToken(signed(key), { typ: 'lt-end+jws', keys }).ok;

  it('of now are the active ones', () => {
    const live = liveKeys(set, 'gateway');
    expect([a, b, c, rootKey].map((key) => accepts(key, live))).toEqual([true, false, false, false]);
  });

  it('of evidence are all that were not in other hands when it was logged', () => {
    const before = evidenceKeys(set, 'gateway', SINCE - 1);
    const after = evidenceKeys(set, 'gateway', SINCE);
    expect([a, b, c].map((key) => accepts(key, before))).toEqual([true, true, true]);
    expect([a, b, c].map((key) => accepts(key, after))).toEqual([true, true, false]);
    expect(evidenceCounts({ state: 'compromised', compromisedFrom: SINCE }, Number.NaN)).toBe(false);
  });
});
