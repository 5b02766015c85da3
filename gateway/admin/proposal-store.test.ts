import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { listProposals } from './proposal-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const propose = (officer: string, digest: string, count: number, minutesAgo: number) =>
  database.pool.query(
    `INSERT INTO act (digest, kind, body, officer, signature, at)
     SELECT $1 || n, 'act', '{}', $2, 's', clock_timestamp() - make_interval(mins => $4) - n * interval '1 ms'
     FROM generate_series(1, $3) AS n`,
    [digest, officer, count, minutesAgo],
  );

test('nobody’s open proposals are hidden by another’s many; what is listed comes newest first', async () => {
  await propose('quiet', 'old', 2, 600);
  await propose('other', 'mid', 1, 300);
  await propose('loud', 'new', 30, 1);
  const listed = await listProposals(database.pool, true, 10);
  expect(listed.map(({ digest }) => digest)).toEqual([
    ...['new1', 'new2', 'new3', 'new4', 'new5', 'new6', 'new7'],
    ...['mid1', 'old1', 'old2'],
  ]);
  expect(await listProposals(database.pool, true, 100)).toHaveLength(33);
});

test('what is decided or over is not among the open ones, and all of them are simply the newest', async () => {
  await database.pool.query(`INSERT INTO act_decision (digest, outcome, officer) VALUES ('new1', 'rejected', 'loud')`);
  await propose('quiet', 'over', 1, 60 * 24 * 15);
  const open = (await listProposals(database.pool, true, 100)).map(({ digest }) => digest);
  expect(open).toHaveLength(32);
  expect(open).not.toContain('new1');
  expect(open).not.toContain('over1');
  const all = await listProposals(database.pool, false, 3);
  expect(all.map(({ digest }) => digest)).toEqual(['new1', 'new2', 'new3']);
});
