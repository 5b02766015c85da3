import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { quotingSettings } from './server-log.ts';
import { inTransaction } from './transaction.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.drop());

test('a server as the embedded one is set quotes nothing', async () => {
  expect(await quotingSettings(db.pool)).toEqual([]);
});

test.each([
  [{ log_min_messages: 'warning' }, ['log_min_messages']],
  [{ log_min_messages: 'error' }, ['log_min_messages']],
  [{ log_min_messages: 'panic' }, []],
  [{ log_parameter_max_length_on_error: '-1' }, ['log_parameter_max_length_on_error']],
  [{ log_statement: 'mod' }, []],
  [{ log_statement: 'mod', log_parameter_max_length: '-1' }, ['log_statement']],
  [{ log_min_duration_statement: '1000', log_parameter_max_length: '64' }, ['log_min_duration_statement']],
  [{ log_transaction_sample_rate: '0.5', log_parameter_max_length: '-1' }, ['log_transaction_sample_rate']],
  [{ log_parameter_max_length: '-1' }, []],
])('%j', async (settings, named) => {
  await inTransaction(db.pool, async (tx) => {
    for (const [name, value] of Object.entries(settings)) await tx.query(`SET LOCAL ${name} = '${value}'`);
    expect(await quotingSettings(tx)).toEqual(named);
  });
});
