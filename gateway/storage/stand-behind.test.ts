import { existsSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { withinLooks } from '../../test/support/looks.ts';
import { createPool, type Database, type Pool } from './pool.ts';
import { isBackendOf } from './stand-behind.ts';

const pidOf = async (db: Database): Promise<number> => {
  const { rows } = await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
};

/** `/autogroup-83 nice 10`; a kernel that does not group sessions goes by the priority. */
function niceness(pid: number): readonly number[] {
  const session = `/proc/${pid}/autogroup`;
  const ofSession = existsSync(session) ? [Number(readFileSync(session, 'utf8').split(' ').at(-1))] : [];
  return [getPriority(pid), ...ofSession];
}

describe.skipIf(process.platform !== 'linux')('the server’s process of a connection', () => {
  let db: TestDatabase;
  const pools: Pool[] = [];
  const pool = (behindCalls: boolean) => {
    const made = createPool({ url: db.url, behindCalls });
    pools.push(made);
    return made;
  };
  beforeAll(async () => {
    db = await createTestDatabase({ empty: true });
  });
  afterAll(async () => {
    await Promise.all(pools.map((each) => each.end()));
    await db.drop();
  });

  test('stands behind others only for a pool that may wait, all of its connections', async () => {
    const [usual, behind] = [pool(false), pool(true)];
    const held = await Promise.all(Array.from({ length: 4 }, () => behind.connect()));
    try {
      const pids = await Promise.all(held.map(pidOf));
      await withinLooks(async () => {
        for (const pid of pids) expect(new Set(niceness(pid))).toEqual(new Set([10]));
      });
      const pid = await pidOf(usual);
      expect(niceness(pid)).not.toContain(10);
    } finally {
      for (const one of held) one.release();
    }
  });
});

test('a process is the server’s for a connection by what it calls itself', () => {
  const title = 'postgres: lienthong register 127.0.0.1(41822) SELECT';
  expect(isBackendOf(title, 41822)).toBe(true);
  expect(isBackendOf(title, 4182)).toBe(false);
  expect(isBackendOf(title, undefined)).toBe(false);
  expect(isBackendOf('postgres: lienthong register [local] idle', undefined)).toBe(true);
  expect(isBackendOf('postgres: lienthong register [local] idle', 41822)).toBe(false);
  expect(isBackendOf('node\u0000gateway/main.ts\u0000(41822) ', 41822)).toBe(false);
  expect(isBackendOf('', undefined)).toBe(false);
});
