import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createIdentities } from '../../test/support/identities.ts';
import { createDirectory } from '../agencies/directory.ts';
import { loadAgreements } from '../agreements/store.ts';
import { readGatewayConfig } from '../config/read-config.ts';
import { VOCABULARY, VOCABULARY_VERSION } from '../fields/vocabulary.ts';
import { policyVocabulary } from '../policy/vocabulary.ts';
import { audienceOf } from '../signing/binding.ts';
import { verifyKeySet } from '../signing/signed-key-set.ts';
import { DEVELOPMENT_AGENCIES } from './agencies.ts';
import { createDevelopmentDeployment, type DevelopmentDeployment } from './deployment.ts';
import { createEnrolment } from './enrol.ts';

const vocabulary = policyVocabulary(VOCABULARY.fields, VOCABULARY_VERSION);
const descriptors = Uint8Array.of(10, 0);
let database: TestDatabase;
let dataDir: string;
let deployment: DevelopmentDeployment;

function make(port: number, changes: { dataDir?: string; host?: string } = {}): Promise<DevelopmentDeployment> {
  return createDevelopmentDeployment({
    dataDir,
    pool: database.pool,
    port,
    databaseUrl: database.url,
    descriptors,
    vocabulary,
    ...changes,
  });
}

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'lienthong-dev-'));
  deployment = await make(7443);
});
afterAll(async () => {
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Every file below a folder with its content's digest. */
async function snapshot(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const digests = files.map(async (file) => {
    return [
      file.slice(folder.length + 1),
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    ] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}

async function tables(): Promise<Record<string, unknown[]>> {
  const names = [
    'deployment',
    'agency',
    'agency_certificate',
    'agency_key',
    'agency_encryption_key',
    'officer',
    'agreement',
    'act',
    'change',
  ];
  const all = names.map(async (name) => {
    const { rows } = await database.pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t ORDER BY 1`);
    return [name, rows.map(({ row }) => row)] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}

/** As the gateway reads them. */
const pinned = async () => (await readGatewayConfig(deployment.configPath, {})).officers;
const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'));

describe('a new development deployment', () => {
  it('is complete for the gateway: its config is read whole and strictly', async () => {
    expect(deployment.created).toBe(true);
    expect(deployment.id).toMatch(/^dev-[a-z2-9]{8}$/);
    const config = await readGatewayConfig(deployment.configPath, {});
    expect(config).toMatchObject({
      deployment: { id: deployment.id, kind: 'development' },
      listen: { host: '127.0.0.1', port: 7443 },
      databaseUrl: database.url,
      log: { origin: deployment.logOrigin, heads: join(dataDir, 'gateway', 'heads') },
      limits: {},
    });
    const { rows } = await database.pool.query<{ kid: string }>('SELECT kid FROM officer');
    expect(config.officers).toEqual(new Set(rows.map(({ kid }) => kid)));
    const root = deployment.secrets.root.publicJwk;
    const read = { root, issuer: 'gateway', audience: audienceOf('*', deployment.id) };
    expect(verifyKeySet(config.own.keySet, read)).toMatchObject({ ok: true, mark: { version: 1 } });
    expect(new X509Certificate(config.tls.ca).subject).toContain(`Liên Thông development CA ${deployment.id}`);
  });

  it('has every agency enrolled, with a certificate and a key that the directory knows', async () => {
    const directory = createDirectory({ pool: database.pool });
    await directory.refresh();
    for (const { code, legalEntity } of DEVELOPMENT_AGENCIES) {
      const folder = deployment.profiles[code] ?? '';
      const { raw } = new X509Certificate(await readFile(join(folder, 'cert.pem')));
      const caller = directory.find(createHash('sha256').update(raw).digest('hex'));
      if (typeof caller === 'string') return expect.fail(`${code} is ${caller}`);
      expect(caller).toMatchObject({ agency: code, legalEntity });
      expect(caller.keys((await json(join(folder, 'signing.jwk.json'))).kid)).toMatchObject({ issuer: code });
    }
  });

  it('has every agreement under two signatures', async () => {
    const { data, refused } = await loadAgreements({
      pool: database.pool,
      deployment: deployment.id,
      vocabulary,
      pinned: await pinned(),
    });
    expect(refused).toEqual([]);
    const { operator, ...ofAgencies } = data.agreements;
    expect(Object.keys(operator ?? {})).toEqual(['administration']);
    const agreed = Object.entries(ofAgencies).map(([code, byPurpose]) => [code, Object.keys(byPurpose)]);
    const profiles = DEVELOPMENT_AGENCIES.map(async ({ code }) => {
      return [code, (await json(join(deployment.profiles[code] ?? '', 'config.json'))).purposes] as const;
    });
    expect(new Map(agreed as [string, string[]][])).toEqual(new Map(await Promise.all(profiles)));
    expect(agreed).toHaveLength(7);
  });

  it('writes a profile folder with all that its config names, and what the agreements demand', async () => {
    for (const { code } of DEVELOPMENT_AGENCIES) {
      const folder = join(dataDir, 'agencies', code);
      const config = await json(join(folder, 'config.json'));
      expect(config).toMatchObject({ version: 1, address: 'localhost:7443', deployment: deployment.id, agency: code });
      expect(Object.values(config.context as Record<string, string>).every((text) => text !== '')).toBe(true);
      const named = Object.values(config).filter((value) => String(value).startsWith('file:'));
      const names = named.map((uri) => String(uri).slice(5)).sort();
      // Whom to believe of the log is no matter of how to call: no config names it.
      expect((await readdir(folder)).sort()).toEqual([...names, 'config.json', 'witnesses.json'].sort());
      expect(names).toContain('log-key.pub.pem');
      const root = await json(join(folder, 'key-set-root.jwk.json'));
      expect(Object.keys(root).sort()).toEqual(['crv', 'kty', 'x', 'y']);
      expect(new Uint8Array(await readFile(join(folder, 'descriptors.binpb')))).toEqual(descriptors);
    }
  });

  it('keeps its folders and files to their owner', async () => {
    for (const part of ['gateway', 'agencies/viettel']) {
      const entries = await readdir(join(dataDir, part), { recursive: true, withFileTypes: true });
      expect((await stat(join(dataDir, part))).mode & 0o777).toBe(0o700);
      for (const entry of entries) {
        const { mode } = await stat(join(entry.parentPath, entry.name));
        expect([entry.name, mode & 0o777]).toEqual([entry.name, entry.isDirectory() ? 0o700 : 0o600]);
      }
    }
  });
});

describe('further identities', () => {
  it('are enrolled unless told otherwise, and the foreign and expired ones are what they say', async () => {
    const identities = createIdentities({ pool: database.pool, deployment });
    const directory = createDirectory({ pool: database.pool });
    const second = await identities.certificate('viettel');
    const expired = await identities.expiredCertificate('viettel');
    const foreign = await identities.foreignCertificate('viettel');
    const unknown = await identities.certificate('viettel', { enrolled: false });
    const key = await identities.signingKey('viettel');
    const stray = await identities.signingKey('viettel', { enrolled: false });
    await directory.refresh();
    for (const { fingerprint } of [second, expired, foreign]) {
      const caller = directory.find(fingerprint);
      if (typeof caller === 'string') return expect.fail(caller);
      expect([caller.agency, caller.keys(key.kid)?.kid, caller.keys(stray.kid)]).toEqual([
        'viettel',
        key.kid,
        undefined,
      ]);
    }
    expect(directory.find(unknown.fingerprint)).toBe('unknown');
    const ca = new X509Certificate(deployment.secrets.ca.certificate);
    const issued = ({ certificate }: { certificate: string }) => new X509Certificate(certificate).verify(ca.publicKey);
    expect([second, expired, foreign].map(issued)).toEqual([true, true, false]);
    expect(expired.notAfter.getTime()).toBeLessThan(Date.now());
  });
});

describe('the next start on the same folder', () => {
  it('changes nothing', async () => {
    const before = [await snapshot(dataDir), await tables()];
    const again = await make(7443);
    expect(again).toMatchObject({ id: deployment.id, created: false, outdated: [] });
    expect([await snapshot(dataDir), await tables()]).toEqual(before);
  });

  it('on another port changes the configs only', async () => {
    const before = await snapshot(dataDir);
    await make(7999);
    const after = await snapshot(dataDir);
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed.sort()).toEqual(
      [
        'gateway/config.json',
        ...DEVELOPMENT_AGENCIES.map(({ code }) => `agencies/${code}/config.json`),
        ...Object.keys(deployment.officers).map((code) => `officers/${code}/config.json`),
      ].sort(),
    );
    expect((await json(join(dataDir, 'agencies/moh/config.json'))).address).toBe('localhost:7999');
    expect((await readGatewayConfig(deployment.configPath, {})).listen.port).toBe(7999);
  });

  it('finishes what a start cut short left undone', async () => {
    await rm(join(dataDir, 'agencies/bhxh'), { recursive: true });
    await database.pool.query(`DELETE FROM agreement WHERE agency = 'moh'`);
    await make(7443);
    expect(await readdir(join(dataDir, 'agencies/bhxh'))).toContain('signing.jwk.json');
    const { data } = await loadAgreements({
      pool: database.pool,
      deployment: deployment.id,
      vocabulary,
      pinned: await pinned(),
    });
    expect(Object.keys(data.agreements.moh ?? {})).toEqual(['patient-record']);
  });

  it('leaves barred what was barred', async () => {
    await createEnrolment({ pool: database.pool }).barAgency('vinaphone');
    await make(7443);
    const { rows } = await database.pool.query(`SELECT status FROM agency WHERE code = 'vinaphone'`);
    expect(rows).toEqual([{ status: 'barred' }]);
  });
});

describe('a database', () => {
  it('of another data folder is refused, and nothing is written into the new one', async () => {
    const other = join(dataDir, 'other');
    await expect(make(7443, { dataDir: other })).rejects.toMatchObject({ reason: 'DATABASE_OF_ANOTHER' });
    expect(await snapshot(other)).toEqual({});
  });

  it('once stamped production refuses development for ever', async () => {
    const production = await createTestDatabase();
    try {
      await production.pool.query(`INSERT INTO deployment (deployment_id, kind) VALUES ('register', 'production')`);
      const folder = join(dataDir, 'production');
      const options = { dataDir: folder, pool: production.pool, port: 7443, descriptors, vocabulary };
      await expect(createDevelopmentDeployment(options)).rejects.toMatchObject({ reason: 'DATABASE_IS_PRODUCTION' });
      await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
      expect((await production.pool.query('SELECT FROM agency')).rowCount).toBe(0);
    } finally {
      await production.drop();
    }
  });

  it('is never listened for beyond loopback', async () => {
    await expect(make(7443, { host: '0.0.0.0' })).rejects.toThrow('loopback');
  });
});
