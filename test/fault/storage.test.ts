/** The database goes away, comes back, or cannot write the log: nothing is disclosed that does not stand in it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLog } from '../../gateway/audit/verify-log.ts';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createOwnCluster, type OwnCluster } from '../support/database.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import type { RawOutcome } from '../support/gateway-calls.ts';
import { crowdPerson } from '../support/gateway-people.ts';
import { chunkPayload, openTestStream, rowOf, startJob } from '../support/gateway-stream.ts';

const { verifyPerson, getJob, closeJob } = VerificationService.method;
const { getPerson } = PersonService.method;
const UNAVAILABLE = 14;
const RESOURCE_EXHAUSTED = 8;

let cluster: OwnCluster;
let gateway: TestGateway;
beforeAll(async () => {
  cluster = await createOwnCluster();
  gateway = await startTestGateway({ database: cluster, crowd: 2000 });
});
afterAll(() => gateway?.stop());

const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
const rows = (num: number) => Array.from({ length: 256 }, (_, i) => rowOf(crowdPerson((num * 256 + i) % 2000)));

/** A server that stops without a word: what was not on the disk is lost. */
async function crashDatabase(): Promise<void> {
  process.kill(cluster.server.pid, 'SIGQUIT');
  await cluster.server.stop().catch(() => undefined);
}

/** Waits until the gateway answers again. */
async function untilServing(): Promise<void> {
  const caller = gateway.raw('viettel');
  for (let i = 0; i < 100; i++) {
    if ((await caller.attempt(verifyPerson, AN)).code === 0) return;
    await sleep(200);
  }
  throw new Error('the gateway did not come back');
}

function expectUnlogged(outcome: RawOutcome): void {
  expect(outcome).toMatchObject({ code: UNAVAILABLE, reason: 'STORAGE_UNAVAILABLE', message: undefined });
  expect(outcome.claims, 'signed').toMatchObject({ code: UNAVAILABLE });
  expect(outcome.claims?.leaf, 'without a leaf').toBeUndefined();
}

async function expectSoundLog(): Promise<void> {
  expect((await verifyLog(cluster.pool)).findings).toEqual([]);
}

/** Chunks recorded more or less than once, by number. */
async function chunkEntries(jobId: string): Promise<number[]> {
  const found = await cluster.pool.query<{ entry: Buffer }>('SELECT entry FROM log_entry');
  return found.rows
    .map(({ entry }) => fromBinary(EntrySchema, entry))
    .filter((entry) => entry.kind === EntryKind.CHUNK && Buffer.from(entry.jobId).toString('hex') === jobId)
    .map(({ chunkNum }) => chunkNum)
    .toSorted((a, b) => a - b);
}

describe('the database', () => {
  it('crashes in the middle of a job: a clear status, nothing disclosed, and after its restart the job goes on', async () => {
    const caller = gateway.raw('viettel');
    const job = await startJob(caller);
    const stream = openTestStream(caller, job);
    await stream.open();
    const payloads = Array.from({ length: 8 }, (_, num) => chunkPayload(num, rows(num)));
    const answered = new Map<number, string>();
    for (const num of [0, 1, 2]) {
      stream.chunk(num, payloads[num] ?? new Uint8Array());
      answered.set(num, Buffer.from((await stream.answer()).results).toString('hex'));
    }
    await crashDatabase();
    stream.chunk(3, payloads[3] ?? new Uint8Array());
    expect(await stream.next()).toBeUndefined();
    expect(await stream.ended).toMatchObject({ code: UNAVAILABLE, reason: 'STORAGE_UNAVAILABLE' });
    const refused = await caller.attempt(verifyPerson, AN);
    expectUnlogged(refused);
    // It has no entry; by its id it is found all the same.
    const lines = () => gateway.logged().filter((line) => line.includes(`"request_id":"${refused.traceableId}"`));
    await expect.poll(() => lines().filter((line) => line.includes('"agency":"viettel","reason"'))).toHaveLength(1);
    expectUnlogged(
      await gateway.raw('moh').attempt(getPerson, { personalId: '901085000017', readMask: { paths: ['full_name'] } }),
    );
    expect(gateway.process.child.exitCode, 'the gateway lives on').toBeNull();

    await cluster.restart();
    await untilServing();
    const again = openTestStream(caller, job);
    await again.open();
    for (const [num, payload] of payloads.entries()) {
      again.chunk(num, payload);
      const answer = await again.answer();
      if (answered.has(num)) expect(Buffer.from(answer.results).toString('hex')).toBe(answered.get(num));
    }
    again.cancel();
    const { message } = await caller.call(closeJob, { jobId: job.jobId, expectedChunks: 8, expectedRows: 2048n });
    expect(message.receipt).not.toBe('');
    expect(await chunkEntries(job.jobId)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await expectSoundLog();
  });

  it('crashes while many calls are on their way: each was answered with a leaf that stands, or not at all', async () => {
    const callers = Array.from({ length: 4 }, () => gateway.raw('viettel'));
    let [answered, disclosed] = [0, 0];
    const { promise: underWay, resolve: go } = Promise.withResolvers<void>();
    const calls = Array.from({ length: 400 }, async (_, i) => {
      await sleep(i * 2);
      const outcome = await callers[i % 4]?.attempt(verifyPerson, AN);
      answered += 1;
      if (outcome?.code === 0) disclosed += 1;
      // On a busy machine a hundred may have been refused, too many at once, before anybody was told anything.
      if (answered >= 100 && disclosed > 0) go();
      return outcome;
    });
    await underWay;
    await crashDatabase();
    const outcomes = await Promise.all(calls);
    await cluster.restart();
    await untilServing();
    const told = outcomes.flatMap((outcome) => (outcome?.code === 0 ? [outcome] : []));
    for (const outcome of outcomes) {
      if (outcome?.code === 0) continue;
      // With a database that hangs, calls pile up to what one legal entity may have under way.
      expect([UNAVAILABLE, RESOURCE_EXHAUSTED]).toContain(outcome?.code);
      expect(outcome?.message).toBeUndefined();
    }
    expect(told.length).toBeGreaterThan(0);
    const leaves = told.map(({ claims }) => Buffer.from(claims?.leaf ?? '', 'base64url'));
    const { rows: found } = await cluster.pool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM log_index WHERE entry_id = ANY($1::bytea[])',
      [leaves],
    );
    expect(found[0]?.n, 'a disclosure without a leaf').toBe(told.length);
    await expectSoundLog();
  });
});

describe('a database that is set to answer commits before they are on the disk', () => {
  it('does so to others: every answer has its leaf after a crash', async () => {
    // Long, so that what was not waited for is surely lost.
    await cluster.pool.query("ALTER SYSTEM SET wal_writer_delay = '10s'");
    await cluster.pool.query('ALTER DATABASE lienthong SET synchronous_commit = off');
    await crashDatabase();
    await cluster.restart();
    await untilServing();
    const caller = gateway.raw('viettel');
    const leaves: Buffer[] = [];
    for (let n = 0; n < 5; n++) {
      const { code, claims } = await caller.attempt(verifyPerson, AN);
      expect(code).toBe(0);
      leaves.push(Buffer.from(claims?.leaf ?? '', 'base64url'));
    }
    await crashDatabase();
    await cluster.restart();
    await untilServing();
    const { rows: found } = await cluster.pool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM log_index WHERE entry_id = ANY($1::bytea[])',
      [leaves],
    );
    expect(found[0]?.n, 'a disclosure without a leaf').toBe(leaves.length);
    await expectSoundLog();
    await cluster.pool.query('ALTER DATABASE lienthong RESET synchronous_commit');
    await cluster.pool.query('ALTER SYSTEM RESET wal_writer_delay');
  });
});

describe('a log that cannot be written', () => {
  const breakage = {
    'an insert that fails': [
      `CREATE FUNCTION no_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = '53100'; END $$;
       CREATE TRIGGER no_entry BEFORE INSERT ON log_entry FOR EACH ROW EXECUTE FUNCTION no_entry()`,
      'DROP TRIGGER no_entry ON log_entry; DROP FUNCTION no_entry()',
    ],
    'a table that is gone': [
      'ALTER TABLE log_entry RENAME TO log_entry_gone',
      'ALTER TABLE log_entry_gone RENAME TO log_entry',
    ],
    'a head that cannot be moved': [
      `CREATE FUNCTION no_head() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '42501'; END $$;
       CREATE TRIGGER no_head BEFORE UPDATE ON log_head FOR EACH ROW EXECUTE FUNCTION no_head()`,
      'DROP TRIGGER no_head ON log_head; DROP FUNCTION no_head()',
    ],
    'a commit that fails': [
      `CREATE FUNCTION no_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '53100'; END $$;
       CREATE CONSTRAINT TRIGGER no_commit AFTER INSERT ON log_index DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no_commit()`,
      'DROP TRIGGER no_commit ON log_index; DROP FUNCTION no_commit()',
    ],
    'a database that only reads': [
      'ALTER DATABASE lienthong SET default_transaction_read_only = on; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      'SET default_transaction_read_only = off; ALTER DATABASE lienthong RESET default_transaction_read_only; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    ],
  } as const;

  it.each(
    Object.entries(breakage),
  )('%s: calls, reads and chunks are refused, signed, without a leaf; after it all goes on', async (_name, [
    damage,
    repair,
  ]) => {
    const [caller, ministry] = [gateway.raw('viettel'), gateway.raw('moh')];
    const job = await startJob(caller);
    const stream = openTestStream(caller, job);
    await stream.open();
    const sizeOf = async () =>
      (await cluster.pool.query<{ size: string }>('SELECT size::text AS size FROM log_head')).rows[0]?.size;
    const before = await sizeOf();
    await cluster.pool.query(damage);
    try {
      for (let i = 0; i < 3; i++) expectUnlogged(await caller.attempt(verifyPerson, AN));
      expectUnlogged(
        await ministry.attempt(getPerson, { personalId: '901085000017', readMask: { paths: ['full_name'] } }),
      );
      // Also what would have been refused anyhow: the refusal cannot be recorded.
      expectUnlogged(
        await ministry.attempt(getPerson, { personalId: '901085000017', readMask: { paths: ['religion'] } }),
      );
      stream.chunk(0, chunkPayload(0, rows(0)));
      expect(await stream.next()).toBeUndefined();
      expect(await stream.ended).toMatchObject({ code: UNAVAILABLE, reason: 'STORAGE_UNAVAILABLE' });
    } finally {
      await cluster.pool.query(repair);
    }
    await untilServing();
    const { message } = await caller.call(getJob, { jobId: job.jobId });
    expect(message.job).toMatchObject({ chunks: 0n, rows: 0n });
    expect(Number(await sizeOf())).toBeGreaterThan(Number(before));
    await expectSoundLog();
  });

  it('a refused call’s token and request id are free again: the same bytes are answered once the log is back', async () => {
    const caller = gateway.raw('viettel');
    const [damage, repair] = breakage['an insert that fails'];
    await cluster.pool.query(damage);
    const refused = await caller.attempt(verifyPerson, AN);
    expectUnlogged(refused);
    await cluster.pool.query(repair);
    expect((await caller.attempt(verifyPerson, AN)).code).toBe(0);
  });
});

describe('a frozen writer', () => {
  it('that was struck off refuses for good, though it is asked at the very moment it wakes', async () => {
    const caller = gateway.raw('viettel');
    expect((await caller.attempt(verifyPerson, AN)).code).toBe(0);
    const { child } = gateway.process;
    child.kill('SIGSTOP');
    await cluster.pool.query('DELETE FROM worker');
    const pending = caller.attempt(verifyPerson, AN);
    child.kill('SIGCONT');
    const outcomes = [await pending, await caller.attempt(verifyPerson, AN)];
    await sleep(2500);
    outcomes.push(await caller.attempt(verifyPerson, AN));
    for (const outcome of outcomes) {
      expect(outcome.code).not.toBe(0);
      expect(outcome.message).toBeUndefined();
      expect(outcome.claims?.leaf).toBeUndefined();
    }
    await expectSoundLog();
    await gateway.restart();
    expect((await gateway.raw('viettel').attempt(verifyPerson, AN)).code).toBe(0);
  });
});
