import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { checkDatabase } from '../../compose/open-database.ts';
import { generateKeyRing, loadKeyRing } from '../../sealing/key-ring.ts';
import { readMigrations } from '../../storage/migrate.ts';
import { runCaptured } from '../testing/terminal.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
});
afterAll(() => database.drop());

const migrate = (...args: string[]) => runCaptured(['migrate', ...args], { env: { DATABASE_URL: database.url } });

test('--plan says what would run, what it does and whom it holds up, and changes nothing', async () => {
  const { code, stdout } = await migrate('--plan');
  expect(code).toBe(0);
  expect(stdout).toContain('the database is at 0. Nothing was changed.');
  expect(stdout).toContain('0001_register.sql\n  The population register:');
  expect(stdout).toContain('! DO: not judged: read it first');
  expect(stdout).toContain('✓ holds nobody up');
  expect((await migrate('--plan', '--lang', 'vi')).stdout).toContain('không cản trở ai');
  expect((await database.pool.query("SELECT to_regclass('schema_migration') AS t")).rows).toEqual([{ t: null }]);
});

test('what ran before is no longer in the plan, and a later step is judged by what is there', async () => {
  expect((await migrate()).stdout).toContain('ran 0001_register.sql');
  expect(await migrate('--plan')).toMatchObject({ code: 0, stdout: 'The schema is up to date.\n' });
  await database.pool.query("DELETE FROM schema_migration WHERE name = '0004_job_limits.sql'");
  const { version, pending } = JSON.parse((await migrate('--plan', '--json')).stdout) as {
    version: number;
    pending: { name: string; steps: object[] }[];
  };
  expect(version).toBeGreaterThanOrEqual(3);
  expect(pending).toMatchObject([
    {
      name: '0004_job_limits.sql',
      transaction: true,
      steps: [
        { statement: 'ALTER TABLE', table: 'job', risk: 'SHORT' },
        { statement: 'UPDATE', table: 'job', risk: 'ROWS' },
      ],
    },
  ]);
  await database.pool.query(
    "INSERT INTO schema_migration SELECT 4, '0004_job_limits.sql', $1 WHERE NOT EXISTS (SELECT 1 FROM schema_migration WHERE version = 4)",
    [readMigrations()[3]?.checksum],
  );
});

test('a schema that is newer than the program is left alone, and is not served', async () => {
  await database.pool.query("INSERT INTO schema_migration VALUES (9000, '9000_later.sql', 'x')");
  for (const args of [[], ['--plan']]) {
    const refused = await migrate(...args);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('9000_later.sql');
    expect(refused.stderr).toContain('Nothing was changed. Run the version of lienthong that made it');
  }
  const { stderr } = await migrate('--lang', 'vi');
  expect(stderr).toContain('Cơ sở dữ liệu có bước nâng cấp 9000_later.sql; chương trình này biết');
  expect(stderr).toContain('lược đồ không lùi lại');
  const starting = checkDatabase(
    database.url,
    { id: 'dev-tests', kind: 'development' },
    loadKeyRing(generateKeyRing()),
  );
  await expect(starting).rejects.toMatchObject({ name: 'ConfigError', member: 'database' });
  expect((await database.pool.query('SELECT 1 FROM deployment')).rows).toEqual([]);
});

test('an owner who may make no role is told what ran, what is lacking, and goes on once that is given', async () => {
  const fresh = await createTestDatabase({ empty: true });
  const owner = `t_owner_${process.pid}`;
  const { pathname } = new URL(fresh.url);
  await fresh.pool.query(
    `CREATE ROLE ${owner} LOGIN PASSWORD 'x'; ALTER DATABASE ${pathname.slice(1)} OWNER TO ${owner}`,
  );
  const DATABASE_URL = Object.assign(new URL(fresh.url), { username: owner, password: 'x' }).toString();
  const refused = await runCaptured(['migrate'], { env: { DATABASE_URL } });
  expect([refused.code, refused.stdout]).toEqual([2, 'ran 0001_register.sql\nran 0002_exchange.sql\n']);
  expect(refused.stderr).toContain('CREATEROLE');
  await fresh.pool.query(`ALTER ROLE ${owner} CREATEROLE`);
  const { code, stdout } = await runCaptured(['migrate'], { env: { DATABASE_URL } });
  expect([code, stdout.split('\n')[0]]).toEqual([0, 'ran 0003_worker_role.sql']);
  await fresh.drop();
  await database.pool.query(`DROP ROLE ${owner}`);
});

test('an address that is none, or of several hosts, is named so without being quoted', async () => {
  for (const [url, says] of [
    ['postgresql://owner:Wz9-secret@h1,h2/lienthong?target_session_attrs=read-write', 'several hosts'],
    ['mysql://owner:Wz9-secret@h1/lienthong', 'postgresql://'],
  ] as const) {
    const { code, stdout, stderr } = await runCaptured(['migrate', '--json'], { env: { DATABASE_URL: url } });
    expect([code, JSON.parse(stdout).error.reason, stderr]).toEqual([2, 'CONFIG_WRONG', expect.stringContaining(says)]);
    expect(stdout + stderr).not.toContain('Wz9-secret');
  }
});
