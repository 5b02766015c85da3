import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { READ_GUESSES } from '../limits/limits-sql.ts';
import type { Pool } from '../storage/pool.ts';
import { openPools, type Pools } from './open-database.ts';

let database: TestDatabase;
let pools: Pools;
beforeAll(async () => {
  database = await createTestDatabase();
  pools = openPools(database.url);
});
afterAll(async () => {
  await pools?.end();
  await database?.drop();
});

test('whoever appends asks by index, also by a plan that was made while the table was empty', async () => {
  await database.pool.query('VACUUM ANALYZE guess');
  const plan = async (pool: Pool) => {
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${READ_GUESSES.text}`);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
  expect(await plan(pools.lookups)).toContain('Seq Scan on guess');
  expect(await plan(pools.log)).toContain('Index Scan on guess_unit');
  expect((await pools.log.query('SELECT current_user::text AS role')).rows).toEqual([{ role: 'lienthong_worker' }]);
});
