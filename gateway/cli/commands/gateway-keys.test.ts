import { createPublicKey } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadKeyRing } from '../../sealing/key-ring.ts';
import { readKeySet } from '../../signing/key-set.ts';
import { generateSigningJwk, loadSigningKey, publicJwkOf } from '../../signing/key-store.ts';
import { readPublicJwk } from '../../signing/public-key.ts';
import { readSignedKeySet, verifyKeySet } from '../../signing/signed-key-set.ts';
import { runCaptured } from '../testing/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-own-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const keys = (...args: string[]) => runCaptured(['gateway-keys', ...args]);
const change = (...args: string[]) => keys(...args, '--root', at('root.jwk.json'), '--key-set', at('set.json'));
const create = (...more: string[]) =>
  keys(
    ...['create', '--deployment', 'register-1', '--root', at('root.jwk.json'), '--signing', at('signing.jwk.json')],
    ...['--log', at('log-key.pem'), '--out', at('set.json'), ...more],
  );
/** The set as a client reads it, who has nothing but the root. */
function read(deployment = 'register-1') {
  const root = readPublicJwk(JSON.parse(readFileSync(at('root.public.jwk.json'), 'utf8')));
  const signed = readSignedKeySet(readFileSync(at('set.json'), 'utf8'));
  if (root === undefined || signed === undefined) throw new Error('not made');
  return verifyKeySet(signed, { root, issuer: 'gateway', audience: `*@${deployment}` });
}
function readKept(name: string) {
  const set = readKeySet(readSignedKeySet(readFileSync(at(name), 'utf8'))?.payload ?? new Uint8Array());
  if (set === undefined) throw new Error('no key set');
  return set;
}
const states = () => {
  const known = read();
  return known.ok ? [known.set.version, ...known.set.keys.map(({ state }) => state)] : known.problem;
};

let kid: string;
beforeAll(async () => {
  const made = await create();
  expect([made.stderr, made.code]).toEqual(['', 0]);
  kid = loadSigningKey(JSON.parse(readFileSync(at('signing.jwk.json'), 'utf8'))).kid;
});

describe('gateway-keys', () => {
  it('makes the first set and its keys, of this deployment, and never a first set again', async () => {
    expect(states()).toEqual([1, 'active', 'active']);
    expect(read('register-2').ok).toBe(false);
    for (const secret of ['root.jwk.json', 'signing.jwk.json', 'log-key.pem']) {
      if (process.platform !== 'win32') expect(statSync(at(secret)).mode & 0o077).toBe(0);
    }
    const again = await create();
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is there already')]);
  });

  it('makes the storage keys beside the set or alone, for their owner only, and never again over those that are there', async () => {
    const alone = await keys('create', '--storage', at('storage-keys.json'));
    expect([alone.stderr, alone.code]).toEqual(['', 0]);
    if (process.platform !== 'win32') expect(statSync(at('storage-keys.json')).mode & 0o777).toBe(0o600);
    const made = readFileSync(at('storage-keys.json'), 'utf8');
    loadKeyRing(JSON.parse(made));
    const again = await keys('create', '--storage', at('storage-keys.json'));
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('storage-keys.json is there already')]);
    expect(readFileSync(at('storage-keys.json'), 'utf8')).toBe(made);
    // Nor is a set made whose storage keys are refused.
    const other = ['--out', at('other-set.json'), '--storage', at('storage-keys.json')];
    expect((await create(...other)).code).toBe(2);
    expect(existsSync(at('other-set.json'))).toBe(false);
    const both = await create(...other.slice(0, 3), at('other-keys.json'));
    expect([both.stderr, both.code, existsSync(at('other-set.json'))]).toEqual(['', 0, true]);
    expect(readFileSync(at('other-keys.json'), 'utf8')).not.toBe(made);
  });

  it('names all that is missing of a set at once', async () => {
    const { code, stderr } = await keys('create', '--deployment', 'register-1', '--storage', at('third.json'));
    expect([code, stderr]).toEqual([2, expect.stringContaining('--root, --signing, --log, --out must be given')]);
    expect(existsSync(at('third.json'))).toBe(false);
  });

  it('adds a key, ends one, and says since when one was in other hands: each is a set of a higher version', async () => {
    const next = await generateSigningJwk();
    writeFileSync(at('next.public.jwk.json'), JSON.stringify(publicJwkOf(next)));
    expect(await change('add', at('next.public.jwk.json'))).toMatchObject({ code: 0, stderr: '' });
    expect(states()).toEqual([2, 'active', 'active', 'active']);
    expect((await change('retire', kid)).stderr).toBe('');
    expect(states()).toEqual([3, 'retired', 'active', 'active']);
    const lost = await change('compromised', '--compromised-from', '2026-11-01T00:00:00Z', '--json', kid);
    expect([lost.stderr, JSON.parse(lost.stdout)]).toMatchObject([
      '',
      { version: 4, keys: [{ kid, state: 'compromised', compromised_from: '2026-11-01T00:00:00.000Z' }, {}, {}] },
    ]);
    const { stdout } = await keys('list', '--key-set', at('set.json'), '--lang', 'vi');
    expect(stdout).toContain('lộ từ');
  });

  it('never makes evidence out of what is none, nor a key active again', async () => {
    const [before, later] = [states(), ['--compromised-from', '2026-11-02T00:00:00Z']];
    for (const refused of [
      await change('retire', kid),
      await change('compromised', ...later, kid),
      await change('retire', 'A'.repeat(43)),
      await change('add', at('next.public.jwk.json')),
    ]) {
      expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining('was not changed')]);
    }
    expect(states()).toEqual(before);
  });

  it('makes lost keys anew beside those of the set, once, and nothing where the set is not of the root', async () => {
    const before = states() as [number, ...string[]];
    copyFileSync(at('set.json'), at('set.before.json'));
    for (const name of ['signing.jwk.json', 'log-key.pem']) renameSync(at(name), at(`lost.${name}`));
    const again = await create();
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('gateway-keys replace')]);
    const files = ['--signing', at('signing.jwk.json'), '--log', at('log-key.pem')];
    const other = await keys(
      ...['replace', '--root', at('lost.signing.jwk.json'), '--key-set', at('set.json'), ...files],
    );
    expect([other.code, existsSync(at('log-key.pem'))]).toEqual([2, false]);
    expect((await change('replace')).stderr).toContain('--signing, --log must be given');

    const made = await change('replace', ...files);
    expect([made.stderr, made.code]).toEqual(['', 0]);
    expect(made.stdout).toMatch(/signing_key.*log\.key.*gateway-keys retire/s);
    expect(states()).toEqual([before[0] + 2, ...before.slice(1), 'active', 'active']);
    const last = readKept('set.json').keys.slice(-2);
    const log = createPublicKey(readFileSync(at('log-key.pem'))).export({ format: 'jwk' });
    expect(last.map(({ jwk }) => jwk.x)).toEqual([
      loadSigningKey(JSON.parse(readFileSync(at('signing.jwk.json'), 'utf8'))).publicJwk.x,
      log.x,
    ]);
    if (process.platform !== 'win32') expect(statSync(at('log-key.pem')).mode & 0o077).toBe(0);
    const twice = await change('replace', ...files);
    expect([twice.code, twice.stderr]).toEqual([4, expect.stringContaining('was not changed')]);

    // Cut short between the key and the set, it goes on with that key.
    copyFileSync(at('set.before.json'), at('set.json'));
    expect((await change('replace', ...files)).code).toBe(0);
    expect(readKept('set.json').keys.slice(-2)).toEqual(last);
  });

  it('takes a thumbprint that begins with a hyphen for what it is', async () => {
    const { code, stderr } = await change('retire', `-${'A'.repeat(42)}`);
    expect([code, stderr]).toEqual([4, expect.stringContaining('no such key')]);
  });

  it('changes no set that another root signed', async () => {
    copyFileSync(at('signing.jwk.json'), at('other-root.jwk.json'));
    const { code, stderr } = await keys(
      ...['retire', '--root', at('other-root.jwk.json'), '--key-set', at('set.json'), kid],
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('UNKNOWN_KEY')]);
  });
});
