import { createSecretKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { MatterKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { NOW, OPTIONS, token } from '../acts/acts.test-support.ts';
import { foldActs } from '../acts/fold-acts.ts';
import { type MatterAct, matterActBytes } from '../acts/matter-act.ts';
import { seal } from '../sealing/seal.ts';
import { digestOf } from '../signing/digest.ts';
import type { Connection } from '../storage/pool.ts';
import { createMatterWatch } from './matter-watch.ts';
import { countMissed, putBackBlock, takeUpMissed } from './missed-matters.ts';

const { OBJECTION, LIFTING, WITHDRAWAL, RESTRICTION, CORRECTION, DELETION, PROVISION } = MatterKind;
const BOOK = foldActs([], OPTIONS);
const KEY = createSecretKey(Buffer.alloc(32, 3));
const idOf = (n: number) => Buffer.alloc(16, n);
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

/** As a gateway of before records it. */
const take = (id: number, kind: MatterKind, { person = id, revision = 0, hoursAgo = 0 } = {}) =>
  database.pool.query(
    `WITH m AS (
       INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, entry_id, recorded_at)
       SELECT $1, $1, $2, scope_no, '{}', $4, $1, now() - make_interval(hours => $5) FROM consent_scope WHERE person_no = $3
       RETURNING receipt_id, revision, kind
     ), pending AS (
       INSERT INTO consent_pending (receipt_id, revision)
       SELECT receipt_id, revision FROM m WHERE kind IN (${WITHDRAWAL}, ${RESTRICTION}, ${OBJECTION})
     )
     INSERT INTO consent_acknowledgement (receipt_id, entry_id)
     SELECT receipt_id, '' FROM m WHERE kind NOT IN (${WITHDRAWAL}, ${RESTRICTION}, ${OBJECTION})`,
    [idOf(id), kind, person, revision, hoursAgo],
  );
const list = (id: number) =>
  database.pool.query(
    `INSERT INTO matter_open (receipt_id, scope_no, kind, recorded_at)
     SELECT receipt_id, scope_no, kind, recorded_at FROM consent_matter WHERE receipt_id = $1`,
    [idOf(id)],
  );
const listed = async () =>
  (await database.pool.query<{ id: Buffer }>('SELECT receipt_id AS id FROM matter_open ORDER BY 1')).rows.map(
    ({ id }) => id[0],
  );

const deps = () => ({
  ...{ db: database.pool, artefactKey: KEY, nowSeconds: () => NOW, book: () => BOOK, readBook: async () => BOOK },
});
const pending = async () =>
  (await database.pool.query<{ id: Buffer }>('SELECT receipt_id AS id FROM consent_pending ORDER BY 1')).rows.map(
    ({ id }) => id[0],
  );
/** What waits for somebody who has begun, in this database, until they commit; whoever does not wait for them fails, and leaves nothing. */
async function behind(begun: (other: Connection) => Promise<void>, waits: () => Promise<unknown>): Promise<void> {
  const other = await database.pool.connect();
  try {
    await other.query('BEGIN');
    await begun(other);
    const waited = waits();
    const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    await expect.poll(async () => (await other.query(waiting)).rowCount).toBe(1);
    await other.query('COMMIT');
    await waited;
  } finally {
    other.release(true);
  }
}
/** As an officer does it. */
async function act(id: number, what: object): Promise<void> {
  const body = matterActBytes({
    ...{ act: 'A'.repeat(22), deployment: 'dev-tests', matter: idOf(id).toString('base64url'), of: 'correction' },
    ...{ text_vi: 'Đã sửa.', text_en: 'It was corrected.', ...what },
  } as MatterAct);
  const digest = digestOf(body);
  await database.pool.query(
    'INSERT INTO matter_act (digest, receipt_id, body, officer, signature, entry_id) VALUES ($1, $2, $3, $4, $5, $6)',
    [digest, idOf(id), seal(KEY, Buffer.from(digest), body), 'officer-a', token(0, body), idOf(id)],
  );
}
const DONE = { kind: 'matter.decide', outcome: 'carried_out', reason: 'as_asked' };
const LONGER = { kind: 'matter.extend', reason: 'complex' };

test('an objection that no list has waits for the officers, unless it was lifted or an officer saw it', async () => {
  await take(1, OBJECTION, { hoursAgo: 900 });
  await take(2, WITHDRAWAL);
  await take(3, OBJECTION, { revision: 5 });
  await take(4, LIFTING, { person: 3, revision: 5 });
  await take(5, OBJECTION, { person: 3, revision: 6 });
  await take(6, OBJECTION);
  await database.pool.query(
    `INSERT INTO matter_act (digest, receipt_id, body, officer, signature, entry_id) VALUES ('d', $1, '', 'o', 's', '')`,
    [idOf(6)],
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
  await behind(
    async (deciding) => {
      await deciding.query(`SELECT pg_advisory_xact_lock(4919006, hashtext('${idOf(1).toString('hex')}'))`);
      await deciding.query(
        `INSERT INTO matter_act (digest, receipt_id, body, officer, signature, entry_id) VALUES ('d', $1, '', 'o', 's', '')`,
        [idOf(1)],
      );
    },
    () => takeUpMissed(database.pool, undefined),
  );
  expect(await listed()).toEqual([]);
});

test('the watch finds them when it starts and while it runs, and says how many', async () => {
  const said: object[] = [];
  const watch = createMatterWatch({
    ...{ ...deps(), everyMs: 5, log: { warn: (fields) => said.push(fields) } },
    takeUpMissed: (since) => takeUpMissed(database.pool, since),
    putBackBlock: (after) => putBackBlock(deps(), after),
    onFault: (error) => said.push({ error }),
  });
  await take(1, OBJECTION);
  watch.start();
  await expect.poll(listed).toEqual([1]);
  await take(2, OBJECTION);
  await expect.poll(listed).toEqual([1, 2]);
  // One of long ago, which nobody looks for among what came last.
  await take(3, CORRECTION, { hoursAgo: 900 });
  await expect.poll(listed).toEqual([1, 2, 3]);
  await watch.stop();
  expect(said).toEqual([{ matters: 1 }, { matters: 1 }, { matters: 1 }]);
});

test('whatever waits for an officer comes back into the list that somebody deleted it from, of whatever kind and age', async () => {
  await take(1, PROVISION, { hoursAgo: 900 });
  await take(2, CORRECTION, { hoursAgo: 900 });
  await take(3, DELETION);
  await take(4, OBJECTION, { revision: 7, hoursAgo: 900 });
  await take(5, LIFTING, { person: 4, revision: 7 });
  await take(6, CORRECTION);
  await act(6, DONE);
  expect(await countMissed(deps())).toBe(3);
  expect(await putBackBlock(deps(), undefined)).toEqual({ next: undefined, count: 3 });
  expect(await listed()).toEqual([1, 2, 3]);
  expect([await countMissed(deps()), (await putBackBlock(deps(), undefined)).count]).toEqual([0, 0]);
});

test('what an officer extended comes back as extended, and what nobody extended is not left so', async () => {
  await take(1, CORRECTION);
  await act(1, LONGER);
  await take(2, CORRECTION);
  await list(2);
  await database.pool.query('UPDATE matter_open SET extended = true');
  // What nobody signed counts for nothing, however often the matter is deleted for it.
  await take(3, CORRECTION);
  await database.pool.query(
    "INSERT INTO matter_act (digest, receipt_id, body, officer, signature, entry_id) VALUES ('d', $1, '', 'o', 's', '')",
    [idOf(3)],
  );
  expect(await countMissed(deps())).toBe(3);
  await putBackBlock(deps(), undefined);
  const { rows } = await database.pool.query('SELECT extended FROM matter_open ORDER BY receipt_id');
  expect(rows).toEqual([{ extended: true }, { extended: false }, { extended: false }]);
  expect(await countMissed(deps())).toBe(0);
});

test('a withdrawal that nobody acknowledged waits again when somebody deleted it, and never one that was acknowledged', async () => {
  for (const [id, kind] of [WITHDRAWAL, RESTRICTION, OBJECTION, WITHDRAWAL].entries()) await take(id + 1, kind);
  await list(3);
  await database.pool.query('DELETE FROM consent_pending');
  await database.pool.query("INSERT INTO consent_acknowledgement (receipt_id, entry_id) VALUES ($1, '')", [idOf(4)]);
  expect(await countMissed(deps())).toBe(3);
  // One that is being acknowledged at this moment.
  await behind(
    async (acknowledging) => {
      await acknowledging.query('SELECT pg_advisory_xact_lock(4919002, $1)', [idOf(1).readInt32BE()]);
      await acknowledging.query("INSERT INTO consent_acknowledgement (receipt_id, entry_id) VALUES ($1, '')", [
        idOf(1),
      ]);
    },
    () => putBackBlock(deps(), undefined),
  );
  expect([await pending(), await countMissed(deps())]).toEqual([[2, 3], 0]);
});

test('of many matters each look takes a block, and the last begins the next round', async () => {
  await database.pool.query(
    `INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, entry_id)
     SELECT sha256(int4send(n)), sha256(int4send(n)), ${DELETION}, (SELECT min(scope_no) FROM consent_scope), '{}', 0, ''
     FROM generate_series(1, 501) n`,
  );
  await database.pool.query(
    `INSERT INTO matter_open (receipt_id, scope_no, kind, recorded_at)
     SELECT receipt_id, scope_no, kind, recorded_at FROM consent_matter
     ORDER BY receipt_id OFFSET 1 LIMIT 499`,
  );
  expect(await countMissed(deps())).toBe(2);
  const first = await putBackBlock(deps(), undefined);
  expect([first.count, (await listed()).length]).toEqual([1, 500]);
  expect(await putBackBlock(deps(), first.next)).toEqual({ next: undefined, count: 1 });
});
