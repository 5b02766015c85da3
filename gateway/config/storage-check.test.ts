import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { generateKeyRing, KEY_PURPOSES, loadKeyRing } from '../sealing/key-ring.ts';
import { seal } from '../sealing/seal.ts';
import { stampDeployment } from './deployment-stamp.ts';
import { keepStorageCheck, refuseOtherKeys } from './storage-check.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const stored = generateKeyRing();
const [ring, other] = [loadKeyRing(stored), loadKeyRing(generateKeyRing())];
const stamp = () => stampDeployment(database.pool, { id: 'register', kind: 'production' });
const refused = { name: 'ConfigError', member: 'storage_keys' };

it('the keys that a database was first served with are its keys; others are refused, and one of them is named', async () => {
  const { pool } = database;
  await keepStorageCheck(pool, other);
  await stamp();
  await refuseOtherKeys(pool, other);
  await keepStorageCheck(pool, ring);
  await keepStorageCheck(pool, ring);
  await refuseOtherKeys(pool, ring);
  await expect(refuseOtherKeys(pool, other)).rejects.toMatchObject(refused);
  await expect(keepStorageCheck(pool, other)).rejects.toMatchObject(refused);
  await expect(refuseOtherKeys(pool, { ...ring, answer: other.answer })).rejects.toThrow(' sealed with (answer): ');
  // Nothing of a key stands in it, and no other deployment's check looks like it.
  const { rows } = await pool.query<{ text: string }>('SELECT storage_check::text AS text FROM deployment');
  for (const purpose of KEY_PURPOSES) expect(rows[0]?.text).not.toContain(stored[purpose]);
  for (const sql of [
    'UPDATE deployment SET storage_check = NULL',
    `UPDATE deployment SET storage_check = storage_check || '{"answer": "x"}'`,
  ]) {
    await expect(pool.query(sql)).rejects.toMatchObject({ constraint: 'deployment_guard' });
  }
});

it('of two gateways that begin with different keys one goes on', async () => {
  await stamp();
  const rings = Array.from({ length: 3 }, () => loadKeyRing(generateKeyRing()));
  const results = await Promise.allSettled(rings.map((keys) => keepStorageCheck(database.pool, keys)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('a key of a purpose that came later is added', async () => {
  const { pool } = database;
  await stamp();
  await keepStorageCheck(pool, ring);
  const { rows } = await pool.query<{ check: object }>('SELECT storage_check AS check FROM deployment');
  await pool.query('ALTER TABLE deployment DISABLE TRIGGER USER');
  await pool.query("UPDATE deployment SET storage_check = storage_check - 'answer'");
  await pool.query('ALTER TABLE deployment ENABLE TRIGGER USER');
  await keepStorageCheck(pool, ring);
  expect((await pool.query('SELECT storage_check AS check FROM deployment')).rows).toEqual(rows);
});

it('of a database of before, what is sealed in it tells: where none of several opens, the keys are others', async () => {
  const { pool } = database;
  await stamp();
  const entry = async (persons: (entryId: Buffer) => Buffer) => {
    const entryId = randomBytes(16);
    await pool.query(
      "INSERT INTO log_entry (entry_id, salt, entry, agency, persons) VALUES ($1, $2, '', 'viettel', $3)",
      [entryId, randomBytes(16), persons(entryId)],
    );
  };
  await entry((entryId) => seal(ring.evidence, entryId, Buffer.alloc(8)));
  // One that was changed in the table is for "audit verify" to name.
  await entry(() => randomBytes(36));
  await expect(refuseOtherKeys(pool, other)).rejects.toThrow('(evidence)');
  await expect(keepStorageCheck(pool, other)).rejects.toMatchObject(refused);
  await pool.query('INSERT INTO stored_answer (entry_id, sealed) VALUES ($1, $2)', [
    Buffer.alloc(16),
    seal(ring.answer, Buffer.alloc(16), Buffer.alloc(1)),
  ]);
  await expect(refuseOtherKeys(pool, other)).rejects.toThrow('(answer, evidence)');
  await keepStorageCheck(pool, ring);
});

it('a schema without the check, or none at all, is no fault of the keys', async () => {
  const { pool } = database;
  await stamp();
  await pool.query('ALTER TABLE deployment DROP COLUMN storage_check');
  await refuseOtherKeys(pool, ring);
  const empty = await createTestDatabase({ empty: true });
  await refuseOtherKeys(empty.pool, ring);
  await empty.drop();
});
