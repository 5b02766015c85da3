import { beforeAll, describe, expect, it } from 'vitest';
import type { KeySet } from '../signing/key-set.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../signing/key-store.ts';
import { parseToken } from '../signing/parse.ts';
import { createSigner } from '../signing/sign.ts';
import { signKeySet } from '../signing/signed-key-set.ts';
import { createKeyWatch, type OwnKeyFacts } from './key-watch.ts';

let root: SigningKey;
let first: SigningKey;
let next: SigningKey;
beforeAll(async () => {
  [root, first, next] = (await Promise.all([1, 2, 3].map(async () => loadSigningKey(await generateSigningJwk())))) as [
    SigningKey,
    SigningKey,
    SigningKey,
  ];
});

function facts(signingKey: SigningKey, set: KeySet): OwnKeyFacts {
  const signer = createSigner({ key: root.key, kid: root.kid, issuer: 'gateway' });
  return { signingKey, set, keySet: signKeySet(set, { root: signer, audience: '*@d', iat: 1_795_300_000 }) };
}

function watch() {
  const lines: string[] = [];
  const one = { jwk: first.publicJwk, state: 'active' as const };
  const two = { jwk: next.publicJwk, state: 'active' as const };
  const sets = {
    before: facts(first, { version: 1, keys: [one] }),
    published: facts(first, { version: 2, keys: [one, two] }),
    switched: facts(next, { version: 2, keys: [one, two] }),
    ended: facts(next, {
      version: 3,
      keys: [{ jwk: first.publicJwk, state: 'compromised', compromisedFrom: 1_795_300_000 }, two],
    }),
  };
  const state: { found: OwnKeyFacts | undefined } = { found: sets.before };
  const line = (_fields: object, event: string) => void lines.push(event);
  const keys = createKeyWatch({
    opened: sets.before,
    read: async () => state.found ?? Promise.reject(new Error('torn')),
    log: { info: line, error: line },
  });
  return { keys, lines, sets, state };
}

const kidOf = (keys: ReturnType<typeof createKeyWatch>) => {
  const token = keys.signer.sign('lt-possession+jws', { aud: 'gateway@d', iat: 1, dig: 'A'.repeat(43) });
  const parsed = parseToken(token);
  return parsed.ok ? parsed.token.kid : '';
};

describe('own keys', () => {
  it('are taken as they come: published, then signing, then ended', async () => {
    const { keys, sets, state } = watch();
    const seen: unknown[] = [];
    for (const name of ['published', 'switched', 'ended'] as const) {
      state.found = sets[name];
      const told = await keys.keySet();
      seen.push([told === sets[name].keySet, keys.version, kidOf(keys) === keys.signer.kid, keys.signer.kid]);
    }
    expect(seen).toEqual([
      [true, 2, true, first.kid],
      [true, 2, true, next.kid],
      [true, 3, true, next.kid],
    ]);
    expect([keys.isCompromised(first.kid), keys.isCompromised(next.kid), keys.isCompromised('x')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('stay where what lies there is torn, older, or another set of the same version; that is said once', async () => {
    const { keys, lines, sets, state } = watch();
    state.found = sets.published;
    await keys.refresh();
    const { set } = sets.published;
    for (const wrong of [undefined, sets.before, facts(next, { ...set, keys: set.keys.slice(1) })]) {
      state.found = wrong;
      await keys.refresh();
      await keys.refresh();
      expect([keys.version, keys.refused, kidOf(keys)]).toEqual([2, true, first.kid]);
    }
    expect(lines.filter((line) => line.includes('refused'))).toHaveLength(2);
    state.found = sets.switched;
    await keys.refresh();
    expect([keys.refused, keys.signer.kid]).toEqual([false, next.kid]);
  });
});
