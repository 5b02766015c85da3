import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { StorageError } from './errors.ts';
import { createPool } from './pool.ts';
import { inTransaction } from './transaction.ts';

const CANARY = 'Nguyễn Canary';

async function failure(promise: Promise<unknown>): Promise<StorageError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StorageError);
  return error as StorageError;
}

describe('storage', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase({ empty: true });
    await db.pool.query('CREATE TABLE t (k text PRIMARY KEY, n bigint CHECK (n > 0))');
  });
  afterAll(() => db.drop());

  test('bigint comes back as a number where that is exact', async () => {
    const { rows } = await db.pool.query('SELECT 9007199254740991::bigint AS a, 9007199254740992::bigint AS b');
    expect(rows).toEqual([{ a: 9007199254740991, b: 9007199254740992n }]);
  });

  test('errors have a kind and a message without data', async () => {
    await db.pool.query('INSERT INTO t VALUES ($1, 1)', [CANARY]);
    const cases = [
      ['INSERT INTO t VALUES ($1, 1)', CANARY, 'conflict'],
      ['INSERT INTO t VALUES ($1, 0)', `${CANARY}2`, 'constraint'],
      ['SELECT $1::int', CANARY, 'internal'],
      ['SELECT $1 FROM nowhere', CANARY, 'internal'],
    ] as const;
    for (const [text, value, kind] of cases) {
      const error = await failure(db.pool.query(text, [value]));
      expect(error.kind).toBe(kind);
      // As it would be printed if nobody caught it, causes included.
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('Canary');
      expect(error.cause).toBeInstanceOf(Error);
    }
    expect((await failure(db.pool.query('INSERT INTO t VALUES ($1, 1)', [CANARY]))).constraint).toBe('t_pkey');
  });

  test('a wrong password, a database that is not there and a right that is missing are denied', async () => {
    const login = `t_denied_${randomBytes(6).toString('hex')}`;
    await db.pool.query(`CREATE ROLE ${login} LOGIN PASSWORD 'right'`);
    const by = (change: Partial<URL>) => {
      const url = Object.assign(new URL(db.url), { username: login, password: 'right' }, change);
      return createPool({ url: url.toString(), max: 1 });
    };
    for (const [pool, code] of [
      [by({ password: 'wrong' }), '28P01'],
      [by({ pathname: '/t_nowhere' }), '3D000'],
      [by({}), '42501'],
    ] as const) {
      expect(await failure(pool.query('SELECT * FROM t'))).toMatchObject({ kind: 'denied', code });
      await pool.end();
    }
    await db.pool.query(`DROP ROLE ${login}`);
  });

  test('commits are on the disk, whatever the database is set to, and options of the URL stay', async () => {
    const name = new URL(db.url).pathname.slice(1);
    await db.pool.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    const optioned = new URL(db.url);
    optioned.searchParams.set('options', '-c synchronous_commit=off -c geqo=off');
    for (const [url, geqo] of [
      [db.url, 'on'],
      [optioned.toString(), 'off'],
    ] as const) {
      const pool = createPool({ url, max: 1 });
      const { rows } = await pool.query(
        "SELECT current_setting('synchronous_commit') AS commit, current_setting('geqo') AS geqo",
      );
      expect(rows).toEqual([{ commit: 'on', geqo }]);
      await pool.end();
    }
  });

  test('a server that is away is unavailable', async () => {
    const away = createPool({ url: 'postgresql://postgres:x@127.0.0.1:1/postgres', connectTimeoutMs: 2000 });
    expect((await failure(away.query('SELECT 1'))).kind).toBe('unavailable');
    expect((await failure(away.connect())).kind).toBe('unavailable');
    await away.end();
    expect((await failure(away.query('SELECT 1'))).kind).toBe('unavailable');
  });

  test('a connection killed in the middle is unavailable and does not poison the pool', async () => {
    const connection = await db.pool.connect();
    const { rows } = await connection.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const waiting = failure(connection.query('SELECT pg_sleep(30)'));
    await db.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    expect((await waiting).kind).toBe('unavailable');
    connection.release(true);
    expect((await db.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('a transaction that stands still loses what it holds, and is unavailable', async () => {
    const url = db.url;
    const pool = createPool({ url, max: 1, idleInTransactionMs: 50 });
    const standing = await pool.connect();
    await standing.query("BEGIN; INSERT INTO t VALUES ('stands', 1)");
    // Waits for the key as long as the other one holds it.
    await db.pool.query("INSERT INTO t VALUES ('stands', 2)");
    expect((await failure(standing.query('COMMIT'))).kind).toBe('unavailable');
    standing.release(true);
    expect((await pool.query("SELECT n FROM t WHERE k = 'stands'")).rows).toEqual([{ n: 2 }]);
    await pool.end();
  });

  test('what waits for a lock, or takes too long, is ended by the server and unavailable; the connection serves on', async () => {
    const pool = createPool({ url: db.url, max: 1, lockTimeoutMs: 50, statementTimeoutMs: 5_000 });
    const holder = await db.pool.connect();
    await holder.query("BEGIN; INSERT INTO t VALUES ('held', 1)");
    const waits = pool.query("INSERT INTO t VALUES ('held', 2)");
    expect(await failure(waits)).toMatchObject({ kind: 'unavailable', code: '55P03' });
    await holder.query('COMMIT');
    holder.release();
    // What takes no time must not take that long either, on a machine that others use as well.
    await pool.query("SET statement_timeout = '500ms'");
    expect(await failure(pool.query('SELECT pg_sleep(30)'))).toMatchObject({ kind: 'unavailable', code: '57014' });
    await pool.query("UPDATE t SET n = 3 WHERE k = 'held'");
    await pool.end();
  });

  test('a transaction is all or nothing', async () => {
    await expect(
      inTransaction(db.pool, async (c) => {
        await c.query("INSERT INTO t VALUES ('half', 1)");
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    expect((await db.pool.query("SELECT count(*) AS n FROM t WHERE k = 'half'")).rows).toEqual([{ n: 0 }]);
    await inTransaction(db.pool, (c) => c.query("INSERT INTO t VALUES ('whole', 1)"));
    expect((await db.pool.query("SELECT count(*) AS n FROM t WHERE k = 'whole'")).rows).toEqual([{ n: 1 }]);
  });

  test('a deadlock is run again when asked for', async () => {
    await db.pool.query("INSERT INTO t VALUES ('a', 1), ('b', 1)");
    let met = 0;
    const both = async (first: string, second: string) =>
      inTransaction(
        db.pool,
        async (c) => {
          await c.query('UPDATE t SET n = n + 1 WHERE k = $1', [first]);
          met++;
          for (let i = 0; i < 100 && met < 2; i++) await new Promise((r) => setTimeout(r, 10));
          await c.query('UPDATE t SET n = n + 1 WHERE k = $1', [second]);
        },
        { retries: 20 },
      );
    await Promise.all([both('a', 'b'), both('b', 'a')]);
    // Whoever is run again may be there before the other has woken, and meet it once more.
    expect(met).toBeGreaterThanOrEqual(3);
    expect((await db.pool.query("SELECT n FROM t WHERE k IN ('a','b')")).rows).toEqual([{ n: 3 }, { n: 3 }]);
  });

  test('a COPY that is given up leaves the connection to a ROLLBACK, and nothing in the table', async () => {
    await db.pool.query('CREATE TABLE given_up (x text)');
    const work = inTransaction(db.pool, async (connection) => {
      const copy = connection.copyIn('COPY given_up FROM STDIN');
      await copy.write('one\n');
      await copy.abort();
      throw new Error('the disk failed');
    });
    await expect(work).rejects.toThrow('the disk failed');
    expect((await db.pool.query('SELECT * FROM given_up')).rows).toEqual([]);
  });

  test('COPY streams rows in and reports a bad row as a StorageError', async () => {
    const connection = await db.pool.connect();
    const good = connection.copyIn('COPY t FROM STDIN');
    await good.write('c1\t5\nc2\t6\n');
    expect(await good.finish()).toBe(2);
    expect((await connection.query("SELECT n FROM t WHERE k LIKE 'c_' ORDER BY k")).rows).toEqual([{ n: 5 }, { n: 6 }]);
    const bad = connection.copyIn('COPY t FROM STDIN');
    await bad.write(`${CANARY}\tnot a number\n`);
    const error = await failure(bad.finish());
    expect(error.kind).toBe('internal');
    expect(inspect(error)).not.toMatch(/Canary|not a number/);
    expect((await connection.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    connection.release();
  });
});
