import { createSecretKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { NOW, OPTIONS } from '../acts/acts.test-support.ts';
import { foldActs } from '../acts/fold-acts.ts';
import { createMatterWatch } from './matter-watch.ts';
import { takeUpMissed } from './missed-matters.ts';

const { OBJECTION, LIFTING, WITHDRAWAL } = MatterKind;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query("INSERT INTO consent_use (recipient, purpose) VALUES ('moh', 'patient-record')");
  await database.pool.query(
    'INSERT INTO consent_scope (person_no, use_no) SELECT n, use_no FROM consent_use, generate_series(1, 9) n',
  );
});
beforeEach(() => database.pool.query('TRUNCATE consent_matter CASCADE'));
afterAll(() => database?.drop());

/** As a gateway of before records it, and nothing more. */
const take = (id: number, kind: MatterKind, { person = id, revision = 0, hoursAgo = 0 } = {}) =>
  database.pool.query(
    `INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, entry_id, recorded_at)
     SELECT $1, $1, $2, scope_no, '{}', $4, $1, now() - make_interval(hours => $5) FROM consent_scope WHERE person_no = $3`,
    [Buffer.of(id), kind, person, revision, hoursAgo],
  );
const list = (id: number) =>
  database.pool.query(
    `INSERT INTO matter_open (receipt_id, scope_no, kind, recorded_at)
     SELECT receipt_id, scope_no, kind, recorded_at FROM consent_matter WHERE receipt_id = $1`,
    [Buffer.of(id)],
  );
const listed = async () =>
  (await database.pool.query<{ id: Buffer }>('SELECT receipt_id AS id FROM matter_open ORDER BY 1')).rows.map(
    ({ id }) => id[0],
  );

test('an objection that no list has waits for the officers, unless it was lifted or an officer saw it', async () => {
  await take(1, OBJECTION, { hoursAgo: 900 });
  await take(2, WITHDRAWAL);
  await take(3, OBJECTION, { revision: 5 });
  await take(4, LIFTING, { person: 3, revision: 5 });
  await take(5, OBJECTION, { person: 3, revision: 6 });
  await take(6, OBJECTION);
  await database.pool.query(
    `INSERT INTO matter_act (digest, receipt_id, body, officer, signature, entry_id) VALUES ('d', '\\x06', '', 'o', 's', '')`,
  );
  expect([await takeUpMissed(database.pool, undefined), await listed()]).toEqual([2, [1, 5]]);
  expect(await takeUpMissed(database.pool, undefined)).toBe(0);
});

test('what was lifted waits no longer, and another objection of the same person does', async () => {
  await take(1, OBJECTION, { revision: 5 });
  await take(2, LIFTING, { person: 1, revision: 5 });
  await take(3, OBJECTION, { person: 1, revision: 6 });
  await list(1);
  await list(3);
  await takeUpMissed(database.pool, 60);
  expect(await listed()).toEqual([3]);
});

test('after the first look only what came since is read, and an hour before it', async () => {
  await take(1, OBJECTION, { hoursAgo: 3 });
  await take(2, OBJECTION);
  await takeUpMissed(database.pool, 60);
  expect(await listed()).toEqual([2]);
  await takeUpMissed(database.pool, 3 * 3_600);
  expect(await listed()).toEqual([1, 2]);
});

test('one that an officer decides at this moment is not opened again', async () => {
  await take(1, OBJECTION);
  const deciding = await database.pool.connect();
  await deciding.query('BEGIN');
  await deciding.query("SELECT pg_advisory_xact_lock(4919006, hashtext('01'))");
  await deciding.query(
    `INSERT INTO matter_act (digest, receipt_id, body, officer, signature, entry_id) VALUES ('d', '\\x01', '', 'o', 's', '')`,
  );
  const taken = takeUpMissed(database.pool, undefined);
  const waits = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
  await expect.poll(async () => (await deciding.query(waits)).rowCount).toBe(1);
  await deciding.query('COMMIT');
  deciding.release();
  await taken;
  expect(await listed()).toEqual([]);
});

test('the watch finds them when it starts and while it runs, and says how many', async () => {
  const said: object[] = [];
  const book = foldActs([], OPTIONS);
  const watch = createMatterWatch({
    ...{ db: database.pool, artefactKey: createSecretKey(Buffer.alloc(32, 3)), nowSeconds: () => NOW, everyMs: 5 },
    ...{ book: () => book, readBook: async () => book, log: { warn: (fields) => said.push(fields) } },
    takeUpMissed: (since) => takeUpMissed(database.pool, since),
    onFault: (error) => said.push({ error }),
  });
  await take(1, OBJECTION);
  watch.start();
  await expect.poll(listed).toEqual([1]);
  await take(2, OBJECTION);
  await expect.poll(listed).toEqual([1, 2]);
  await watch.stop();
  expect(said).toEqual([{ objections: 1 }, { objections: 1 }]);
});
