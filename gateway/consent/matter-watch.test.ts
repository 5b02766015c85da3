import { createSecretKey } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { NOW, OPTIONS } from '../acts/acts.test-support.ts';
import { foldActs } from '../acts/fold-acts.ts';
import { createMatterWatch } from './matter-watch.ts';

const BOOK = foldActs([], OPTIONS);
const RECEIPT = Buffer.alloc(16, 1);
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query("INSERT INTO consent_use (recipient, purpose) VALUES ('moh', 'patient-record')");
  await database.pool.query('INSERT INTO consent_scope (person_no, use_no) SELECT 1, use_no FROM consent_use');
  await database.pool.query(
    `INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, entry_id)
     SELECT $1, $1, $2, scope_no, '{}', 0, $1 FROM consent_scope`,
    [RECEIPT, MatterKind.OBJECTION],
  );
});
afterAll(() => database?.drop());

/** What no officer signed. */
const forge = (seq: number | string) =>
  database.pool.query(
    `INSERT INTO matter_act (seq, digest, receipt_id, body, officer, signature, entry_id)
     OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, '', 'o', 's', '')`,
    [seq, `digest-${seq}`, RECEIPT],
  );

const watching = (faults: unknown[]) =>
  createMatterWatch({
    ...{ db: database.pool, artefactKey: createSecretKey(Buffer.alloc(32, 3)), nowSeconds: () => NOW, everyMs: 5 },
    ...{ book: () => BOOK, readBook: async () => BOOK, log: { warn() {} }, onFault: (error) => faults.push(error) },
    takeUpMissed: async () => 0,
    putBackBlock: async () => ({ next: undefined, count: 0 }),
  });

test('what stands in the table by no officer is found: from the first, above what was seen, and slipped in beneath it', async () => {
  const faults: unknown[] = [];
  const watch = watching(faults);
  await forge(10);
  watch.start();
  await expect.poll(watch.ignored).toBe(1);
  await forge(20);
  await expect.poll(watch.ignored).toBe(2);
  await forge(5);
  await expect.poll(watch.ignored).toBe(3);
  await database.pool.query('DELETE FROM matter_act WHERE seq = 10');
  await expect.poll(watch.ignored).toBe(2);
  await watch.stop();
  expect(faults).toEqual([]);
});

test.each([
  ['stood there first', true],
  ['is slipped in beneath what was seen', false],
])('beneath all that a sequence gives nothing hides: what %s is found', async (_name, first) => {
  await database.pool.query('TRUNCATE matter_act');
  const faults: unknown[] = [];
  const watch = watching(faults);
  const beneath = async () => {
    for (const seq of ['0', '-7', '-9223372036854775808']) await forge(seq);
  };
  if (first) await beneath();
  await forge(10);
  watch.start();
  await expect.poll(watch.ignored).toBe(first ? 4 : 1);
  if (!first) await beneath();
  await expect.poll(watch.ignored).toBe(4);
  await watch.stop();
  expect(faults).toEqual([]);
});
