import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { listPending, type Migration, migrate, readMigrations } from './migrate.ts';

const file = (version: number, sql: string, checksum = sql): Migration => ({
  version,
  name: `000${version}_x.sql`,
  sql,
  checksum,
});

describe('migrations', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase({ empty: true });
  });
  afterAll(() => db.drop());

  test('run once, in order, and list what is left', async () => {
    const files = [file(1, 'CREATE TABLE one (x int)'), file(2, 'CREATE TABLE two (x int); INSERT INTO two SELECT 2')];
    expect((await listPending(db.pool, files)).map((m) => m.version)).toEqual([1, 2]);
    expect((await migrate(db.pool, files)).map((m) => m.version)).toEqual([1, 2]);
    expect(await migrate(db.pool, files)).toEqual([]);
    expect((await db.pool.query('SELECT x FROM two')).rows).toEqual([{ x: 2 }]);
  });

  test('several processes at once do the work once', async () => {
    const own = await createTestDatabase({ empty: true });
    const files = [file(1, 'CREATE TABLE one (x int)'), file(2, 'INSERT INTO one SELECT 1')];
    const runs = await Promise.all([1, 2, 3].map(() => migrate(own.pool, files)));
    expect(runs.map((run) => run.length).sort()).toEqual([0, 0, 2]);
    expect((await own.pool.query('SELECT count(*) AS n FROM one')).rows).toEqual([{ n: 1 }]);
    await own.drop();
  });

  test('a file that fails leaves the schema at the one before', async () => {
    const own = await createTestDatabase({ empty: true });
    const files = [file(1, 'CREATE TABLE one (x int)'), file(2, 'CREATE TABLE two (x int); SELECT 1/0')];
    await expect(migrate(own.pool, files)).rejects.toMatchObject({ name: 'StorageError', kind: 'internal' });
    expect((await listPending(own.pool, files)).map((m) => m.version)).toEqual([2]);
    expect((await own.pool.query("SELECT to_regclass('two') AS t")).rows).toEqual([{ t: null }]);
    await own.drop();
  });

  test('refuse a schema newer than the program, and a file edited after it ran', async () => {
    const one = [file(1, 'CREATE TABLE one (x int)')];
    await expect(migrate(db.pool, one)).rejects.toMatchObject({ reason: 'SCHEMA_NEWER' });
    const edited = [file(1, 'CREATE TABLE one (x int)', 'other'), file(2, '')];
    await expect(listPending(db.pool, edited)).rejects.toMatchObject({ reason: 'FILE_CHANGED' });
  });

  test("the project's own files are numbered without gaps and are all in the template", async () => {
    const own = await createTestDatabase();
    expect(readMigrations().length).toBeGreaterThan(0);
    expect(await listPending(own.pool)).toEqual([]);
    await own.drop();
  });
});
