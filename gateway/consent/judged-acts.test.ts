/** All decisions are judged at the price of what changed, and whatever changed is found. */
import { createSecretKey, hash, randomBytes } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AdminService, DecideMatterRequestSchema } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { EntryKind } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { openPeopleLog } from '../../test/support/people-log.ts';
import { BAR, NOW, OPTIONS, rowAt, token } from '../acts/acts.test-support.ts';
import type { ActBook } from '../acts/book.ts';
import { foldActs } from '../acts/fold-acts.ts';
import { type MatterAct, matterActBytes } from '../acts/matter-act.ts';
import { generateKeyRing, loadKeyRing } from '../sealing/key-ring.ts';
import { seal } from '../sealing/seal.ts';
import { digestOf } from '../signing/digest.ts';
import type { Pool } from '../storage/pool.ts';
import { judgeActs } from './judged-acts.ts';
import { sealRequest } from './logged-decisions.ts';
import { countMissed } from './missed-matters.ts';

const KEY = createSecretKey(Buffer.alloc(32, 3));
const BOOK = foldActs([], OPTIONS);
/** Officer a was barred a day later. */
const BARRED = foldActs([rowAt(NOW + 86_400, { ...BAR, what: 'officer', subject: 'officer-a' }, 1, 2)], {
  ...OPTIONS,
  now: NOW + 90_000,
});
const idOf = (n: number) => Buffer.alloc(16, n);
let database: TestDatabase;
let log: Awaited<ReturnType<typeof openPeopleLog>>;
beforeAll(async () => {
  database = await createTestDatabase();
  log = await openPeopleLog(database.pool, loadKeyRing(generateKeyRing()));
  await database.pool.query("INSERT INTO consent_use (recipient, purpose) VALUES ('', '')");
  await database.pool.query('INSERT INTO consent_scope (person_no, use_no) SELECT 1, use_no FROM consent_use');
});
beforeEach(async () => {
  await database.pool.query('TRUNCATE consent_matter, matter_act_judged CASCADE');
  looked = 0;
});
afterAll(async () => {
  log?.close();
  await database?.drop();
});

/** Pages that were judged: each is in a transaction of its own. */
let looked = 0;
const counting = (): Pool => ({
  ...database.pool,
  connect() {
    looked += 1;
    return database.pool.connect();
  },
});
const deps = (book: ActBook) => ({
  ...{ db: counting(), artefactKey: KEY, nowSeconds: () => NOW, book: () => book },
});
/** What is found, and how many pages were judged for it. */
async function found(book: ActBook = BOOK): Promise<[ignored: number, fallen: number, missed: number, pages: number]> {
  looked = 0;
  const judged = await judgeActs(deps(book));
  return [judged.ignored, judged.fallen, await countMissed(deps(book), judged), looked];
}

/** A correction that was asked for, and what an officer did about it. */
async function decided(n: number, { seq = n * 1024, kind = 'matter.decide', by = 0 as 0 | 1 } = {}): Promise<void> {
  const { pool } = database;
  await pool.query(
    `INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, entry_id, recorded_at)
     SELECT $1, $1, $2, min(scope_no), '{}', 0, '', to_timestamp($3) FROM consent_scope ON CONFLICT DO NOTHING`,
    [idOf(n), MatterKind.CORRECTION, NOW],
  );
  const own = kind === 'matter.decide' ? { outcome: 'carried_out', reason: 'as_asked' } : { reason: 'complex' };
  const body = matterActBytes({
    ...{ act: randomBytes(16).toString('base64url'), deployment: 'dev-tests', kind, of: 'correction', ...own },
    ...{ matter: idOf(n).toString('base64url'), text_vi: 'Đã sửa.', text_en: 'It was corrected.' },
  } as MatterAct);
  const [digest, signature] = [digestOf(body), token(by, body)];
  const request = toBinary(DecideMatterRequestSchema, create(DecideMatterRequestSchema, { body, signature }));
  const [entryId] = await log.append([
    {
      ...{ kind: EntryKind.UNARY, agency: 'operator', method: `/${AdminService.typeName}/DecideMatter` },
      ...{ timeMs: BigInt(NOW) * 1000n, requestDigest: hash('sha256', request, 'buffer') },
    },
    [],
  ]);
  await pool.query(
    `INSERT INTO matter_act (seq, digest, receipt_id, body, officer, signature, entry_id, request)
     OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, 'officer-a', $5, $6, $7)`,
    [
      ...[seq, digest, idOf(n), seal(KEY, Buffer.from(digest), body), signature, entryId],
      sealRequest(KEY, digest, request),
    ],
  );
}
const forged = (seq: number, n: number) =>
  database.pool.query(
    `INSERT INTO matter_act (seq, digest, receipt_id, body, officer, signature, entry_id)
     OVERRIDING SYSTEM VALUE VALUES ($1::bigint, $1::bigint::text, $2, '', 'officer-a', 's', '')`,
    [seq, idOf(n)],
  );

test('what was judged is not judged again, and of what came or changed its page alone is', async () => {
  for (const n of [1, 2, 3]) await decided(n);
  expect(await found()).toEqual([0, 0, 0, 3]);
  expect(await found()).toEqual([0, 0, 0, 0]);
  await decided(4);
  expect(await found()).toEqual([0, 0, 0, 1]);
  // Slipped in beneath what was seen, and beneath all that a sequence gives: an alarm is looked at each time.
  await forged(2 * 1024 + 5, 2);
  await forged(-7, 1);
  expect(await found()).toEqual([2, 0, 0, 2]);
  expect(await found()).toEqual([2, 0, 0, 2]);
  await database.pool.query("DELETE FROM matter_act WHERE body = ''");
  expect(await found()).toEqual([0, 0, 0, 0]);
});

test.each([
  ['a decision that is gone', 'DELETE FROM matter_act WHERE seq = 2048', [0, 0, 1]],
  ['another signature', "UPDATE matter_act SET signature = 's' WHERE seq = 2048", [1, 0, 1]],
  ['other bytes', "UPDATE matter_act SET body = '' WHERE seq = 2048", [1, 0, 1]],
  ['another matter’s', `UPDATE matter_act SET receipt_id = '\\x${'01'.repeat(16)}' WHERE seq = 2048`, [1, 0, 1]],
  ['a matter that is another', `UPDATE consent_matter SET kind = ${MatterKind.DELETION}`, [3, 0, 3]],
])('%s is found though it was judged before', async (_name, change, wanted) => {
  for (const n of [1, 2, 3]) await decided(n);
  await found();
  await database.pool.query(change);
  expect((await found()).slice(0, 3)).toEqual(wanted);
});

test('an extension answers nothing, and a decision beside it does', async () => {
  await decided(1, { seq: 10, kind: 'matter.extend' });
  await decided(2, { seq: 11 });
  expect((await found()).slice(0, 3)).toEqual([0, 0, 1]);
  await decided(1, { seq: 12 });
  expect((await found()).slice(0, 3)).toEqual([0, 0, 0]);
});

test('a decision that came after all were judged is one', async () => {
  await decided(1);
  const judged = await judgeActs(deps(BOOK));
  await decided(2);
  expect(await countMissed(deps(BOOK), judged)).toBe(0);
});

test('who is barred takes with them what the log had not, and what it has no longer; whatever became of others is no reason to look', async () => {
  await decided(1);
  await decided(2);
  await decided(3, { by: 1 });
  await database.pool.query("UPDATE matter_act SET entry_id = '' WHERE seq = 2048");
  expect(await found()).toEqual([0, 0, 0, 3]);
  // What the other officer decided stands as it was judged.
  expect(await found(BARRED)).toEqual([0, 1, 1, 2]);
  expect(await found(BARRED)).toEqual([0, 1, 1, 0]);
  // The entry by which the first one stood.
  await database.pool.query(
    'DELETE FROM log_entry WHERE entry_id = (SELECT entry_id FROM matter_act WHERE seq = 1024)',
  );
  expect(await found(BARRED)).toEqual([0, 2, 2, 1]);
  expect(await found(BARRED)).toEqual([0, 2, 2, 0]);
});

test('what is remembered is believed of its own page alone, by whoever has the key, and may be lost', async () => {
  await decided(1);
  await forged(2048, 1);
  expect((await found())[0]).toBe(1);
  const { pool } = database;
  await pool.query('INSERT INTO matter_act_judged SELECT 2, sealed FROM matter_act_judged');
  expect(await found()).toEqual([1, 0, 0, 1]);
  await pool.query("UPDATE matter_act_judged SET sealed = '\\x00' WHERE page = 1");
  expect(await found()).toEqual([1, 0, 0, 2]);
  // As of a database that only follows another.
  await pool.query('TRUNCATE matter_act_judged');
  await pool.query('ALTER TABLE matter_act_judged ADD CONSTRAINT refused CHECK (page > 5)');
  expect(await found()).toEqual([1, 0, 0, 2]);
  await pool.query('ALTER TABLE matter_act_judged DROP CONSTRAINT refused');
});
