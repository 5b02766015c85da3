import { afterAll, beforeAll, expect, test } from 'vitest';
import { purgeOffered } from '../../../gateway/audit/witnesses.ts';
import { openPools } from '../../../gateway/compose/open-database.ts';
import { StorageError } from '../../../gateway/storage/errors.ts';
import { createPool, type Pool } from '../../../gateway/storage/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let worker: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  url.searchParams.set('options', '-c role=lienthong_worker');
  worker = createPool({ url: url.toString(), max: 1 });
});

afterAll(async () => {
  await worker?.end();
  await database?.drop();
});

const FORBIDDEN = [
  'UPDATE log_entry SET salt = salt',
  'DELETE FROM log_entry',
  'UPDATE log_index SET leaf = leaf',
  'DELETE FROM log_index',
  'DELETE FROM log_tile',
  'DELETE FROM log_head',
  'UPDATE offered_head SET root = root',
  'UPDATE cosignature SET line = line',
  'DELETE FROM cosignature',
  "INSERT INTO agency VALUES ('x', 'x', 'x', 'x', 'active')",
  "UPDATE agency SET status = 'active'",
  "INSERT INTO officer VALUES ('x', 'x', 'x', 'active')",
  "INSERT INTO agency_encryption_key (kid, agency, jwk, state) VALUES ('x', 'x', 'x', 'active')",
  "INSERT INTO agency_key VALUES ('x', 'x', 'x', 'active', NULL)",
  "INSERT INTO agency_certificate VALUES ('x', 'x', now(), 'active')",
  "INSERT INTO agreement VALUES ('x', 1, 'x', 'x', 'x', '{}')",
  "UPDATE act SET signature = 'x'",
  'DELETE FROM act_decision',
  'DELETE FROM change',
  'DELETE FROM job',
  'UPDATE person SET person_no = person_no',
  'UPDATE person_match SET name = name',
  'DELETE FROM identifier',
  'DROP TABLE log_entry',
  'ALTER TABLE log_entry DISABLE TRIGGER ALL',
];

test.each(FORBIDDEN)('a worker may not: %s', async (statement) => {
  const refused = await worker.query(statement).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(StorageError);
  // 42501: insufficient privilege.
  expect((refused as StorageError).code).toBe('42501');
});

test('a worker lets old heads go that witnesses were offered, with what they signed, but never the newest thousand', async () => {
  const { pool } = database;
  await pool.query(
    `INSERT INTO offered_head (size, root, offered_at) SELECT n, '\\x00', now() - make_interval(days => 60 - n / 50) FROM generate_series(1, 1600) n`,
  );
  await pool.query(
    `INSERT INTO cosignature (size, agency, legal_entity, line) VALUES (1, 'a', 'a', ''), (1600, 'a', 'a', '')`,
  );
  await purgeOffered(worker);
  const { rows } = await pool.query(
    'SELECT min(size)::int AS first, count(*)::int AS heads, (SELECT count(*)::int FROM cosignature) AS lines FROM offered_head',
  );
  expect(rows).toEqual([{ first: 601, heads: 1000, lines: 1 }]);
});

test('the gateway takes that role on every connection, whatever its login may do besides', async () => {
  const { end, ...pools } = openPools(database.url);
  for (const pool of Object.values(pools)) {
    const { rows } = await pool.query('SELECT current_user AS role');
    expect(rows).toEqual([{ role: 'lienthong_worker' }]);
  }
  await end();
});

test('and may read the register and add to the log', async () => {
  await expect(worker.query('SELECT count(*) FROM person_match')).resolves.toBeDefined();
  await expect(
    worker.query("INSERT INTO log_entry (entry_id, salt, entry, agency) VALUES ('\\x01', '\\x02', '\\x03', 'x')"),
  ).resolves.toBeDefined();
});
