/**
 * What runs for each call, by a timer or with a scrape finds what it asks for by an index, however large the tables are; what an
 * append asks stands in log-plans.test.ts. Asked of a database that is empty, where whole readings are as dear as can be: what is read
 * from end to end all the same has no index that could serve it.
 */
import { createSecretKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDelays } from '../../gateway/accesses/delayed.ts';
import { readIndexState } from '../../gateway/accesses/index-state.ts';
import { foldActs } from '../../gateway/acts/fold-acts.ts';
import { lastRevision } from '../../gateway/agencies/changes.ts';
import { readRevisions } from '../../gateway/agreements/store.ts';
import { createAnsweredBefore } from '../../gateway/audit/answered-before.ts';
import { purge, readTokenFloor } from '../../gateway/audit/housekeeping.ts';
import { renewLease } from '../../gateway/audit/log-store.ts';
import { createWitnesses, readWitnessed } from '../../gateway/audit/witnesses.ts';
import { createBarrier } from '../../gateway/consent/barrier.ts';
import { isRestricted, listConsents } from '../../gateway/consent/consent-store.ts';
import { createFindConsents } from '../../gateway/consent/find-consents.ts';
import { createMatterWatch } from '../../gateway/consent/matter-watch.ts';
import { carryConsents } from '../../gateway/consent/merged-records.ts';
import { readBlock, takeUpMissed } from '../../gateway/consent/missed-matters.ts';
import { mayAskToday, mayGive, mayWait } from '../../gateway/consent/most-matters.ts';
import { openObjection } from '../../gateway/consent/objected-again.ts';
import { listMatters } from '../../gateway/consent/officers-matters.ts';
import { readOpenMatters } from '../../gateway/consent/open-matters.ts';
import { listReceipts } from '../../gateway/consent/receipts.ts';
import { answeredRanges, findJob, hasShortChunk, listJobs, rowRoots } from '../../gateway/jobs/job-store.ts';
import { createGuessBook } from '../../gateway/limits/guess-book.ts';
import { createPurge } from '../../gateway/limits/purge-limits.ts';
import { readUsed } from '../../gateway/limits/read-quotas.ts';
import { countAgencyKeys } from '../../gateway/operation/agency-keys.ts';
import { readWaiting } from '../../gateway/operation/waiting.ts';
import { createLookup } from '../../gateway/register/lookup.ts';
import { readRecords } from '../../gateway/register/records-of.ts';
import { readOverdue } from '../../gateway/retention/read-overdue.ts';
import type { Database, Pool } from '../../gateway/storage/pool.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Planned, recording, unkeyedOf } from '../support/plans.ts';

/** Tables that may be read whole: what keeps each of them small, or the reading seldom. */
const BOUNDED = {
  access_index: 'one row',
  agency_key: 'some an agency',
  change: 'what officers changed: withdrawals stand in an index of their own',
  consent_pending: 'withdrawals of the last moments',
  consent_use: 'recipients and purposes, by an import that finds two records to be one person',
  cosignature: '30 days of heads, and read from the newest on',
  guess: 'once a day: an index of days would cost each wrong value more',
  guess_crossing: '30 days of alarms',
  guess_near: 'what gateways have in memory',
  log_head: 'one row',
  matter_open: 'what waits for officers',
  register_head: 'one row',
  stored_answer: 'ten minutes of calls, and chunks that are not acknowledged',
  token_floor: 'one row',
  used_token: 'five minutes of calls',
} as const;
type Table = keyof typeof BOUNDED;

let database: TestDatabase;
const KEY = createSecretKey(Buffer.alloc(32, 7));
const ID = Buffer.alloc(16, 7);

beforeAll(async () => {
  database = await createTestDatabase({ max: 1 });
  await database.pool.query('SET enable_seqscan = off');
  // Of the others nothing is known but that they are empty.
  await database.pool.query('ANALYZE access_index, log_head, register_head, token_floor');
});
afterAll(async () => {
  await database?.drop();
});

const usesOf = (db: Database) =>
  createFindConsents(
    db,
    () => 0,
    () => [],
  );
const receiptsOn = (db: Database) =>
  ({
    ...{
      db,
      artefactKey: KEY,
      nowSeconds: () => 0,
      book: () => foldActs([], { deployment: 'd', pinned: undefined, enrolled: [], now: 0 }),
    },
    policyData: () => ({ agencies: {}, agreements: {} }),
  }) as unknown as Parameters<typeof listMatters>[0];
const witnessesOn = (db: Database) =>
  createWitnesses({
    db,
    heads: { checkpointAt: () => Promise.reject(new Error()) },
    origin: 'o',
    needed: 2,
    nowSeconds: () => 0,
  });

/** Runs once, and is ended. */
async function once(watch: { start(): void; stop(): Promise<void> }, asked: readonly Planned[]): Promise<void> {
  watch.start();
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  await watch.stop();
}

type Run = (db: Database, asked: readonly Planned[]) => Promise<unknown>;
const noBook = { keys: new Map(), barred: new Set<string>() };
const RUNS: readonly (readonly [what: string, run: Run, whole: readonly Table[]])[] = [
  [
    'call: the register',
    (db) => createLookup({ pool: db as Pool, keys: {} as never }).matchByIdentifier([1]),
    ['register_head'],
  ],
  ['call: whether it was answered before', (db) => answeredBefore(db), []],
  ['call: consents', (db) => usesOf(db)({ recipient: 'a', purpose: 'p', fields: [1] }, Float64Array.of(1)), []],
  ['call: a restriction', (db) => isRestricted(db, 1, 'a', 'p'), []],
  ['call: a person’s receipts', (db) => listReceipts(receiptsOn(db), 1), []],
  ['call: a person’s consents', (db) => listConsents({ ...receiptsOn(db), lostKeys: () => [] }, 1), []],
  ['call: a person’s records', (db) => readRecords(db, 1), []],
  ['import: consents of records that are one person', (db) => carryConsents(db, [1]), ['consent_use']],
  ['call: a job', (db) => findJob(db, 'a', ID), []],
  ['call: jobs', (db) => listJobs(db, 'a', 10), []],
  ['call: more jobs', (db) => listJobs(db, 'a', 10, ID), []],
  ['call: the end of a job', (db) => endOfJob(db), []],
  ['call: limits of an agency', (db) => readUsed(db, 'a'), []],
  ['call: the head to cosign', (db) => witnessesOn(db).offered(), ['log_head']],
  ['call: the head that is witnessed', (db) => witnessesOn(db).witnessed(), ['cosignature']],
  ['timer: what has served its time', (db) => purge(db), ['token_floor']],
  ['timer: limits that count no longer', (db) => createPurge(db)(), ['guess', 'guess_crossing', 'guess_near']],
  ['timer: what is overdue', (db) => readOverdue(db), ['log_head']],
  ['timer: the floor of tokens', (db) => readTokenFloor(db), ['token_floor']],
  ['timer: the lease', (db) => renewLease(db, '00000000-0000-0000-0000-000000000000'), []],
  ['timer: guesses', (db) => createGuessBook({ db, nowMs: () => 0 }).refresh(), []],
  ['timer: changes', (db) => Promise.all([lastRevision(db), readRevisions(db)]), ['change']],
  ['timer: withdrawals', (db, asked) => once(barrierOn(db), asked), ['consent_pending']],
  ['timer: the index of accesses', (db) => readIndexState(db), ['access_index', 'log_head']],
  ['scrape: what waits', (db) => readWaiting(db), ['guess_crossing', 'stored_answer', 'used_token']],
  ['scrape: agencies’ keys', (db) => countAgencyKeys(db, noBook, { actsOnly: false, now: 0 }), ['agency_key']],
  ['scrape: delays', (db) => readDelays(db), []],
  ['scrape: how far the log is witnessed', (db) => readWitnessed(db, 2), ['cosignature']],
];
/** Read whole while there is nothing, and by key once there is. */
const OF_MATTERS: typeof RUNS = [
  ['timer: decisions of matters', (db, asked) => once(matterWatchOn(db), asked), []],
  ['scrape: matters', (db) => readOpenMatters(db, 0), ['consent_pending', 'matter_open']],
  ['call: an objection that waits', (db) => openObjection(db, ofUse), []],
];

const OF_OFFICERS: typeof RUNS = [
  ['timer: matters that no list has', (db) => takeUpMissed(db as Pool, 60), ['matter_open']],
  ['timer: a block of all matters', (db) => readBlock(receiptsOn(db)), []],
  ...[mayWait(1), mayAskToday(1), mayGive(1, 1)].map(({ text, values }, at): (typeof RUNS)[number] => [
    `call: bound ${at} of a person’s requests`,
    (db) => db.query(text, [...values]),
    [],
  ]),
  ['call: an officer’s list of a person', (db) => listMatters(receiptsOn(db), ofPerson), []],
  ['call: an officer’s list of what waits', (db) => listMatters(receiptsOn(db), waiting), ['matter_open']],
  ['call: the next page of it', (db) => listMatters(receiptsOn(db), { ...waiting, page: ended }), ['matter_open']],
  ['call: a page of what is over', (db) => listMatters(receiptsOn(db), over), []],
  ['call: a matter by how its id begins', (db) => listMatters(receiptsOn(db), { ...waiting, ids: [ID, ID] }), []],
];

const ofUse = { personNo: 1, recipient: 'a', purpose: 'p' } as Parameters<typeof openObjection>[1];
const ofPerson = { openOnly: false, personNos: [1], ids: undefined, page: undefined };
const waiting = { openOnly: true, personNos: undefined, ids: undefined, page: undefined };
const ended = { part: 'waiting', place: 0, receiptId: ID } as const;
/** Near the end: of as many uses as there are recipients and purposes a whole page may read all. */
const LATE = Date.now() - (5000 - 12) * 3_600_000;
const over = { ...waiting, openOnly: false, page: { part: 'over', place: LATE * 1000, receiptId: ID } } as const;

const answeredBefore = (db: Database) => {
  const ask = createAnsweredBefore(db);
  return Promise.all([
    ask({ jobId: ID, num: 1, digest: ID }),
    ask({ agency: 'a', requestId: 'r', digest: ID }),
  ] as const);
};

const endOfJob = (db: Database) =>
  Promise.all([
    answeredRanges(db, ID),
    rowRoots(db, ID),
    hasShortChunk(db, { jobId: ID, chunkRows: 256 } as unknown as Parameters<typeof hasShortChunk>[1]),
  ]);

const barrierOn = (db: Database) =>
  createBarrier({
    ...{ db, workerId: '', place: undefined, nowMs: () => 0, onEnded: () => undefined },
    appender: { append: () => Promise.reject(new Error()) },
    settleAll: () => Promise.resolve(),
    keepFirst: () => Promise.resolve(),
    onFault: (error) => {
      throw error;
    },
  });

const matterWatchOn = (db: Database) => {
  const { book, artefactKey, nowSeconds } = receiptsOn(db);
  const onFault = (error: unknown) => {
    throw error;
  };
  return createMatterWatch({
    everyMs: 10,
    db,
    book,
    artefactKey,
    nowSeconds,
    readBook: async () => book(),
    takeUpMissed: async () => 0,
    putBackBlock: async () => ({ next: undefined, count: 0 }),
    log: { warn() {} },
    onFault,
  });
};

const check: (what: string, run: Run, whole: readonly Table[]) => Promise<void> = async (_what, run, whole) => {
  const { db, asked } = recording(database.pool);
  await run(db, asked);
  expect(asked.length).toBeGreaterThan(0);
  expect(await unkeyedOf(database.pool, asked)).toEqual(whole);
};

test.each(RUNS)('%s', check);

describe('of matters', () => {
  beforeAll(async () => {
    const { pool } = database;
    await pool.query("INSERT INTO consent_use (recipient, purpose) VALUES ('a', 'p')");
    await pool.query(
      'INSERT INTO consent_scope (person_no, use_no) SELECT n, use_no FROM generate_series(1, 5000) n, consent_use',
    );
    await pool.query(
      `INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, entry_id, recorded_at)
       SELECT int8send(scope_no), int8send(scope_no), 3, scope_no, '{}', 0, '', now() - make_interval(hours => scope_no::integer) FROM consent_scope`,
    );
    await pool.query(
      `INSERT INTO matter_open (receipt_id, scope_no, kind, recorded_at)
       SELECT receipt_id, scope_no, kind, recorded_at FROM consent_matter ORDER BY scope_no DESC LIMIT 9`,
    );
    await pool.query(
      "INSERT INTO consent_acknowledgement (receipt_id, entry_id) SELECT receipt_id, '' FROM consent_matter",
    );
    await pool.query('ANALYZE');
  });
  test.each(OF_MATTERS)('%s', check);

  describe('and of decisions', () => {
    beforeAll(async () => {
      await database.pool.query(
        `INSERT INTO matter_act (digest, receipt_id, body, officer, signature, entry_id)
         SELECT scope_no::text, receipt_id, '', '', '', '' FROM consent_matter`,
      );
      await database.pool.query('ANALYZE matter_act');
    });
    test.each(OF_OFFICERS)('%s', check);
  });
});

test('whatever may be read whole is, somewhere', () => {
  const read = new Set([...RUNS, ...OF_MATTERS, ...OF_OFFICERS].flatMap(([, , whole]) => whole));
  expect([...read].sort()).toEqual(Object.keys(BOUNDED).sort());
});
