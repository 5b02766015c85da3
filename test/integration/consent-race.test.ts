/**
 * A withdrawal is exact: against calls and chunks of two gateways, a reader who does not read, and a gateway that is frozen. The short
 * form of the withdrawals in `npm run soak`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../gateway/storage/pool.ts';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { MatterKind, MatterState } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import seeds from '../soak/seeds.json' with { type: 'json' };
import { problemsOf, runStorm } from '../support/consent/storm.ts';
import { openStormWorld, type StormWorld } from '../support/consent/storm-world.ts';
import { startTcpProxy } from '../support/faults/tcp-proxy.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { crowdPerson, printDate } from '../support/gateway-people.ts';
import { type Citizens, createCitizens } from '../support/gateway-persons.ts';
import { chunkPayload, openTestStream, rowOf, startJob } from '../support/gateway-stream.ts';

const STORM = 12;

let gateway: TestGateway;
let world: StormWorld;
let citizens: Citizens;
let people = 0;
beforeAll(async () => {
  gateway = await startTestGateway({ people: [], crowd: 200, armed: true });
  world = await openStormWorld(gateway);
  citizens = createCitizens(gateway);
});
afterAll(() => world?.close());

/** So many of the crowd whom nobody had before. */
const some = (count: number): number[] => Array.from({ length: count }, () => people++);
const recipient = () => ({ ...gateway.identity(world.use.recipient), purpose: world.use.purpose });
const give = async (n: number) => {
  const person = await citizens.person(String(crowdPerson(n).id));
  const { recipient: to, purpose } = world.use;
  expect((await citizens.grant({ recipients: [to], purposes: [purpose], fieldIds: [1, 2, 3] }, person)).code).toBe(0);
  return person;
};

test('nothing that tells of a person is asked for, handed to the kernel or logged after the acknowledgement', async () => {
  const found = await runStorm(world, { seed: 20_261_129, people: some(STORM), freeze: 'for a moment' });
  expect(problemsOf(found)).toEqual([]);
  // Each that the storm is made of was there.
  const { taken, answers, again, stalls, frozen } = found;
  expect(Object.values(taken)).not.toContain(0);
  expect(answers).toBeGreaterThan(STORM);
  expect([again > 0, stalls > 0, frozen]).toEqual([true, true, 'for a moment']);
  const { disclosed, ...log } = await world.checkLog();
  expect(log).toEqual({ taken: taken.withdrawConsent + taken.restrict + taken.object, pending: 0, wrong: [] });
  expect(disclosed).toBeGreaterThan(STORM);
});

test.each(seeds.filter(({ scenario }) => scenario === 'withdrawals'))('nor in the storm of seed $seed: $found', async ({
  seed,
}) => {
  const found = await runStorm(world, { seed, people: some(STORM), freeze: 'for good' });
  expect(problemsOf(found)).toEqual([]);
  await world.revive();
  expect(await world.checkLog()).toMatchObject({ pending: 0, wrong: [] });
});

describe('the checker of the log finds', () => {
  /** What it finds of the log with something planted in it, which is then taken back. */
  async function found(plant: (db: Connection) => Promise<void>) {
    const connection = await gateway.database.pool.connect();
    try {
      await connection.query('BEGIN');
      await plant(connection);
      const { wrong, pending } = await world.checkWholeLog(connection);
      return { faults: [...new Set(wrong.map(({ fault }) => fault))].sort(), pending };
    } finally {
      await connection.query('ROLLBACK');
      connection.release();
    }
  }

  /** The entries change places. */
  async function swap(db: Connection, one: Buffer, other: Buffer): Promise<void> {
    const move = (from: Buffer, to: Buffer) =>
      db.query('UPDATE log_index SET entry_id = $2 WHERE entry_id = $1', [from, to]);
    await move(one, Buffer.alloc(16));
    await move(other, one);
    await move(Buffer.alloc(16), other);
  }
  const same = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0;
  const entryOf = async (db: Connection, sql: string, values: readonly unknown[] = []) =>
    (await db.query<{ entry_id: Buffer }>(sql, values)).rows[0]?.entry_id as Buffer;

  test.each([
    MatterKind.WITHDRAWAL,
    MatterKind.RESTRICTION,
    MatterKind.OBJECTION,
  ])('a disclosure after a matter of kind %i', async (kind) => {
    const plant = async (db: Connection) => {
      // The first of its scope, so that nothing was given back yet.
      const matter = `SELECT m.entry_id, m.scope_no FROM consent_matter m WHERE m.kind = $1 AND NOT EXISTS (
        SELECT FROM consent_matter e WHERE e.scope_no = m.scope_no AND e.recorded_at < m.recorded_at) LIMIT 1`;
      const taken = await entryOf(db, matter, [kind]);
      const given = `SELECT c.entry_id FROM consent c JOIN (${matter}) m USING (scope_no)`;
      await swap(db, taken, await entryOf(db, given, [kind]));
    };
    expect((await found(plant)).faults).toContain('NOT_COVERED');
  });

  test('a disclosure at the end of the log, one given again there, and an acknowledgement before its withdrawal', async () => {
    // Nothing is taken after it.
    const last = `SELECT a.entry_id FROM log_index JOIN consent_acknowledgement a USING (entry_id)
      JOIN consent_matter m USING (receipt_id) WHERE m.kind <> ${MatterKind.LIFTING} ORDER BY idx DESC LIMIT 1`;
    const { rows } = await gateway.database.pool.query<{ entry: Buffer }>(
      'SELECT entry FROM log_index JOIN log_entry USING (entry_id) ORDER BY idx',
    );
    const calls = rows
      .map(({ entry }) => fromBinary(EntrySchema, entry))
      .filter(({ method }) => method.endsWith('/VerifyPerson'));
    const first = calls.find(({ kind }) => kind === EntryKind.UNARY);
    const unchanged = calls.find(
      ({ kind, earlierEntryId, answerDigest }) =>
        kind === EntryKind.REDELIVERY &&
        calls.some((call) => same(call.entryId, earlierEntryId) && same(call.answerDigest, answerDigest)),
    );
    for (const entry of [first, unchanged]) {
      const plant = async (db: Connection) => swap(db, Buffer.from(entry?.entryId ?? []), await entryOf(db, last));
      expect((await found(plant)).faults).toEqual(['NOTHING_ACKNOWLEDGED', 'NOT_COVERED']);
    }
  });

  test('a withdrawal that nobody acknowledged, people who do not open, and nothing where nothing is wrong', async () => {
    const drop = async (db: Connection) =>
      void (await db.query(`DELETE FROM log_index WHERE entry_id = (
        SELECT a.entry_id FROM consent_acknowledgement a JOIN consent_matter m USING (receipt_id)
        WHERE m.kind = ${MatterKind.WITHDRAWAL} LIMIT 1)`));
    expect(await found(drop)).toEqual({ faults: [], pending: 1 });
    const break_ = async (db: Connection) =>
      void (await db.query("UPDATE log_entry SET persons = persons || '\\x00' WHERE agency = 'bank-demo'"));
    expect((await found(break_)).faults).toEqual(['SEALED']);
    expect(await found(async () => undefined)).toEqual({ faults: [], pending: 0 });
  });
});

test('a reader who does not read is cut off: what the kernel had not taken never comes', async () => {
  const [n = 0] = some(1);
  const person = await give(n);
  const proxy = await startTcpProxy({ port: () => gateway.port });
  const caller = gateway.raw(recipient(), { port: proxy.port });
  const job = await startJob(caller, 4096);
  const stream = openTestStream(caller, job);
  await stream.open();
  // An answer of 90 KB, of which HTTP/2 lets 64 KB go before somebody has read.
  proxy.set({ kind: 'stall', direction: 'down', afterBytes: 20_000, ms: 8_000 });
  stream.chunk(
    0,
    chunkPayload(
      0,
      Array.from({ length: 4096 }, () => rowOf(crowdPerson(n))),
    ),
  );
  await expect.poll(() => proxy.struck, { timeout: 20_000 }).toBe(true);
  const { receipt } = await citizens.call('withdrawConsent', world.use, person);
  expect(receipt?.state).toBe(MatterState.ACKNOWLEDGED);
  expect(await stream.next()).toBeUndefined();
  expect((await stream.ended).code).not.toBe(0);
  await proxy.close();
});

test('a frozen gateway is waited for until it was ended, and no longer', async () => {
  const [n = 0] = some(1);
  const person = await give(n);
  const { id, name, born } = crowdPerson(n);
  const asked = { idNumber: String(id), fullName: name, dateOfBirth: printDate(born) };
  const [, other] = world.processes();
  await gateway.raw(recipient(), { port: other.port }).call(VerificationService.method.verifyPerson, asked);
  other.child.kill('SIGSTOP');
  const withdrawn = citizens.call('withdrawConsent', world.use, person).then(({ receipt }) => receipt);
  expect(await Promise.race([withdrawn, sleep(3000, 'waits')])).toBe('waits');
  const receiptId = (await withdrawn)?.receiptId;
  const state = async () =>
    (await citizens.call('getReceipt', { receiptId }, await citizens.person(String(id)))).receipt?.state;
  await expect.poll(state, { timeout: 30_000, interval: 500 }).toBe(MatterState.ACKNOWLEDGED);
  expect(await other.stop()).toBe('SIGKILL');
}, 90_000);
