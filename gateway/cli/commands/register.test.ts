import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { readStamp } from '../../config/deployment-stamp.ts';
import { createCertificateAuthority } from '../../development/certificates.ts';
import { openPrivateFolder, type PrivateFolder } from '../../development/folder.ts';
import { keepRules } from '../../development/rules.ts';
import { keepSecrets } from '../../development/secrets.ts';
import { runCaptured } from '../testing/terminal.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const PERSONS = [
  'personal_id,full_name,date_of_birth,sex,birth_province_code,status',
  '001085000017,Nguyễn Văn An,1985-03-27,M,001,alive',
  '001190000018,Trần Thị Bình,1990-05-06,F,001,alive',
  '12,Không Có Ai,1990-01-02,M,001,alive',
  '',
].join('\n');

let folder: PrivateFolder;
let database: TestDatabase;
let bare: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  bare = await createTestDatabase({ empty: true });
  folder = await openPrivateFolder(mkdtempSync(join(tmpdir(), 'lienthong-register-')));
  // A production deployment as the example config describes it.
  await keepSecrets(folder, 'register-hanoi-1');
  await keepRules(folder, { deployment: 'register-hanoi-1', bundle: join(ROOT, 'policies', 'bundle') });
  await folder.write(
    'clients-ca.pem',
    (await createCertificateAuthority('register', { name: 'Register CA' })).certificate,
  );
  const example = readFileSync(join(ROOT, 'gateway', 'deploy', 'config.jsonc'), 'utf8')
    .replaceAll('/opt/lienthong/node_modules/lienthong/dist/', `${ROOT}/`)
    .replace('/var/lib/lienthong/heads', 'heads');
  await folder.write('config.json', example);
  writeFileSync(at('persons.csv'), PERSONS);
});
afterAll(async () => {
  await Promise.all([database?.drop(), bare?.drop()]);
  rmSync(folder.path, { recursive: true, force: true });
});

const at = (name: string) => join(folder.path, name);
async function importInto({ url }: TestDatabase) {
  await folder.write('database-url', `${url}\n`);
  return runCaptured(['register', 'import', at('persons.csv'), '--config', at('config.json'), '--json']);
}

it('imports into a deployment of one’s own by its config, records it in its log and keeps the head', async () => {
  const first = await importInto(database);
  expect(first.code).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({
    rows: 3,
    created: 2,
    rejected: 1,
    rejects: at('persons.rejects.csv'),
  });
  expect(await readStamp(database.pool)).toEqual({ id: 'register-hanoi-1', kind: 'production' });
  expect(readFileSync(at('heads'), 'utf8').split('\n')[1]).toBe('1');
  expect(JSON.parse((await importInto(database)).stdout)).toMatchObject({ rows: 3, changed: 0 });
});

it('refuses a log of which no head is kept, and says by which command it is accepted', async () => {
  rmSync(at('heads'));
  const { code, stderr } = await importInto(database);
  expect([code, stderr]).toEqual([3, expect.stringContaining(`audit keep-head --config ${at('config.json')}`)]);
});

it('never writes rejects over the file that is imported', async () => {
  const order = [
    'register',
    'import',
    at('persons.csv'),
    '--config',
    at('config.json'),
    '--rejects',
    at('persons.csv'),
  ];
  const { code, stderr } = await runCaptured(order);
  expect([code, stderr]).toEqual([2, expect.stringContaining('persons.csv')]);
  expect(readFileSync(at('persons.csv'), 'utf8')).toBe(PERSONS);
});

it('asks for a deployment, and for a schema', async () => {
  const unnamed = await runCaptured(['register', 'import', at('persons.csv')]);
  expect([unnamed.code, unnamed.stderr]).toEqual([2, expect.stringContaining('--config FILE')]);
  const empty = await importInto(bare);
  expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining('has no schema')]);
});
