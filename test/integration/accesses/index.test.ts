/** The index of accesses against a slow reference: the log itself, opened entry by entry. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDelays } from '../../../gateway/accesses/delayed.ts';
import { readIndexState } from '../../../gateway/accesses/index-state.ts';
import { createStepper, startIndexer } from '../../../gateway/accesses/indexer.ts';
import { accessKeys } from '../../../gateway/accesses/keys.ts';
import { listAccesses } from '../../../gateway/accesses/list-accesses.ts';
import { clearIndex, fillIndex, rebuildIndex } from '../../../gateway/accesses/rebuild.ts';
import { openBlock, RUNS_AT_REST, RUNS_AT_WORK } from '../../../gateway/accesses/runs.ts';
import { verifyLog } from '../../../gateway/audit/verify-log.ts';
import { MOST_DELAY_SECONDS } from '../../../gateway/proof/lawful-delay.ts';
import { forgetLogPeople } from '../../../gateway/retention/log-people.ts';
import { readOverdue } from '../../../gateway/retention/read-overdue.ts';
import { RETENTION } from '../../../gateway/retention/table.ts';
import { generateKeyRing, loadKeyRing } from '../../../gateway/sealing/key-ring.ts';
import { inTransaction } from '../../../gateway/storage/transaction.ts';
import { EntryKind } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type LoggedPerson, openPeopleLog } from '../../support/people-log.ts';
import { addAgency } from '../audit/items.ts';

const ring = loadKeyRing(generateKeyRing());
const keys = accessKeys(ring.evidence);
let database: TestDatabase;
let log: Awaited<ReturnType<typeof openPeopleLog>>;
let stepper: ReturnType<typeof createStepper>;
const now = Math.floor(Date.now() / 1000);

const WHO = 7001;
const person = (personNo: number, body?: LoggedPerson['body']): LoggedPerson => ({ personNo, ...(body && { body }) });
const crowd = (count: number) => Array.from({ length: count }, () => person(Math.ceil(Math.random() * 5000)));
const list = (personNo: number, t = now) =>
  listAccesses(database.pool, keys, { personNos: [personNo], now: t, counts: () => true });

beforeAll(async () => {
  database = await createTestDatabase({ max: 6 });
  await addAgency(database.pool);
  log = await openPeopleLog(database.pool, ring);
  stepper = createStepper(database.pool, ring.evidence);
});

afterAll(async () => {
  log?.close();
  await database?.drop();
});

const ORPHANS = 'SELECT 1 FROM access_block WHERE run NOT IN (SELECT run FROM access_run) LIMIT 1';

async function catchUp(): Promise<void> {
  while ((await stepper.step()).entries > 0);
  while (await stepper.merge());
}

describe('the index', () => {
  test('has a line a call, one a job, refusals and relatives, and counts an answer that was given again', async () => {
    const jobId = randomBytes(16);
    const chunk = (num: number) => ({ kind: EntryKind.CHUNK, jobId, chunkNum: num, timeMs: BigInt(1000 * (num + 1)) });
    const [first] = await log.append(
      [{ agency: 'viettel', timeMs: 500n }, [person(WHO, { released: [2, 3], matched: [] }), person(4)]],
      [chunk(0), [...crowd(300), person(WHO)]],
      [chunk(1), crowd(300)],
      [chunk(2), [person(WHO, { matched: [4] }), ...crowd(300)]],
      [
        { kind: EntryKind.REFUSAL, refusalReason: 9, timeMs: 8000n },
        [person(4), person(WHO, { outcome: 33, matched: [] })],
      ],
    );
    await log.append([{ kind: EntryKind.REDELIVERY, earlierEntryId: first as Buffer, timeMs: 9000n }, []]);
    expect((await list(WHO)).lines).toEqual([]);
    await catchUp();

    const { position, lines } = await list(WHO);
    expect(position).toBe(6);
    expect(lines.map(({ entry, times, firstMs, lastMs }) => [entry.kind, times, firstMs, lastMs])).toEqual([
      [EntryKind.REFUSAL, 1, 8000, 8000],
      [EntryKind.CHUNK, 2, 1000, 3000],
      [EntryKind.UNARY, 2, 500, 9000],
    ]);
    expect(lines.map(({ released, compared }) => [released, compared])).toEqual([
      [[], []],
      [[], [1, 2, 4]],
      [[2, 3], []],
    ]);
    expect((await list(4)).lines.length).toBeGreaterThanOrEqual(2);
    expect((await list(999_999)).lines).toEqual([]);
  });

  test('tells only how many lines the law delays, and until when, and shows them then', async () => {
    const later = now + 86_400;
    await log.append(
      [{}, [person(7002, { delayUntil: later })]],
      [{}, [person(7002, { delayUntil: later - 5 })]],
      [{}, [person(7002)]],
    );
    await catchUp();
    expect(await list(7002)).toMatchObject({ delayed: 2, delayedUntil: later, lines: [{ times: 1 }] });
    expect(await list(7002, later)).toMatchObject({ delayed: 0, delayedUntil: 0, lines: [{}, {}, {}] });
    expect(await readDelays(database.pool)).toEqual({ uses: 2, until: later });
  });

  test('shows a use a year later at the latest, whatever the leaf says', async () => {
    await log.append([{ timeMs: BigInt(now * 1000) }, [person(7003, { delayUntil: 0xffff_ffff })]]);
    await catchUp();
    const last = now + MOST_DELAY_SECONDS;
    expect(await list(7003)).toMatchObject({ delayed: 1, delayedUntil: last, lines: [] });
    expect(await list(7003, last)).toMatchObject({ delayed: 0, lines: [{}] });
    expect(await readDelays(database.pool)).toEqual({ uses: 3, until: last });
  });

  test('has as many leaves of each person as the log, after many steps and merges, and again once it is made anew', async () => {
    const expected = new Map<number, number>();
    for (let step = 0; step < 16; step++) {
      const people = Array.from({ length: 150 }, (_, i) => person(8000 + ((step * 31 + i * 7) % 23)));
      // Several leaves of one person in one entry are one line.
      for (const personNo of new Set(people.map((one) => one.personNo))) {
        expected.set(personNo, (expected.get(personNo) ?? 0) + 1);
      }
      await log.append([{}, people]);
      await stepper.step();
      if (step % 5 === 4) await stepper.merge();
    }
    const counted = async () => {
      const counts = new Map<number, number>();
      for (const personNo of expected.keys()) counts.set(personNo, (await list(personNo)).lines.length);
      return counts;
    };
    expect(await counted()).toEqual(expected);
    const { rows } = await database.pool.query<{ n: number }>('SELECT count(*)::int AS n FROM access_run');
    expect(rows[0]?.n).toBeLessThan(16);

    const delays = await readDelays(database.pool);
    const rebuilt = await rebuildIndex(database.pool, ring.evidence, () => undefined);
    expect(rebuilt.before).toBe(rebuilt.postings);
    expect(await readDelays(database.pool)).toEqual(delays);
    expect(await counted()).toEqual(expected);
    // A gateway that remembers the index of before goes on with the new one.
    await log.append([{}, [person(8000)]]);
    await stepper.step();
    expect((await list(8000)).lines).toHaveLength((expected.get(8000) ?? 0) + 1);
    expect(await readIndexState(database.pool)).toMatchObject({ behind: 0, behindSeconds: 0 });
  });

  test('lets more runs stand while a job goes on, and finds what lies in any of them', async () => {
    for (let step = 0; step < RUNS_AT_REST; step++) {
      await log.append([{}, [person(7104)]]);
      await stepper.step();
    }
    expect(await stepper.merge({ enough: RUNS_AT_WORK })).toBe(false);
    expect((await list(7104)).lines).toHaveLength(RUNS_AT_REST);
    expect(await stepper.merge()).toBe(true);
    expect((await list(7104)).lines).toHaveLength(RUNS_AT_REST);
  });

  test('merges no more than so many postings, the smallest runs first, and leaves alone what is too large', async () => {
    await catchUp();
    const runs = async () => {
      const { rows } = await database.pool.query<{ n: number }>(
        'SELECT postings::int AS n FROM access_run ORDER BY run',
      );
      return rows.map(({ n }) => n);
    };
    while (await stepper.merge({ enough: 2 }));
    const before = await runs();
    const [most, enough] = [12, 4];
    for (const people of [9, 2, 3, 4, 2, 9]) {
      await log.append([{}, Array.from({ length: people }, (_, i) => person(i === 0 ? 7105 : 71_000 + i))]);
      await stepper.step();
    }
    expect(await stepper.merge({ enough, most })).toBe(true);
    expect(await runs()).toEqual([...before, 9, 9, 11]);
    // Together they fit no more: to write one of them again for each that comes would never end.
    expect(await stepper.merge({ enough: 3, most })).toBe(false);
    expect((await list(7105)).lines).toHaveLength(6);
    // Sixteen of the highest level: a merge of these would not end.
    await database.pool.query(
      'INSERT INTO access_run (level, bits, postings) SELECT 5, 0, 40000000 FROM generate_series(1, 16)',
    );
    expect(await stepper.merge()).toBe(false);
    await database.pool.query('DELETE FROM access_run WHERE level = 5');
  });

  test('deletes the blocks of one run at a time, and those of an index that was thrown away once nothing leads to them', async () => {
    await database.pool.query(
      `CREATE FUNCTION of_one_run() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF (SELECT count(DISTINCT run) FROM gone) > 1 THEN RAISE EXCEPTION 'of several runs'; END IF; RETURN NULL; END $$;
       CREATE TRIGGER of_one_run AFTER DELETE ON access_block REFERENCING OLD TABLE AS gone
         FOR EACH STATEMENT EXECUTE FUNCTION of_one_run()`,
    );
    for (let entries = 0; entries < 4; entries++) {
      await log.append([{}, [person(7106)]]);
      await stepper.step();
    }
    expect(await stepper.merge({ enough: 4 })).toBe(true);
    await log.append([{}, [person(7106)]]);
    const { before, postings } = await rebuildIndex(database.pool, ring.evidence, () => undefined);
    expect([before, postings > 0]).toEqual([undefined, true]);
    expect((await database.pool.query(ORPHANS)).rows).toEqual([]);
    expect((await list(7106)).lines).toHaveLength(5);
    await database.pool.query('DROP TRIGGER of_one_run ON access_block');
  });

  test('is not thrown away in the middle of a merge, which would bring its postings back', async () => {
    for (let entries = 0; entries < 4; entries++) {
      await log.append([{}, [person(7107)]]);
      await stepper.step();
    }
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const turn = () => {
      begun.resolve();
      return goOn.promise;
    };
    const merging = stepper.merge({ enough: 2, turn });
    await begun.promise;
    const rebuilding = rebuildIndex(database.pool, ring.evidence, () => undefined);
    const waits = () =>
      database.pool.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'",
      );
    await expect.poll(async () => (await waits()).rows.length).toBe(1);
    goOn.resolve();
    expect(await merging).toBe(true);
    await rebuilding;
    expect((await list(7107)).lines).toHaveLength(4);
  });

  test('is worked on by one gateway at a time, and each entry goes in once', async () => {
    for (let i = 0; i < 6; i++) await log.append([{}, [person(7003)]]);
    const others = Array.from({ length: 3 }, () => createStepper(database.pool, ring.evidence));
    while ((await readIndexState(database.pool)).behind > 0) await Promise.all(others.map((other) => other.step()));
    expect((await list(7003)).lines).toHaveLength(6);
  });

  test('stops at an entry whose people were changed beside it, and says so', async () => {
    const [entryId] = await log.append([{}, [person(7004)]]);
    await database.pool.query("UPDATE log_entry SET persons = persons || '\\x00' WHERE entry_id = $1", [entryId]);
    const { position } = await readIndexState(database.pool);
    await expect(stepper.step()).rejects.toThrow('cannot be read');
    expect(await readIndexState(database.pool)).toMatchObject({ position, behind: 1 });
    await database.pool.query(
      'UPDATE log_entry SET persons = substr(persons, 1, length(persons) - 1) WHERE entry_id = $1',
      [entryId],
    );
    await catchUp();
    expect((await list(7004)).lines).toHaveLength(1);
  });
});

test('who the people of entries beyond their time were is forgotten, and of no others', async () => {
  const { seconds } = RETENTION.log_people;
  expect((await readOverdue(database.pool)).log_people).toBe(5);
  const before = (await list(WHO)).lines;
  expect(before).not.toEqual([]);
  // Killed before it comes to the index, which links them still: that is overdue, and the next run knows.
  const killed = () => Promise.reject(new Error('killed'));
  await expect(forgetLogPeople(database.pool, seconds, killed)).rejects.toThrow('killed');
  expect((await list(WHO)).lines).toHaveLength(before.length);
  expect((await readOverdue(database.pool)).log_people).toBe(1);
  expect(await forgetLogPeople(database.pool, seconds, clearIndex)).toBe(1);
  // Killed now, it has left nothing that leads to them; whoever indexes goes on, and takes out what is sealed.
  expect((await list(WHO)).lines).toEqual([]);
  expect((await database.pool.query('SELECT 1 FROM access_run LIMIT 1')).rows).toEqual([]);
  expect((await readIndexState(database.pool)).position).toBe(0);
  expect(await forgetLogPeople(database.pool, seconds, clearIndex)).toBe(0);
  await fillIndex(database.pool, ring.evidence, () => undefined);
  expect((await list(WHO)).lines).toEqual([]);
  expect((await list(7003)).lines).toHaveLength(6);
  expect((await database.pool.query(ORPHANS)).rows).toEqual([]);
  expect((await readOverdue(database.pool)).log_people).toBe(0);
  expect((await verifyLog(database.pool)).findings).toEqual([]);
});

test('a gateway that indexes takes out what is left of an index that was thrown away', async () => {
  await inTransaction(database.pool, clearIndex);
  expect((await database.pool.query(ORPHANS)).rows).toHaveLength(1);
  const faults: unknown[] = [];
  const indexer = startIndexer({
    ...{ pool: database.pool, evidence: ring.evidence },
    onFault: (error) => faults.push(error),
  });
  await expect.poll(async () => (await readIndexState(database.pool)).behind).toBe(0);
  await expect.poll(async () => (await database.pool.query(ORPHANS)).rows).toEqual([]);
  await indexer.stop();
  expect([faults, (await list(7003)).lines.length]).toEqual([[], 6]);
});

test('a dump of the index tells nobody’s accesses: no number, and no two blocks or tags alike', async () => {
  const { rows } = await database.pool.query<{ run: number; block: number; sealed: Buffer }>(
    'SELECT run::float8 AS run, block, sealed FROM access_block',
  );
  const number = Buffer.alloc(8);
  number.writeDoubleLE(WHO);
  const others = accessKeys(loadKeyRing(generateKeyRing()).evidence);
  for (const { run, block, sealed } of rows) {
    expect(sealed.includes(number)).toBe(false);
    expect(() => openBlock(others.block, run, block, sealed)).toThrow('cannot be read');
    // Nor can one block stand in for another.
    expect(() => openBlock(keys.block, run + 1, block, sealed)).toThrow('cannot be read');
  }
  expect(new Set(rows.map(({ sealed }) => sealed.subarray(0, 12).toString('hex'))).size).toBe(rows.length);
});
