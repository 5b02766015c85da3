import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificateAuthority } from '../development/certificates.ts';
import { openPrivateFolder, type PrivateFolder } from '../development/folder.ts';
import { keepRules } from '../development/rules.ts';
import { keepSecrets } from '../development/secrets.ts';
import { faultChannel } from '../faults/point.ts';
import { readSignedBundle } from '../policy/signed-bundle.ts';
import { generateSigningJwk } from '../signing/key-store.ts';
import type { GatewayConfigFile } from './config-file.ts';
import { readGatewayConfig } from './read-config.ts';

const bundle = fileURLToPath(new URL('../../policies/bundle', import.meta.url));
const URL_OF_DATABASE = 'postgresql://u:secret-word@localhost:5432/lienthong';
const env = { DATABASE_URL: URL_OF_DATABASE };
let folder: PrivateFolder;
let good: GatewayConfigFile;

beforeAll(async () => {
  folder = await openPrivateFolder(await mkdtemp(join(tmpdir(), 'lienthong-config-')));
  await keepSecrets(folder, 'dev-tests');
  await keepRules(folder, { deployment: 'dev-tests', bundle });
  good = {
    version: 1,
    deployment: { id: 'dev-tests', kind: 'development' },
    listen: { host: '127.0.0.1', port: 7443 },
    database: { url: 'env:DATABASE_URL' },
    tls: { ca: 'file:ca.pem', certificate: 'file:server-cert.pem', key: 'file:server-key.pem' },
    signing_key: 'file:signing.jwk.json',
    key_set: 'file:key-set.json',
    log: { origin: 'lienthong.dev/dev-tests', key: 'file:log-key.pem', heads: 'file:heads' },
    storage_keys: 'file:storage-keys.json',
    policy: {
      wasm: `file:${bundle}/policy.wasm`,
      manifest: `file:${bundle}/.manifest`,
      signature: 'file:policy.jws',
      key: 'file:policy-key.public.jwk.json',
    },
    limits: {},
  };
});
afterAll(() => rm(folder.path, { recursive: true, force: true }));

async function read(config: unknown, environment: Record<string, string> = env) {
  await folder.write('config.json', typeof config === 'string' ? config : JSON.stringify(config));
  return readGatewayConfig(join(folder.path, 'config.json'), environment);
}

const officers = ['A', 'B'].map((letter) => letter.repeat(43));
const production = { id: 'register', kind: 'production' } as const;

describe('a config', () => {
  it('keeps every default of the machine where it names no limits', async () => {
    const { limits: _, ...bare } = good;
    expect((await read(bare)).limits).toEqual({});
    await expect(read({ ...good, limits: null })).rejects.toMatchObject({ member: 'limits' });
  });

  it('is read with all that it names', async () => {
    const config = await read({ ...good, limits: { connections: 50 } });
    expect(config).toMatchObject({
      deployment: good.deployment,
      listen: good.listen,
      databaseUrl: URL_OF_DATABASE,
      log: { origin: 'lienthong.dev/dev-tests', heads: join(folder.path, 'heads') },
      limits: { connections: 50 },
      officers: undefined,
    });
    const { key, publicKey, known, version } = config.log.keys;
    expect([key.type, publicKey.type, known.length, version]).toEqual(['private', 'public', 2, 1]);
    const files = await config.policy.read();
    expect(files.manifest).toContain('lienthong/exchange');
    const trust = { key: config.policy.key, deployment: 'dev-tests', nowSeconds: () => Date.now() / 1000 };
    expect(readSignedBundle(files, trust).revision).toBeGreaterThan(0);
    expect(config.keys.answer.type).toBe('secret');
  });

  it('of a development deployment listens on loopback where nothing is said', async () => {
    expect((await read({ ...good, listen: {} })).listen).toEqual({ host: '127.0.0.1', port: 7443 });
  });

  it('of production is refused while somebody listens at a fault point of the process', async () => {
    const listener = () => undefined;
    const file = { ...good, deployment: production, officers };
    faultChannel('sign').subscribe(listener);
    try {
      await expect(read(file)).rejects.toThrow(/fault point.*production refuses/);
      expect((await read(good)).deployment.kind).toBe('development');
    } finally {
      faultChannel('sign').unsubscribe(listener);
    }
    await expect(read(file)).rejects.not.toThrow(/fault point/);
  });

  it('has neither metrics nor traces unless it says so, and metrics on loopback unless it says where', async () => {
    expect(await read(good)).toMatchObject({ metrics: undefined, traces: undefined });
    const traces = { endpoint: 'http://127.0.0.1:4318/v1/traces', ratio: 0.01 };
    expect(await read({ ...good, metrics: { port: 9464 }, traces })).toMatchObject({
      metrics: { host: '127.0.0.1', port: 9464 },
      traces,
    });
  });

  it('of production listens anywhere, under a CA that bears another name', async () => {
    const root = await createCertificateAuthority('register', { name: 'Register CA' });
    await folder.write('other-ca.pem', root.certificate);
    const changed = {
      deployment: production,
      listen: { host: '0.0.0.0' },
      tls: { ...good.tls, ca: 'file:other-ca.pem' },
    };
    expect(await read({ ...good, ...changed, officers })).toMatchObject({
      deployment: production,
      listen: { host: '0.0.0.0', port: 7443 },
      officers: new Set(officers),
    });
    // Whoever writes to the database could otherwise enrol officers of his own.
    await expect(read({ ...good, ...changed })).rejects.toMatchObject({ member: 'officers' });
  });
});

type Change = (config: Record<string, Record<string, unknown>> & GatewayConfigFile) => unknown;

describe('refused by the name of the member', () => {
  const cases: [string, string, Change][] = [
    ['another version', 'version', (c) => ({ ...c, version: 2 })],
    ['a member that nobody knows', 'listne', (c) => ({ ...c, listne: {} })],
    ['an inner member that nobody knows', 'tls.chain', (c) => ({ ...c, tls: { ...c.tls, chain: 'file:x' } })],
    ['a missing part', 'log', ({ log: _, ...rest }) => rest],
    ['a missing member', 'tls.key', ({ tls: { key: _, ...tls }, ...rest }) => ({ ...rest, tls })],
    ['an unknown kind', 'deployment.kind', (c) => ({ ...c, deployment: { ...c.deployment, kind: 'staging' } })],
    ['an id with spaces', 'deployment.id', (c) => ({ ...c, deployment: { ...c.deployment, id: 'a b' } })],
    ['a port too high', 'listen.port', (c) => ({ ...c, listen: { port: 65_536 } })],
    ['development on all addresses', 'listen.host', (c) => ({ ...c, listen: { host: '0.0.0.0' } })],
    ['production that does not say where', 'listen.host', (c) => ({ ...c, deployment: production, listen: {} })],
    [
      'production under a development id',
      'deployment.id',
      (c) => ({ ...c, deployment: { id: 'dev-tests', kind: 'production' } }),
    ],
    ['production that trusts a development CA', 'tls.ca', (c) => ({ ...c, officers, deployment: production })],
    ['one officer', 'officers', (c) => ({ ...c, officers: officers.slice(1) })],
    ['one officer twice', 'officers', (c) => ({ ...c, officers: [officers[0], officers[0]] })],
    ['officers by name', 'officers', (c) => ({ ...c, officers: ['CB-AN', 'CB-BINH'] })],
    ['officers that are no list', 'officers', (c) => ({ ...c, officers: { one: officers[0], two: officers[1] } })],
    ['a URL in the open', 'database.url', (c) => ({ ...c, database: { url: URL_OF_DATABASE } })],
    ['a variable that is not set', 'database.url', (c) => ({ ...c, database: { url: 'env:NOTHING' } })],
    [
      'rules that are not signed',
      'policy.signature',
      (c) => ({ ...c, policy: { ...c.policy, signature: 'file:none' } }),
    ],
    ['rules by nobody', 'policy.key', ({ policy: { key: _, ...policy }, ...rest }) => ({ ...rest, policy })],
    ['a private key to pin', 'policy.key', (c) => ({ ...c, policy: { ...c.policy, key: 'file:policy-key.jwk.json' } })],
    ['a file that is not there', 'signing_key', (c) => ({ ...c, signing_key: 'file:nothing.json' })],
    ['a folder for a file', 'signing_key', (c) => ({ ...c, signing_key: 'file:.' })],
    ['a certificate for a key', 'tls.key', (c) => ({ ...c, tls: { ...c.tls, key: 'file:ca.pem' } })],
    ['the key of another certificate', 'tls.key', (c) => ({ ...c, tls: { ...c.tls, key: 'file:ca-key.pem' } })],
    ['a key for a CA', 'tls.ca', (c) => ({ ...c, tls: { ...c.tls, ca: 'file:ca-key.pem' } })],
    ["the server's certificate for a CA", 'tls.ca', (c) => ({ ...c, tls: { ...c.tls, ca: 'file:server-cert.pem' } })],
    ['the root as signing key', 'key_set', (c) => ({ ...c, signing_key: 'file:key-set-root.jwk.json' })],
    [
      'a root that did not sign the key set',
      'key_set',
      (c) => ({ ...c, key_set_root: 'file:policy-key.public.jwk.json' }),
    ],
    ['a private key as the root', 'key_set_root', (c) => ({ ...c, key_set_root: 'file:key-set-root.jwk.json' })],
    ['another log key', 'key_set', (c) => ({ ...c, log: { ...c.log, key: 'file:server-key.pem' } })],
    ['a JWK for the log key', 'log.key', (c) => ({ ...c, log: { ...c.log, key: 'file:signing.jwk.json' } })],
    ['heads in a variable', 'log.heads', (c) => ({ ...c, log: { ...c.log, heads: 'env:HEADS' } })],
    ['an origin with spaces', 'log.origin', (c) => ({ ...c, log: { ...c.log, origin: 'a b' } })],
    ['no witness at all', 'log.witnesses', (c) => ({ ...c, log: { ...c.log, witnesses: 0 } })],
    ['more witnesses than a head shows', 'log.witnesses', (c) => ({ ...c, log: { ...c.log, witnesses: 64 } })],
    ['a key set for the storage keys', 'storage_keys', (c) => ({ ...c, storage_keys: 'file:key-set.json' })],
    ['storage keys for the key set', 'key_set', (c) => ({ ...c, key_set: 'file:storage-keys.json' })],
    ['an index of accesses that is neither kept nor left', 'accesses.index', (c) => ({ ...c, accesses: { index: 1 } })],
    ['metrics without a port', 'metrics.port', (c) => ({ ...c, metrics: {} })],
    ['development metrics for all', 'metrics.host', (c) => ({ ...c, metrics: { host: '0.0.0.0', port: 1 } })],
    ['a password for traces', 'traces.endpoint', (c) => ({ ...c, traces: { endpoint: 'http://a:b@c', ratio: 1 } })],
    ['traces to a file', 'traces.endpoint', (c) => ({ ...c, traces: { endpoint: 'file:///x', ratio: 1 } })],
    ['traces of nothing', 'traces.ratio', (c) => ({ ...c, traces: { endpoint: 'http://c', ratio: 0 } })],
    ['an unknown limit', 'limits.speed', (c) => ({ ...c, limits: { speed: 1 } })],
    ['more threads than any machine has', 'limits.ioThreads', (c) => ({ ...c, limits: { ioThreads: 65 } })],
    ['a limit of nothing', 'limits.connections', (c) => ({ ...c, limits: { connections: 0 } })],
    ['a list', 'config', () => []],
    ['what is no JSON', 'config', () => '{"signing_key": "file:'],
  ];
  it.each(cases)('%s (%s)', async (_, member, change) => {
    const changed = change(structuredClone(good) as Parameters<Change>[0]);
    const environment = { ...env };
    const failure = await read(changed, environment).then(
      () => expect.fail('it was read'),
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ name: 'ConfigError', member });
    expect(String(failure)).toContain(member === 'config' ? 'ConfigError: config: ' : `config: ${member}: `);
    expect(String(failure)).not.toContain('secret-word');
  });

  it.each(['tls.key', 'signing_key', 'log.key', 'storage_keys'])('a %s that others may read', async (member) => {
    const file = { 'tls.key': 'server-key.pem', signing_key: 'signing.jwk.json', 'log.key': 'log-key.pem' }[member];
    const path = join(folder.path, file ?? 'storage-keys.json');
    await chmod(path, 0o640);
    try {
      await expect(read(good)).rejects.toMatchObject({ member });
      await expect(read(good)).rejects.toThrow('chmod 600');
    } finally {
      await chmod(path, 0o600);
    }
    await read(good);
  });

  it.each([
    ['config', 'config.json'],
    ['policy.key', 'policy-key.public.jwk.json'],
    ['tls.ca', 'ca.pem'],
    ['key_set', 'key-set.json'],
  ])('a %s that anybody may write', async (member, file) => {
    await read(good);
    const path = join(folder.path, file);
    await chmod(path, 0o666);
    const again = readGatewayConfig(join(folder.path, 'config.json'), env);
    await expect(again).rejects.toMatchObject({ member, message: expect.stringContaining('chmod o-w') });
    await chmod(path, 0o640);
    await readGatewayConfig(join(folder.path, 'config.json'), env);
  });

  it('a damaged key file, without a word of it', async () => {
    const { d } = await generateSigningJwk();
    await writeFile(join(folder.path, 'damaged.json'), `{"d":"${d}"`, { mode: 0o600 });
    const failure = await read({ ...good, signing_key: 'file:damaged.json' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ member: 'signing_key' });
    expect(String(failure)).not.toContain(d);
  });
});
