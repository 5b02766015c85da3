import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { readStamp, stampDeployment } from './deployment-stamp.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const production = { id: 'register', kind: 'production' } as const;
const development = { id: 'dev-tests', kind: 'development' } as const;

it('stamps once; the same deployment comes again, every other is refused by its reason', async () => {
  const { pool } = database;
  expect(await readStamp(pool)).toBeUndefined();
  await stampDeployment(pool, production);
  await stampDeployment(pool, production);
  expect(await readStamp(pool)).toEqual(production);
  await expect(stampDeployment(pool, development)).rejects.toMatchObject({ reason: 'DATABASE_IS_PRODUCTION' });
  await expect(stampDeployment(pool, { ...development, id: 'register' })).rejects.toThrow('register');
  await expect(stampDeployment(pool, { ...production, id: 'other' })).rejects.toMatchObject({
    reason: 'DATABASE_OF_ANOTHER',
  });
  // Not only through this code: the database itself holds it.
  for (const sql of [
    "UPDATE deployment SET kind = 'development'",
    "UPDATE deployment SET deployment_id = 'other'",
    'DELETE FROM deployment',
    'TRUNCATE deployment',
  ]) {
    await expect(pool.query(sql)).rejects.toMatchObject({ kind: 'constraint', constraint: 'deployment_guard' });
  }
  expect(await readStamp(pool)).toEqual(production);
});

it('a development database does not become production', async () => {
  await stampDeployment(database.pool, development);
  await expect(stampDeployment(database.pool, production)).rejects.toMatchObject({
    reason: 'DATABASE_IS_DEVELOPMENT',
  });
});

it('of two processes that stamp at once one wins', async () => {
  const results = await Promise.allSettled(
    ['one', 'two', 'six'].map((id) => stampDeployment(database.pool, { id, kind: 'development' })),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});
