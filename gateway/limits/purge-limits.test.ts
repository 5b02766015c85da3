import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { createPool } from '../storage/pool.ts';
import { dateToday, dayNumber, GUESS_DAYS, SUBJECT_DAYS } from './limits-sql.ts';
import { createPurge } from './purge-limits.ts';

test('what counts no longer is deleted on the day that the table of retention says, and not before', async () => {
  const { pool, drop } = await createTestDatabase();
  await pool.query(
    `INSERT INTO subject_seen (subject, day) SELECT ago, ${dateToday('now()')} - ago FROM generate_series(0, $1::integer) AS ago`,
    [SUBJECT_DAYS + 1],
  );
  for (const table of ['guess (unit, value, day)', 'guess_crossing (unit, entity, day)']) {
    await pool.query(
      `INSERT INTO ${table} SELECT ago, ago, ${dayNumber('now()')} - ago FROM generate_series($1::integer - 1, $1 + 1) AS ago`,
      [GUESS_DAYS],
    );
  }
  await createPurge(pool)();
  const left = async (table: string, column: string) =>
    (await pool.query<{ n: number }>(`SELECT ${column}::integer AS n FROM ${table} ORDER BY 1`)).rows.map(({ n }) => n);
  expect(await left('subject_seen', 'subject')).toEqual(Array.from({ length: SUBJECT_DAYS }, (_, ago) => ago));
  expect([await left('guess', 'unit'), await left('guess_crossing', 'unit')]).toEqual([
    [GUESS_DAYS - 1],
    [GUESS_DAYS - 1],
  ]);
  await drop();
});

test('a clock that runs ahead for a while has nothing deleted; where it stays there, the next time does it', async () => {
  const { pool, url, drop } = await createTestDatabase();
  // The database's clock can be set: by a function that stands before the server's own.
  await pool.query(`CREATE SCHEMA set; CREATE TABLE set.clock (ahead interval NOT NULL);
    INSERT INTO set.clock VALUES ('0');
    CREATE FUNCTION set.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT pg_catalog.now() + ahead FROM set.clock'`);
  const set = createPool({ url: `${url}?options=${encodeURIComponent('-c search_path=set,public,pg_catalog')}` });
  const ahead = (by: string) => set.query('UPDATE set.clock SET ahead = $1::interval', [by]);
  await set.query(`INSERT INTO guess (unit, value, day) VALUES (1, 1, ${dayNumber('now()')})`);
  let now = 0;
  const purge = createPurge(set, () => now);
  const left = async () => {
    await purge();
    now += 3_600_000;
    return (await set.query('SELECT FROM guess')).rowCount;
  };
  expect(await left()).toBe(1);
  await ahead('40 days');
  expect(await left()).toBe(1);
  await ahead('0');
  expect([await left(), await left()]).toEqual([1, 1]);
  await ahead('40 days');
  expect([await left(), await left()]).toEqual([1, 0]);
  await set.end();
  await drop();
});
