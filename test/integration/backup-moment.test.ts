/** A backup is of one moment, whatever becomes of the tables while it is copied; a copy of two moments does not come back. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { restoreBackup } from '../../gateway/backup/restore-backup.ts';
import { type BackupOrder, writeBackup } from '../../gateway/backup/write-backup.ts';
import { stampDeployment } from '../../gateway/config/deployment-stamp.ts';
import { generateKeyRing, loadKeyRing } from '../../gateway/sealing/key-ring.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const deployment = { id: 'moment', kind: 'development' } as const;
const origin = 'moment.example/log';
const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

let folder: string;
let count = 0;
const databases: TestDatabase[] = [];
const database = async (options?: { empty: true }) => {
  const made = await createTestDatabase(options);
  databases.push(made);
  return made;
};
let db: TestDatabase;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-moment-'));
});
beforeEach(async () => {
  db = await database();
  await stampDeployment(db.pool, deployment);
  await db.pool.query(
    "INSERT INTO person (person_no, personal_id, import_no, full_name) VALUES (1, 901085000001, 1, 'An')",
  );
  await db.pool.query(
    "INSERT INTO person_match VALUES (901085000001, 1, 0, 19850327, 1, 1, 1, 1, NULL, 'An'); UPDATE register_head SET position = 1",
  );
});
afterAll(async () => {
  await Promise.all(databases.map((one) => one.drop()));
  rmSync(folder, { recursive: true, force: true });
});

const write = (order: Partial<BackupOrder> = {}) =>
  writeBackup({
    pool: db.pool,
    folder: join(folder, String(++count)),
    log: { origin, keys: { key, publicKey } },
    ...order,
  });

test('no table can be emptied between the moment of the backup and its copy', async () => {
  const other = await db.pool.connect();
  await other.query("SET lock_timeout = '100ms'");
  const codes: Promise<unknown>[] = [];
  const manifest = await write({
    onTable: (done) => {
      if (done === 1) codes.push(other.query('TRUNCATE person_match').catch((error: { code: string }) => error.code));
    },
  });
  other.release(true);
  expect(await Promise.all(codes)).toEqual(['55P03']);
  expect(manifest.tables.find(({ name }) => name === 'person_match')?.rows).toBe(1);
});

test('while somebody has a table for themselves it steps back, and copies what they leave', async () => {
  const other = await db.pool.connect();
  await other.query('BEGIN; TRUNCATE person_match');
  const made = write();
  const waits = () =>
    db.pool.query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'relation'");
  await expect.poll(async () => (await waits()).rows.length).toBe(1);
  await other.query('ROLLBACK');
  other.release();
  expect((await made).tables.find(({ name }) => name === 'person_match')?.rows).toBe(1);
});

test('people whom no look-up would find do not come back; those of a first load that was broken off do', async () => {
  await db.pool.query('TRUNCATE person_match');
  const bad = join(folder, String(count + 1));
  await write();
  const { pool } = await database({ empty: true });
  const restore = (from: string) =>
    restoreBackup({
      ...{ pool, folder: from, deployment, verify: false },
      ...{ log: { origin, keys: { known: [publicKey] } }, keys: loadKeyRing(generateKeyRing()) },
    });
  await expect(restore(bad)).rejects.toMatchObject({ reason: 'WRONG', subject: expect.stringContaining('look-up') });
  expect((await pool.query('SELECT 1 FROM person')).rows).toEqual([]);
  await db.pool.query('UPDATE register_head SET position = 0');
  const good = join(folder, String(count + 1));
  await write();
  await restore(good);
  expect((await pool.query('SELECT full_name FROM person')).rows).toEqual([{ full_name: 'An' }]);
});
