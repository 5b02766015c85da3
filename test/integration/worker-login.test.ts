/** A gateway whose login is what an operator is told to give it: a member of `lienthong_worker`, and nothing else. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { checkDatabase } from '../../gateway/compose/open-database.ts';
import { loadKeyRing } from '../../gateway/sealing/key-ring.ts';
import { createPool } from '../../gateway/storage/pool.ts';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { attach, crowd, totalsOf } from '../support/gateway-jobs.ts';
import { chunkPayload } from '../support/gateway-stream.ts';

const { verifyPerson } = VerificationService.method;
const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
const NAME = `t_login_${randomBytes(6).toString('hex')}`;
const PASSWORD = randomBytes(12).toString('hex');

/** The same database, by the login. */
function loginUrl(url: string): string {
  const own = new URL(url);
  own.username = NAME;
  own.password = PASSWORD;
  return own.toString();
}

let database: TestDatabase;
let fresh: TestDatabase;
let gateway: TestGateway;
beforeAll(async () => {
  [database, fresh] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await database.pool.query(`CREATE ROLE ${NAME} LOGIN PASSWORD '${PASSWORD}' IN ROLE lienthong_worker`);
  gateway = await startTestGateway({
    crowd: 20,
    config: { accesses: { index: true } },
    database: { url: loginUrl(database.url), pool: database.pool, drop: () => database.drop() },
  });
});
afterAll(async () => {
  await gateway?.stop();
  await fresh?.pool.query(`DROP ROLE ${NAME}`);
  await fresh?.drop();
});

const keys = () => loadKeyRing(JSON.parse(readFileSync(join(gateway.folder, 'gateway', 'storage-keys.json'), 'utf8')));
const operate = (...args: string[]) => runCaptured([...args, '--config', gateway.deployment.configPath]);

test('it serves a call and a job', async () => {
  const viettel = gateway.raw('viettel');
  expect((await viettel.attempt(verifyPerson, AN)).code).toBe(0);
  const { job, stream } = await attach(viettel);
  stream.chunk(0, chunkPayload(0, crowd(0, 10)));
  await stream.answer();
  stream.end(1, 10);
  expect((await stream.next())?.kind.case).toBe('end');
  expect(await totalsOf(viettel, job.jobId)).toEqual({ 1: 10 });
  // Whatever runs beside the calls has its rights as well.
  expect(gateway.logged().filter((line) => line.includes('a task failed'))).toEqual([]);
});

test('an operator takes a backup and looks at the status with the same config', async () => {
  const backup = await operate('backup', '--out', join(gateway.folder, 'backup'));
  expect([backup.code, backup.stderr]).toEqual([0, expect.stringContaining('✓')]);
  expect((await operate('status', '--json')).stdout).toContain('"workers"');
  for (const command of [
    ['audit', 'verify'],
    ['retention', 'show'],
    ['accesses', 'rebuild'],
  ])
    expect(await operate(...command), command.join(' ')).toMatchObject({ code: 0 });
});

test("what needs the owner's login says so, and leaves no entry of what it did not do", async () => {
  const entries = async () => (await database.pool.query('SELECT FROM log_entry')).rowCount;
  const before = await entries();
  const { kid } = gateway.identity('viettel').signingKey;
  const persons = join(gateway.folder, 'persons-of-login.csv');
  writeFileSync(
    persons,
    'personal_id,full_name,date_of_birth,sex,status\n901085000033,Nguyễn Văn Ba,1985-01-01,M,alive\n',
  );
  for (const command of [
    ['accesses', 'erase', AN.idNumber, '--case', 'A-1', '--settle', '0', '--yes'],
    ['audit', 'exposure', '--key', kid, '--since', '2026-01-01T00:00:00Z'],
    ['register', 'import', persons],
    ['retention', 'run'],
  ]) {
    const { code, stderr } = await operate(...command);
    expect([code, stderr]).toEqual([2, expect.stringContaining('need the login that owns the tables')]);
    // It is named among them.
    expect(stderr).toContain(`"${command.slice(0, 2).join(' ')}"`);
  }
  expect(await entries()).toBe(before);
});

test('what may not be read ends a backup as a matter of rights, and leaves no folder behind', async () => {
  await database.pool.query('REVOKE SELECT ON job FROM lienthong_worker');
  const out = join(gateway.folder, 'half');
  const { code, stdout } = await operate('backup', '--out', out, '--json');
  await database.pool.query('GRANT SELECT ON job TO lienthong_worker');
  expect([code, JSON.parse(stdout).error.reason, existsSync(out)]).toEqual([2, 'DATABASE_DENIED', false]);
});

test("a login without the role, a wrong password and a database that is not there are said to be the login's fault", async () => {
  const stranger = `${NAME}_2`;
  await database.pool.query(`CREATE ROLE ${stranger} LOGIN PASSWORD '${PASSWORD}'`);
  const by = (change: Partial<URL>) => Object.assign(new URL(loginUrl(database.url)), change).toString();
  const deployment = { id: gateway.deployment.id, kind: 'development' } as const;
  const denied = { kind: 'denied' };
  await expect(checkDatabase(by({ username: stranger }), deployment, keys())).rejects.toMatchObject(denied);
  await database.pool.query(`DROP ROLE ${stranger}`);
  for (const change of [{ password: 'wrong' }, { pathname: '/t_nowhere' }]) {
    await expect(checkDatabase(by(change), deployment, keys())).rejects.toMatchObject(denied);
    const told = await runCaptured(['migrate', '--json'], { env: { DATABASE_URL: by(change) } });
    expect([told.code, JSON.parse(told.stdout).error.reason]).toEqual([2, 'DATABASE_DENIED']);
  }
});

test('it stamps an empty database itself, and starts on it again', async () => {
  const deployment = { id: gateway.deployment.id, kind: 'development' } as const;
  await checkDatabase(loginUrl(fresh.url), deployment, keys());
  await checkDatabase(loginUrl(fresh.url), deployment, keys());
  await expect(checkDatabase(loginUrl(fresh.url), { ...deployment, id: 'other' }, keys())).rejects.toMatchObject({
    reason: 'DATABASE_OF_ANOTHER',
  });
});

test('the ceremony of the first two officers takes no more', async () => {
  const folders = ['chief-a', 'chief-b'].map((code) => join(gateway.folder, code));
  for (const folder of folders) {
    const of = ['--officer', basename(folder), '--deployment', gateway.deployment.id];
    await runCaptured(['enroll', 'request', ...of, '--out', folder]);
    const request = [join(folder, 'request.json'), '--out', join(folder, 'cert.pem')];
    await runCaptured(['dev', 'certify', ...request, '--data', gateway.folder]);
  }
  const officers = folders.map((one) => JSON.parse(readFileSync(join(one, 'signing.jwk.json'), 'utf8')).kid as string);
  const config = JSON.parse(readFileSync(gateway.deployment.configPath, 'utf8'));
  const log = { ...config.log, heads: 'file:fresh-heads' };
  const path = join(gateway.folder, 'gateway', 'fresh.json');
  const database = { url: 'env:FRESH_URL' };
  writeFileSync(path, JSON.stringify({ ...config, officers, database, log }), { mode: 0o600 });
  const about = ['--legal-entity', 'LE-C06', '--name-vi', 'Cục', '--name-en', 'Department'];
  const held = await runCaptured(['genesis', '--config', path, '--officer', ...folders, ...about], {
    ...{ input: '900085000033\n900085000041\n', env: { FRESH_URL: loginUrl(fresh.url) } },
  });
  expect([held.stderr, held.code]).toEqual(['', 0]);
  // With two officers alone a lost key stops everything for thirty days: what comes first is no agency.
  expect(held.stdout).toMatch(/enroll finish DIR [^\n]*\n[^\n]*two more officers .*lienthong officer create/);
});

test.each([
  "UPDATE deployment SET deployment_id = 'other'",
  "UPDATE deployment SET kind = 'production'",
  'DELETE FROM deployment',
  'UPDATE log_entry SET salt = salt',
  'DELETE FROM log_entry',
  'UPDATE log_index SET leaf = leaf',
  "SELECT setval('person_no', 1)",
])('it may not: %s', async (statement) => {
  const login = createPool({ url: loginUrl(database.url), max: 1 });
  await expect(login.query(statement)).rejects.toMatchObject({ code: '42501' });
  await login.end();
});

test('every table and every sequence may be read, so that whatever a later schema adds is in its backup', async () => {
  const { rows } = await database.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
     AND CASE relkind WHEN 'r' THEN NOT has_table_privilege('lienthong_worker', oid, 'SELECT')
                      WHEN 'S' THEN NOT has_sequence_privilege('lienthong_worker', oid, 'SELECT') ELSE false END`,
  );
  expect(rows).toEqual([]);
});
