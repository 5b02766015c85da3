import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createBundleStore } from './bundle-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('remembers what was in use: a revision only rises, and is one bundle for ever', async () => {
  const { pool } = database;
  const admit = (revision: number, digest: string) => createBundleStore(pool).admit({ revision, digest });
  expect(await admit(3, 'c'.repeat(64))).toBe('admitted');
  // Another gateway, or the same one started again.
  expect(await admit(3, 'c'.repeat(64))).toBe('admitted');
  expect(await admit(3, 'd'.repeat(64))).toBe('another');
  expect(await admit(2, 'b'.repeat(64))).toBe('rolled-back');
  expect(await Promise.all([admit(5, 'e'.repeat(64)), admit(5, 'f'.repeat(64))])).toEqual(
    expect.arrayContaining(['admitted', 'another']),
  );
  const { rows } = await pool.query<{ revision: number }>('SELECT revision FROM policy_bundle ORDER BY revision');
  expect(rows.map(({ revision }) => revision)).toEqual([3, 5]);
});

it('a gateway’s own role may add to it, and can neither change nor remove', async () => {
  const { pool } = database;
  const may = await pool.query<{ privilege: string; has: boolean }>(
    `SELECT privilege, has_table_privilege('lienthong_worker', 'policy_bundle', privilege) AS has
     FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS privilege`,
  );
  expect(may.rows.filter(({ has }) => has).map(({ privilege }) => privilege)).toEqual(['SELECT', 'INSERT']);
});
