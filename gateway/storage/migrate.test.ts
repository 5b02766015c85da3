import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { withDatabase } from '../../test/support/with-database.ts';
import { listPending, type Migration, migrate, readMigrations } from './migrate.ts';
import { createPool } from './pool.ts';

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

  test.each(['SQL_ASCII', 'LATIN1'])('an empty database of %s is left as it is', async (encoding) => {
    const name = `t_${encoding.toLowerCase()}_${process.pid}`;
    await db.pool.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}' LOCALE 'C'`);
    const pool = createPool({ url: withDatabase(db.url, name), max: 1 });
    const words = {
      en: `The database keeps text as ${encoding}; it has to be UTF8`,
      vi: `Cơ sở dữ liệu lưu văn bản theo mã ${encoding}; phải là UTF8`,
    };
    const files = [file(1, 'CREATE TABLE one (x int)')];
    await expect(listPending(pool, files)).rejects.toMatchObject({ reason: 'ENCODING', words });
    await expect(migrate(pool, files)).rejects.toMatchObject({ reason: 'ENCODING', words });
    expect((await pool.query("SELECT to_regclass('one') AS one")).rows).toEqual([{ one: null }]);
    await pool.end();
    await db.pool.query(`DROP DATABASE ${name} WITH (FORCE)`);
  });

  test('a server of before is refused, with or without the schema', async () => {
    const old = await createTestDatabase({ empty: true });
    // No such server is at hand: a function that stands before the system's says what one would.
    await old.pool.query(
      `CREATE FUNCTION current_setting(text) RETURNS text LANGUAGE sql AS $$
         SELECT CASE $1 WHEN 'server_version_num' THEN '170006' ELSE pg_catalog.current_setting($1) END $$`,
    );
    const pool = createPool({
      url: `${old.url}?options=${encodeURIComponent('-c search_path=public,pg_catalog')}`,
      max: 1,
    });
    const words = {
      en: 'The database server is PostgreSQL 17; it has to be 18 or later',
      vi: 'Máy chủ cơ sở dữ liệu là PostgreSQL 17; phải từ bản 18 trở lên',
    };
    const files = [file(1, 'CREATE TABLE one (x int)')];
    await expect(migrate(pool, files)).rejects.toMatchObject({ reason: 'SERVER_OLD', words });
    expect((await pool.query("SELECT to_regclass('one') AS one")).rows).toEqual([{ one: null }]);
    await migrate(old.pool, files);
    await expect(listPending(pool, files)).rejects.toMatchObject({ reason: 'SERVER_OLD', words });
    await pool.end();
    await old.drop();
  });

  test('several processes at once do the work once', async () => {
    const own = await createTestDatabase({ empty: true });
    const files = [file(1, 'CREATE TABLE one (x int)'), file(2, 'INSERT INTO one SELECT 1')];
    const runs = await Promise.all([1, 2, 3].map(() => migrate(own.pool, files)));
    expect(runs.map((run) => run.length).sort()).toEqual([0, 0, 2]);
    expect((await own.pool.query('SELECT count(*) AS n FROM one')).rows).toEqual([{ n: 1 }]);
    await own.drop();
  });

  test('two at once that build an index beside each other do not wait for each other for ever', async () => {
    const own = await createTestDatabase({ empty: true });
    const files = [
      file(1, 'CREATE TABLE one (x int); INSERT INTO one SELECT generate_series(1, 1000)'),
      file(2, 'CREATE INDEX CONCURRENTLY one_x ON one (x); CREATE INDEX CONCURRENTLY one_y ON one ((x + 1))'),
    ];
    const runs = await Promise.all([migrate(own.pool, files), migrate(own.pool, files)]);
    expect(runs.map((run) => run.length).sort()).toEqual([0, 2]);
    await own.drop();
  });

  test('an index that was left half made is made anew, and one that is whole is left alone', async () => {
    const own = await createTestDatabase({ empty: true });
    const first = file(1, 'CREATE TABLE one (x int); INSERT INTO one VALUES (1), (1)');
    const second = file(
      2,
      'CREATE INDEX CONCURRENTLY one_a ON one (x); CREATE UNIQUE INDEX CONCURRENTLY one_b ON one (x)',
    );
    await expect(migrate(own.pool, [first, second])).rejects.toMatchObject({ kind: 'conflict' });
    const indexes = async () =>
      (
        await own.pool.query(
          "SELECT relname, indisvalid, c.oid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE relname LIKE 'one%' ORDER BY 1",
        )
      ).rows;
    const before = await indexes();
    expect(before).toMatchObject([{ indisvalid: true }, { indisvalid: false }]);
    expect((await listPending(own.pool, [first, second])).map((m) => m.version)).toEqual([2]);
    await own.pool.query('DELETE FROM one');
    expect((await migrate(own.pool, [first, second])).map((m) => m.version)).toEqual([2]);
    const after = await indexes();
    expect(after).toMatchObject([{ indisvalid: true }, { indisvalid: true }]);
    expect([after[0]?.oid === before[0]?.oid, after[1]?.oid === before[1]?.oid]).toEqual([true, false]);
    await own.drop();
  });

  test('a long transaction is not queued behind: the migration steps back, and says so where that does not help', async () => {
    const own = await createTestDatabase({ empty: true });
    const files = [file(1, 'CREATE TABLE one (x int)'), file(2, 'ALTER TABLE one ADD COLUMN y int')];
    await migrate(own.pool, files.slice(0, 1));
    const long = await own.pool.connect();
    await long.query('BEGIN');
    await long.query('SELECT * FROM one');
    const impatient = { lockTimeoutMs: 20, attempts: 2 };
    await expect(migrate(own.pool, files, impatient)).rejects.toMatchObject({ reason: 'LOCKED' });
    // Given up, it holds nothing: others read at once.
    expect((await own.pool.query('SELECT * FROM one')).rows).toEqual([]);
    const patient = migrate(own.pool, files, { lockTimeoutMs: 20, attempts: 500 });
    await long.query('COMMIT');
    long.release();
    expect((await patient).map((m) => m.version)).toEqual([2]);
    await own.drop();
  });

  test('an index beside other statements is refused, since half of it could not be taken back', async () => {
    const own = await createTestDatabase({ empty: true });
    const files = [file(1, 'CREATE TABLE one (x int); CREATE INDEX CONCURRENTLY one_x ON one (x)')];
    await expect(migrate(own.pool, files)).rejects.toMatchObject({ reason: 'FILES_INVALID' });
    expect((await own.pool.query("SELECT to_regclass('one') AS t")).rows).toEqual([{ t: null }]);
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
