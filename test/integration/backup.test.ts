/** A deployment backed up while it serves, lost, and brought back: whole, and never without anybody noticing what is missing. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localTimeOf } from '../../gateway/cli/local-time.ts';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { generateKeyRing } from '../../gateway/sealing/key-ring.ts';
import type { Pool } from '../../gateway/storage/pool.ts';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { atFolderSyncs } from '../support/folder-syncs.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const { verifyPerson } = VerificationService.method;
const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

let gateway: TestGateway;
let folder: string;
const databases: TestDatabase[] = [];
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 50 });
  folder = join(gateway.folder, 'backups');
  mkdirSync(folder);
});
afterAll(async () => {
  await gateway?.stop();
  await Promise.all(databases.map((database) => database.drop()));
});

const operate = (...args: string[]) => runCaptured([...args, '--config', gateway.deployment.configPath]);
const call = async () => {
  const caller = gateway.raw('viettel');
  // A connection that stays open would have to be waited for when the gateway drains.
  return caller.attempt(verifyPerson, AN).finally(() => caller.close());
};
/** With storage keys that were made anew instead of copied, as after the loss of the machine. */
async function underOtherKeys<T>(work: () => Promise<T>): Promise<T> {
  const path = join(gateway.folder, 'gateway', 'storage-keys.json');
  const own = readFileSync(path);
  writeFileSync(path, JSON.stringify(generateKeyRing()));
  return work().finally(() => writeFileSync(path, own));
}
const heads = () => join(gateway.folder, 'gateway', 'heads');

/** Has the config name another database, as an operator does after a loss. */
async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase({ empty: true });
  databases.push(database);
  writeFileSync(join(gateway.folder, 'gateway', 'database-url'), `${database.url}\n`, { mode: 0o600 });
  return database;
}

/** Every row of every table, but for what a restore is to change. */
async function contents(pool: Pool): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT IN ('worker', 'token_floor', 'schema_migration') ORDER BY 1",
  );
  const found: Record<string, string> = {};
  for (const { name } of rows) {
    const row = name === 'log_head' ? "(to_jsonb(t) - 'epoch')::text" : 't::text';
    const { rows: sums } = await pool.query<{ sum: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(${row}, '|' ORDER BY ${row})), '') AS sum FROM "${name}" t`,
    );
    found[name] = sums[0]?.sum ?? '';
  }
  return found;
}

test('a backup is taken beside a running gateway, holds no key, and takes no other folder', async () => {
  expect((await call()).code).toBe(0);
  const out = join(folder, 'first');
  const made = await operate('backup', '--out', out, '--json');
  expect(made.code).toBe(0);
  const { rows, log } = JSON.parse(made.stdout) as { rows: number; log: { size: number } };
  expect(rows).toBeGreaterThan(50);
  expect(log.size).toBe(1);
  const files = readdirSync(out);
  expect(files).toEqual(expect.arrayContaining(['manifest.json', 'manifest.json.sig', 'person.copy.gz']));
  expect(files.filter((name) => name.startsWith('worker'))).toEqual([]);
  for (const name of files) expect(statSync(join(out, name)).mode & 0o077, name).toBe(0);
  // Nothing of the gateway's secrets stands in any of them.
  const keys = JSON.parse(readFileSync(join(gateway.folder, 'gateway', 'storage-keys.json'), 'utf8')) as object;
  const secrets = Object.values(keys).filter(
    (value): value is string => typeof value === 'string' && value.length > 20,
  );
  expect(secrets.length).toBeGreaterThan(0);
  const text = files.map((name) => {
    const bytes = readFileSync(join(out, name));
    return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
  });
  for (const secret of secrets) expect(text.join('\n').includes(secret)).toBe(false);

  expect(await operate('backup', '--out', out)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('not empty'),
  });
});

test('a folder that cannot be written is named with what the system says, and is no fault of the program', async () => {
  const below = join(folder, 'first', 'manifest.json', 'second');
  const refused = await operate('backup', '--out', below);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be written (ENOTDIR)') });
  expect(refused.stderr).toContain(below);
});

test('of two backups into one folder one is whole, and the other says that the folder is taken', async () => {
  const out = join(folder, 'shared');
  const runs = await Promise.all([operate('backup', '--out', out), operate('backup', '--out', out)]);
  expect(runs.map(({ code }) => code).sort()).toEqual([0, 2]);
  const { tables } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { tables: { name: string }[] };
  const files = [...tables.map(({ name }) => `${name}.copy.gz`), 'manifest.json', 'manifest.json.sig'];
  expect(readdirSync(out).sort()).toEqual(files.sort());
});

test('the names of its files are on the disk before its manifest is, and the manifest before the claim is given up', async () => {
  const out = join(folder, 'flushed');
  const seen = await atFolderSyncs(
    out,
    () => readdirSync(out),
    () => operate('backup', '--out', out),
  );
  const has = (name: string) => seen.map((names) => names.includes(name));
  expect(has('person.copy.gz')).toEqual([true, true]);
  expect(has('manifest.json.sig')).toEqual([true, true]);
  expect(has('manifest.json')).toEqual([false, true]);
  expect(has('.writing')).toEqual([true, true]);
});

test('it goes into no database that has anything in it', async () => {
  const refused = await operate('restore', join(folder, 'first'), '--verify');
  expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining('deployment has rows') });
});

test('one changed byte, a row less, another manifest: nothing goes in', async () => {
  const bad = join(folder, 'bad');
  const database = await emptyDatabase();
  const attempt = async (change: () => void) => {
    rmSync(bad, { recursive: true, force: true });
    cpSync(join(folder, 'first'), bad, { recursive: true });
    change();
    return operate('restore', bad, '--verify', '--lang', 'en');
  };
  const edit = (name: string, make: (text: string) => string) => {
    const file = join(bad, `${name}.copy.gz`);
    writeFileSync(file, gzipSync(make(gunzipSync(readFileSync(file)).toString('utf8'))));
  };
  const wrong = (said: string) => ({ code: 2, stderr: expect.stringContaining(said) });
  expect(await attempt(() => edit('person', (text) => text.replace('Nguyễn', 'Nguyen')))).toMatchObject(
    wrong('person.copy.gz is not the file of the manifest'),
  );
  expect(await attempt(() => edit('log_entry', () => ''))).toMatchObject(wrong('log_entry.copy.gz is not'));
  expect(await attempt(() => rmSync(join(bad, 'job.copy.gz')))).toMatchObject(wrong('job.copy.gz cannot be read'));
  const manifest = join(bad, 'manifest.json');
  const rewritten = () => writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/"rows": \d+/, '"rows": 1'));
  expect(await attempt(rewritten)).toMatchObject(wrong('not signed by a key of this log'));
  expect((await database.pool.query("SELECT to_regclass('person') AS t")).rows).toEqual([{ t: null }]);
});

test('under other storage keys than it was sealed with nothing goes in, whether or not the log is read', async () => {
  for (const verify of [[], ['--verify']]) {
    const refused = await underOtherKeys(() => operate('restore', join(folder, 'first'), ...verify));
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('storage_keys: are not those') });
  }
  const pool = databases.at(-1)?.pool as Pool;
  expect((await pool.query('SELECT 1 FROM deployment UNION ALL SELECT 1 FROM person')).rows).toEqual([]);
});

test('an older log is brought back, said to be older, and served only once an operator has accepted it', async () => {
  expect((await call()).code).toBe(0);
  await gateway.process.stop();
  const before = await contents(gateway.database.pool);
  const database = await emptyDatabase();
  const restored = await operate('restore', join(folder, 'first'), '--verify');
  expect(restored).toMatchObject({
    code: 3,
    stdout: expect.stringContaining('The whole log was read and is sound: 1 entries'),
  });
  expect(restored.stderr).toContain('is not the continuation of the head kept');
  // What is undone by going on with it, and since when.
  const { made_at: madeAt } = JSON.parse(readFileSync(join(folder, 'first', 'manifest.json'), 'utf8'));
  expect(restored.stderr.replaceAll(/\s+/g, ' ')).toContain(
    `what was done after ${localTimeOf(madeAt)} is missing. Lost are consents given, withdrawals`,
  );
  expect(restored.stderr).toContain('--set-back');
  const after = await contents(database.pool);
  for (const table of ['person', 'identifier', 'person_match', 'agency', 'agreement', 'deployment']) {
    expect([table, after[table]]).toEqual([table, before[table]]);
  }
  const { rows } = await database.pool.query<{ epoch: number; size: number }>('SELECT epoch, size FROM log_head');
  expect(rows[0]).toMatchObject({ size: 1 });
  expect(rows[0]?.epoch).toBeGreaterThan(1_000_000);

  await gateway.restart();
  expect(await call()).toMatchObject({ reason: 'LOG_BROKEN' });
  await gateway.process.stop();
  // A kept head prevails over the command as well: only when it was put aside by hand is there something to accept.
  expect(await operate('audit', 'keep-head', '--set-back')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('put that file aside under another name'),
  });
  renameSync(heads(), `${heads()}.lost`);
  // What a restore names then is the command that accepts it, and not one that is refused.
  expect(await operate('restore', '--verify')).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/no head of it is kept.*audit keep-head .*--set-back/s),
  });
  // Nor is it accepted by whoever does not say that they know what is undone.
  expect(await operate('audit', 'keep-head')).toMatchObject({ code: 3, stderr: expect.stringContaining('--set-back') });
  expect(existsSync(heads())).toBe(false);
  expect((await operate('audit', 'keep-head', '--set-back')).code).toBe(0);
  await gateway.restart();
  expect((await call()).code).toBe(0);
  // It goes on since: where this head is lost, or another machine begins, it is a log like any other.
  await gateway.process.stop();
  renameSync(heads(), `${heads()}.later`);
  expect((await operate('audit', 'keep-head')).code).toBe(0);
});

test('nothing lost: every row is what it was, and gateways serve at once', async () => {
  await gateway.process.stop();
  const out = join(folder, 'second');
  expect((await operate('backup', '--out', out)).code).toBe(0);
  const before = await contents(databases.at(-1)?.pool as Pool);
  const database = await emptyDatabase();
  const restored = await operate('restore', out, '--verify', '--lang', 'vi');
  expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining('cổng có thể phục vụ') });
  // What would be undone is told all the same: the head kept says nothing of what came after it.
  const { made_at: madeAt } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
  expect(restored.stdout.replaceAll(/\s+/g, ' ')).toContain(
    `Những gì thực hiện sau ${localTimeOf(madeAt)} không có trong đó.`,
  );
  expect(restored.stdout).not.toContain('lienthong migrate');
  expect(await contents(database.pool)).toEqual(before);
  // Numbers go on behind those given.
  const { rows } = await database.pool.query(
    'SELECT nextval(pg_get_serial_sequence($1, $2)) > max(revision) AS ok FROM change',
    ['change', 'revision'],
  );
  expect(rows).toEqual([{ ok: true }]);
  await gateway.restart();
  expect((await call()).code).toBe(0);
});

test('of a database without anything there is nothing to copy or to take over', async () => {
  await gateway.process.stop();
  await emptyDatabase();
  for (const args of [
    ['backup', '--out', join(folder, 'none')],
    ['restore', '--verify'],
  ]) {
    expect(await operate(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining('has no schema') });
  }
  // The schema alone, as behind a misspelt address: that is said, and neither of the log nor of a backup.
  expect((await operate('migrate')).code).toBe(0);
  const none = await operate('backup', '--out', join(folder, 'none'));
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('belongs to no deployment yet') });
  expect(none.stderr).toContain('database.url');
  expect(existsSync(join(folder, 'none'))).toBe(false);
  // Back to the one that serves.
  const serving = databases.splice(-2, 1)[0] as TestDatabase;
  databases.push(serving);
  writeFileSync(join(gateway.folder, 'gateway', 'database-url'), `${serving.url}\n`);
  await gateway.restart();
});

test('a database set back by other tools is proven and taken over in the same way, but never under a gateway', async () => {
  expect(await operate('restore', '--verify')).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('is running'),
  });
  await gateway.process.stop();
  const pool = databases.at(-1)?.pool as Pool;
  const epoch = async () => Number((await pool.query<{ epoch: number }>('SELECT epoch FROM log_head')).rows[0]?.epoch);
  const from = await epoch();
  // Of an older schema it says that a step is left.
  await pool.query('DELETE FROM schema_migration WHERE version = (SELECT max(version) FROM schema_migration)');
  expect(await operate('restore', '--verify')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/pending \(1\).*lienthong migrate/),
  });
  expect((await epoch()) - from).toBe(1_000_000);
  // What is sealed beside the entries is opened as well.
  const turn = 'UPDATE log_entry SET persons = set_byte(persons, 12, get_byte(persons, 12) # 1)';
  await pool.query(turn);
  expect(await operate('restore', '--verify')).toMatchObject({ code: 3, stderr: expect.stringContaining('not sound') });
  await pool.query(turn);
  await pool.query('UPDATE log_entry SET salt = set_byte(salt, 0, get_byte(salt, 0) # 1)');
  expect(await operate('restore', '--verify')).toMatchObject({ code: 3, stderr: expect.stringContaining('not sound') });
  expect((await epoch()) - from).toBe(1_000_000);
});

test('a gateway with other storage keys does not start, and no command works with them: all would seal what nobody can prove', async () => {
  const pool = databases.at(-1)?.pool as Pool;
  const { size } = (await pool.query<{ size: number }>('SELECT size FROM log_head')).rows[0] ?? {};
  await underOtherKeys(async () => {
    expect((await operate('serve')).code).toBe(2);
    for (const args of [['status'], ['register', 'import', 'persons.csv'], ['audit', 'verify']]) {
      const refused = await operate(...args, '--lang', 'en');
      expect([args, refused.code, refused.stderr.replaceAll(/\s+/g, ' ')]).toEqual([
        ...[args, 2],
        expect.stringContaining('storage_keys: are not those that this database was sealed with'),
      ]);
    }
  });
  expect((await pool.query('SELECT size FROM log_head')).rows).toEqual([{ size }]);
});
