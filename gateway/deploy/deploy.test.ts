import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCaptured } from '../cli/testing/terminal.ts';
import { LIMIT_NAMES } from '../config/config-file.ts';
import { readConfigFile, readGatewayConfig } from '../config/read-config.ts';
import { createCertificateAuthority } from '../development/certificates.ts';
import { openPrivateFolder } from '../development/folder.ts';
import { keepRules } from '../development/rules.ts';
import { keepSecrets } from '../development/secrets.ts';
import { readSignedBundle } from '../policy/signed-bundle.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const EXAMPLE = join(import.meta.dirname, 'config.jsonc');
const UNIT = join(import.meta.dirname, 'lienthong.service');
const RETENTION_UNIT = join(import.meta.dirname, 'lienthong-retention.service');
const RETENTION_TIMER = join(import.meta.dirname, 'lienthong-retention.timer');
/** Where the examples say that the package is installed, with what is compiled in it. */
const INSTALLED = '/opt/lienthong/node_modules/lienthong/dist/';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-deploy-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the example config', () => {
  test('is read, comments and all, with every file that it names', async () => {
    const secrets = await openPrivateFolder(join(folder, 'etc'));
    await keepSecrets(secrets, 'register-hanoi-1');
    // Of the storage keys those that an operator's own command makes.
    rmSync(join(secrets.path, 'storage-keys.json'));
    const made = await runCaptured(['gateway-keys', 'create', '--storage', join(secrets.path, 'storage-keys.json')]);
    expect([made.code, made.stderr]).toEqual([0, '']);
    await keepRules(secrets, { deployment: 'register-hanoi-1', bundle: join(ROOT, 'policies', 'bundle') });
    const root = await createCertificateAuthority('register', { name: 'Register CA' });
    await secrets.write('clients-ca.pem', root.certificate);
    await secrets.write('database-url', 'postgresql://gateway:word@localhost:5432/lienthong\n');
    const text = readFileSync(EXAMPLE, 'utf8').replaceAll(INSTALLED, `${ROOT}/`);
    await secrets.write('config.json', text);
    const config = await readGatewayConfig(join(secrets.path, 'config.json'), {});
    expect(config).toMatchObject({
      deployment: { kind: 'production' },
      listen: { port: 7443 },
      log: { heads: '/var/lib/lienthong/heads' },
      // Without them every alarm of alerts.yml is blind.
      metrics: { host: '127.0.0.1', port: 9464 },
    });
    // Of a deployment that is the real one the way to the database is looked at.
    await secrets.write('database-url', 'postgresql://gateway:word@db.example:5432/lienthong\n');
    await expect(readGatewayConfig(join(secrets.path, 'config.json'), {})).rejects.toThrow('sslmode=verify-full');
    const bundle = await config.policy.read();
    const trust = { key: config.policy.key, deployment: 'register-hanoi-1', nowSeconds: () => Date.now() / 1000 };
    expect(readSignedBundle(bundle, trust).revision).toBeGreaterThan(0);
  });

  test('still refuses what it does not know, and a comment hides no member', async () => {
    const text = readFileSync(EXAMPLE, 'utf8');
    const file = join(folder, 'config.json');
    writeFileSync(file, text.replace('"version": 1,', '"version": 1, "verison": 2,'));
    await expect(readConfigFile(file)).rejects.toThrow('verison: is not a member');
    writeFileSync(file, text.replace(/^ {2}"storage_keys"/m, '  // "storage_keys"'));
    await expect(readConfigFile(file)).rejects.toThrow('storage_keys: is missing');
    for (const name of Object.keys((await readConfigFile(EXAMPLE)).limits ?? {})) expect(LIMIT_NAMES).toContain(name);
  });
});

const analyze = (...args: string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' });
const there = analyze('--version').status === 0;

/** A copy of a unit. The program is not installed here: it is looked at with one that is. */
function copyOf(path: string): string {
  const copy = join(folder, basename(path));
  const text = readFileSync(path, 'utf8');
  writeFileSync(copy, text.replace('/opt/lienthong/node_modules/.bin/lienthong', process.execPath));
  return copy;
}

describe('the example units', () => {
  test.skipIf(!there).each([UNIT, RETENTION_UNIT])('%s is one, and leaves little open', (path) => {
    const unit = copyOf(path);
    const verified = analyze('verify', '--man=no', unit);
    expect([verified.status, verified.stderr]).toEqual([0, '']);
    const security = analyze('security', '--offline=yes', '--threshold=20', '--no-pager', unit);
    expect(security.status, security.stdout.split('\n').slice(-3).join('\n')).toBe(0);
  });

  test.skipIf(!there)('the timer is one, of a time that there is', () => {
    copyOf(RETENTION_UNIT);
    const verified = analyze('verify', '--man=no', copyOf(RETENTION_TIMER));
    expect([verified.status, verified.stderr]).toEqual([0, '']);
    const [, when] = /^OnCalendar=(.+)$/m.exec(readFileSync(RETENTION_TIMER, 'utf8')) ?? [];
    expect(analyze('calendar', when ?? '').status).toBe(0);
  });

  test('serves the config that the example names', () => {
    expect(readFileSync(UNIT, 'utf8')).toMatch(
      /^ExecStart=\S+\/lienthong serve --config \/etc\/lienthong\/config\.json$/m,
    );
  });

  test('is started until its database is there, and not where a person is needed', () => {
    const unit = readFileSync(UNIT, 'utf8');
    // systemd's own limit, of five starts in ten seconds, or one of ours would leave a gateway down for good.
    expect(unit).toMatch(/^\[Unit\]\n(?:[^[].*\n|\n)*StartLimitIntervalSec=0$/m);
    expect(unit).toMatch(/^Restart=always$/m);
    expect(unit).toMatch(/^RestartPreventExitStatus=2 3$/m);
  });

  test('stands above what shares its machine', () => {
    const [, weight = ''] = /^CPUWeight=(\d+)$/m.exec(readFileSync(UNIT, 'utf8')) ?? [];
    // systemd.resource-control(5): 100 is what a unit without one has, 10000 the most; the page gives a database between.
    const database = 200;
    expect(readFileSync(join(ROOT, 'gateway', 'docs', 'install.md'), 'utf8')).toContain(`CPUWeight=${database}`);
    expect(Number(weight)).toBeGreaterThan(database);
    expect(Number(weight)).toBeLessThanOrEqual(10_000);
  });

  test.skipIf(!there)(
    'lets its threads for files stand back behind single calls, and changes no other resource',
    () => {
      const [first = '', ...later] = [...readFileSync(UNIT, 'utf8').matchAll(/^SystemCallFilter=(.+)$/gm)].map(
        ([, words = '']) => words,
      );
      const callsOf = (words: string): string[] =>
        words.split(' ').flatMap((word) => (word.startsWith('@') ? setOf(word) : [word]));
      const setOf = (name: string): string[] =>
        analyze('syscall-filter', '--no-pager', name)
          .stdout.split('\n')
          .flatMap((line) => (/^ {4}[@a-z]/.test(line) ? callsOf(line.trim()) : []));
      // As systemd.exec(5) says: the first one says what is let through, each later one adds to it or takes from it, in order.
      const allowed = new Set(callsOf(first));
      for (const words of later) {
        if (words.startsWith('~')) for (const call of callsOf(words.slice(1))) allowed.delete(call);
        else for (const call of callsOf(words)) allowed.add(call);
      }
      expect(callsOf('@resources').filter((call) => allowed.has(call))).toEqual(['setpriority']);
      for (const call of callsOf('@privileged')) expect(allowed).not.toContain(call);
    },
  );

  test('runs daily what no gateway may, by a command line that the program takes', async () => {
    const [, line = ''] = /^ExecStart=\S+\/lienthong (.+)$/m.exec(readFileSync(RETENTION_UNIT, 'utf8')) ?? [];
    const args = line.split(' ').map((word) => word.replace('/etc/lienthong-operator', folder));
    expect(args.slice(0, 2)).toEqual(['retention', 'run']);
    const { code, stdout } = await runCaptured([...args, '--json']);
    // As far as the config, which is not there.
    expect([code, JSON.parse(stdout).error.reason]).toEqual([2, 'CONFIG_WRONG']);
  });
});
