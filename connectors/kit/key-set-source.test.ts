import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { KeySetEntry } from '../../gateway/signing/key-set.ts';
import { generateSigningJwk, loadSigningKey } from '../../gateway/signing/key-store.ts';
import { createSigner } from '../../gateway/signing/sign.ts';
import { signKeySet } from '../../gateway/signing/signed-key-set.ts';
import { createKeySetSource, readKeptKeySet } from './key-set-source.ts';
import { KitError } from './kit-error.ts';

const DEPLOYMENT = 'test-deployment';
const root = loadSigningKey(await generateSigningJwk());
const [one, two] = [loadSigningKey(await generateSigningJwk()), loadSigningKey(await generateSigningJwk())];
const rootSigner = createSigner({ key: root.key, kid: root.kid, issuer: 'gateway' });

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

let stateFolder: string;
let time: { ms: number; seconds: number };
let fetched: number;
/** What the gateway tells. */
let told: { version: number; keys: KeySetEntry[] } | Error;
beforeEach(() => {
  stateFolder = mkdtempSync(join(tmpdir(), 'lienthong-key-set-'));
  folders.push(stateFolder);
  time = { ms: 0, seconds: 1_795_300_000 };
  fetched = 0;
  told = { version: 1, keys: [{ jwk: one.publicJwk, state: 'active' }] };
});

const source = () =>
  createKeySetSource({
    profile: { deployment: DEPLOYMENT, keySetRoot: root.publicJwk, stateFolder },
    async fetch() {
      fetched += 1;
      if (told instanceof Error) throw told;
      return signKeySet(told, { root: rootSigner, audience: `*@${DEPLOYMENT}`, iat: time.seconds });
    },
    clock: { ms: () => time.ms, seconds: () => time.seconds },
  });
const version = async (from: ReturnType<typeof source>) => (await from.get()).set.version;
const second = (): KeySetEntry[] => [
  { jwk: one.publicJwk, state: 'compromised', compromisedFrom: time.seconds },
  { jwk: two.publicJwk, state: 'active' },
];

it('a key set that is kept and cannot be read is not taken for none: an older one would pass', async () => {
  await source().get();
  writeFileSync(join(stateFolder, 'key-set.json'), '{"version":');
  await expect(source().get()).rejects.toMatchObject({ reason: 'STATE_UNREADABLE' });
});

describe('the key set of a client that runs', () => {
  it('is fetched anew beside the work once it is a minute old: a key in other hands is not believed for days', async () => {
    const keys = source();
    const { keys: before } = await keys.get();
    told = { version: 2, keys: second() };
    time.ms += 30_000;
    expect([await version(keys), fetched]).toEqual([1, 1]);
    time.ms += 31_000;
    await keys.get();
    await expect.poll(() => version(keys)).toBe(2);
    const { keys: after } = await keys.get();
    expect([before(one.kid)?.kid, after(one.kid), fetched]).toEqual([one.kid, undefined, 2]);
  });

  it('stays where the gateway is away for that, and ends where what it tells is not believed', async () => {
    const keys = source();
    told = { version: 2, keys: second() };
    expect(await version(keys)).toBe(2);
    told = new Error('away');
    time.ms += 61_000;
    expect(await version(keys)).toBe(2);
    await expect.poll(() => fetched).toBe(2);
    told = { version: 2, keys: second().slice(1) };
    time.ms += 61_000;
    await keys.get();
    await expect
      .poll(() => version(keys).catch((error: unknown) => (error instanceof KitError ? error.reason : '')))
      .toBe('UNTRUSTED_KEY_SET');
  });
});

describe('a gateway that tells of an older set', () => {
  it('is passed over while the newer one spreads, and is a roll-back after that', async () => {
    const older = told;
    told = { version: 2, keys: second() };
    await version(source());
    told = older;
    time.seconds += 599;
    const { set, keys } = await source().get();
    expect([set.version, keys(one.kid)]).toEqual([2, undefined]);
    time.seconds += 1;
    await expect(source().get()).rejects.toMatchObject({ facts: { problem: 'ROLLED_BACK' } });
    // A clock put back buys no time.
    time.seconds -= 3_600;
    await expect(source().get()).rejects.toMatchObject({ facts: { problem: 'ROLLED_BACK' } });
  });

  it('has not signed it with the root: it is no older set but none', async () => {
    told = { version: 2, keys: second() };
    await version(source());
    const forged = createKeySetSource({
      profile: { deployment: DEPLOYMENT, keySetRoot: root.publicJwk, stateFolder },
      fetch: async () => {
        const thief = createSigner({ key: one.key, kid: one.kid, issuer: 'gateway' });
        const set = { version: 1, keys: [{ jwk: one.publicJwk, state: 'active' as const }] };
        return signKeySet(set, { root: thief, audience: `*@${DEPLOYMENT}`, iat: time.seconds });
      },
    });
    await expect(forged.get()).rejects.toMatchObject({ facts: { problem: 'UNKNOWN_KEY' } });
    expect((await readKeptKeySet({ stateFolder }))?.payload).toBeDefined();
  });
});
