import { getPriority } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { withinLooks } from '../../test/support/looks.ts';
import { READ_GUESSES } from '../limits/limits-sql.ts';
import { generateKeyRing, loadKeyRing } from '../sealing/key-ring.ts';
import type { Pool } from '../storage/pool.ts';
import {
  checkDatabase,
  openChunkPool,
  openIndexPool,
  openPools,
  openThreadPools,
  type Pools,
} from './open-database.ts';

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

test('whatever the server is set to, every connection waits until its commit is on the disk', async () => {
  const commits = async (pool: Pool) =>
    (await pool.query<{ value: string }>("SELECT current_setting('synchronous_commit') AS value")).rows[0]?.value;
  const { end, ...own } = pools;
  const { end: endThread, ...thread } = openThreadPools(database.url, 2);
  const others = [openChunkPool(database.url), openIndexPool(database.url)];
  for (const pool of [...Object.values(own), ...Object.values(thread), ...others, database.pool]) {
    expect(await commits(pool)).toBe('on');
  }
  await Promise.all([endThread(), ...others.map((pool) => pool.end())]);
});

test('the server itself gives up what a gateway would give up, a wait for a lock first', async () => {
  const { end: endThread, ...thread } = openThreadPools(database.url, 2);
  for (const pool of [pools.log, pools.watchers, thread.watchers]) {
    const { rows } = await pool.query<{ name: string; ms: number }>(
      "SELECT name, setting::integer AS ms FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout') ORDER BY name",
    );
    expect(rows).toEqual([
      { name: 'lock_timeout', ms: 20_000 },
      { name: 'statement_timeout', ms: 30_000 },
    ]);
  }
  await endThread();
});

test('a start names the settings of the server by which commits may be lost, which no connection can change', async () => {
  const deployment = { id: 'dev-durable1', kind: 'development' } as const;
  // The cluster of the tests is one that never outlives a crash.
  expect(await checkDatabase(database.url, deployment, loadKeyRing(generateKeyRing()))).toEqual([
    'fsync',
    'full_page_writes',
  ]);
});

test.skipIf(process.platform !== 'linux')(
  'the server works on files and on the index behind calls, and on what they append before',
  async () => {
    const niceness = async (pool: Pool) => {
      const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      return getPriority(rows[0]?.pid ?? 0);
    };
    const [chunks, index] = [openChunkPool(database.url), openIndexPool(database.url)];
    try {
      await withinLooks(async () => expect([await niceness(chunks), await niceness(index)]).toEqual([10, 10]));
      expect([await niceness(pools.log), await niceness(pools.lookups)]).not.toContain(10);
    } finally {
      await Promise.all([chunks.end(), index.end()]);
    }
  },
);
