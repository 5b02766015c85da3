import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
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
