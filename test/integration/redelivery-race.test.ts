/** The same answer asked for again by several at once, after a consent was withdrawn: what was taken out of it is taken out once. */
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rowLeaves, treeRoot } from '../../gateway/proof/batch.ts';
import { RESULT_BYTES } from '../../gateway/proof/result-bytes.ts';
import { NODE_TAGS } from '../../gateway/proof/tree.ts';
import { parseToken } from '../../gateway/signing/parse.ts';
import {
  type ChunkAnswer,
  type CloseJobResponse,
  Verdict,
  VerificationService,
  VerifyPersonResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type RawCaller, requestBytes } from '../support/gateway-calls.ts';
import { attach, expectChunkRefused, totalsOf } from '../support/gateway-jobs.ts';
import { crowdPerson, printDate } from '../support/gateway-people.ts';
import { type Citizens, createCitizens } from '../support/gateway-persons.ts';
import { chunkPayload, type OpenedJob, openTestStream, rowOf } from '../support/gateway-stream.ts';
import { seeded } from '../support/seeded.ts';

const { verifyPerson, closeJob } = VerificationService.method;
const ROUNDS = 8;
const ROWS = 4;
/** First of the people of jobs that are closed. */
const CLOSED = ROUNDS * (ROWS + 1);
const SEED = 20_261_130;
const REFS = Buffer.alloc(16 * ROWS, 9);

let gateway: TestGateway;
/** The same caller at two gateways. */
let bank: RawCaller;
let elsewhere: RawCaller;
let citizens: Citizens;
beforeAll(async () => {
  gateway = await startTestGateway({ people: [], crowd: CLOSED + 2 * ROWS + 1 });
  const identity = { ...gateway.identity('bank-demo'), purpose: 'customer-record' };
  const { port } = await gateway.another();
  [bank, elsewhere] = [gateway.raw(identity), gateway.raw(identity, { port })];
  citizens = createCitizens(gateway);
});
afterAll(() => gateway?.stop());

const personOf = (n: number) => citizens.person(String(crowdPerson(n).id));
async function grant(n: number): Promise<void> {
  const use = { recipients: ['bank-demo'], purposes: ['customer-record'], fieldIds: [1, 2, 3, 4] };
  expect((await citizens.grant(use, await personOf(n))).code).toBe(0);
}
const withdraw = async (n: number) =>
  citizens.call('withdrawConsent', { recipient: 'bank-demo', purpose: 'customer-record' }, await personOf(n));

test('a chunk: one root, and totals that are those of its rows', { timeout: 120_000 }, async () => {
  const random = seeded(SEED);
  for (let round = 0; round < ROUNDS; round++) {
    const people = Array.from({ length: ROWS }, (_, row) => round * ROWS + row);
    for (const n of people) await grant(n);
    const { stream, job } = await attach(bank);
    const rows = people.map((n) => rowOf(crowdPerson(n)));
    const payload = chunkPayload(0, rows, { rowRefs: REFS });
    stream.chunk(0, payload);
    const { rowSeed } = await stream.answer();
    const places = Array.from({ length: random.whole(2, 4) }, () => random.pick([bank, elsewhere]));
    const others = places.map((at) => openTestStream(at, job));
    for (const other of others) await other.open();
    const gone = people.filter((_, row) => row === 0 || random.part() < 0.5);
    for (const n of gone) await withdraw(n);
    for (const other of others) other.chunk(0, payload);
    const expected = people.map((n) => (gone.includes(n) ? Verdict.CONSENT_MISSING : Verdict.VERIFIED));
    for (const other of others) {
      const { results, rowRoot, redelivery } = await other.answer();
      expect(redelivery).toBe(true);
      expect(people.map((_, row) => results[row * RESULT_BYTES])).toEqual(expected);
      expect(Buffer.compare(rowRoot, treeRoot(rowLeaves(rowSeed, REFS, results), NODE_TAGS.row))).toBe(0);
    }
    const told = await totalsOf(bank, job.jobId);
    expect([round, told[Verdict.CONSENT_MISSING] ?? 0, told[Verdict.VERIFIED] ?? 0]).toEqual([
      ...[round, gone.length, ROWS - gone.length],
    ]);
    for (const each of [stream, ...others]) each.cancel();
  }
});

test('what is left of an answer is kept no longer than the answer was to be', async () => {
  const n = CLOSED + 2 * ROWS;
  await grant(n);
  const { stream, job } = await attach(bank);
  const payload = chunkPayload(0, [rowOf(crowdPerson(n))], { rowRefs: REFS.subarray(0, 16) });
  stream.chunk(0, payload);
  await stream.answer();
  await withdraw(n);
  const ofJob = "entry_id = (SELECT entry_id FROM job_chunk WHERE job_id = decode($1, 'hex'))";
  const { pool } = gateway.database;
  await pool.query(`UPDATE stored_answer SET at = at - interval '71 hours' WHERE ${ofJob}`, [job.jobId]);
  const kept = async () =>
    (await pool.query(`SELECT at, sealed FROM stored_answer WHERE ${ofJob}`, [job.jobId])).rows[0];
  const before = await kept();
  stream.chunk(0, payload);
  expect((await stream.answer()).results[0]).toBe(Verdict.CONSENT_MISSING);
  const after = await kept();
  expect([after?.at, before?.sealed === after?.sealed]).toEqual([before?.at, false]);
  stream.cancel();
});

test('a call: each is answered, and none tells of the person', { timeout: 120_000 }, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const n = ROUNDS * ROWS + round;
    await grant(n);
    const { id, name, born } = crowdPerson(n);
    const asked = { idNumber: String(id), fullName: name, dateOfBirth: printDate(born) };
    const bytes = requestBytes(bank.identity, verifyPerson.input, asked);
    const verdictAt = async (at: RawCaller) => {
      const { code, message } = await at.sign(verifyPerson, bytes);
      return code === 0 ? fromBinary(VerifyPersonResponseSchema, message ?? Buffer.alloc(0)).verdict : { code };
    };
    expect(await verdictAt(bank)).toBe(Verdict.VERIFIED);
    await withdraw(n);
    const again = await Promise.all([bank, elsewhere, bank, elsewhere].map(verdictAt));
    expect(again).toEqual(Array(4).fill(Verdict.CONSENT_MISSING));
  }
});

describe('a receipt is of the answers that were given', () => {
  const ROWS_AGAIN = { VERIFIED: ROWS - 1, CONSENT_MISSING: 1 };
  const people = (from: number) => Array.from({ length: ROWS }, (_, row) => CLOSED + from + row);

  async function answered(from: number) {
    for (const n of people(from)) await grant(n);
    const { stream, job } = await attach(bank);
    const payload = chunkPayload(
      0,
      people(from).map((n) => rowOf(crowdPerson(n))),
      { rowRefs: REFS },
    );
    stream.chunk(0, payload);
    return { stream, job, payload, first: await stream.answer() };
  }
  const toClose = ({ jobId }: OpenedJob) => ({ jobId, expectedChunks: 1, expectedRows: BigInt(ROWS) });
  /** What a job that is closed tells, by itself and by its receipt. */
  function told({ receipt, job }: CloseJobResponse) {
    const parsed = parseToken(receipt);
    const { totals, root } = (parsed.ok ? parsed.token.claims : {}) as { totals?: object; root?: string };
    const ofJob = Object.fromEntries((job?.totals ?? []).map(({ verdict, rows }) => [Verdict[verdict], Number(rows)]));
    return { receipt, ofJob, totals, root };
  }
  const rootOf = ({ rowRoot }: ChunkAnswer) => Buffer.from(rowRoot).toString('base64url');

  test('nothing is taken out of an answer that it has: the answer is given no more, and what it says stays', async () => {
    const { stream, job, payload, first } = await answered(0);
    const closed = told((await bank.call(closeJob, toClose(job))).message);
    const whole = { VERIFIED: ROWS };
    expect(closed).toMatchObject({ ofJob: whole, totals: whole, root: rootOf(first) });
    // A stream that was open before is open still, and what would be told of them now is told again.
    stream.chunk(0, payload);
    expect(await stream.answer()).toMatchObject({ redelivery: true, results: first.results });

    await withdraw(CLOSED);
    stream.chunk(0, payload);
    await expectChunkRefused(gateway, stream, job, 0, payload, 'JOB_STATE');
    expect(await totalsOf(bank, job.jobId)).toEqual({ [Verdict.VERIFIED]: ROWS });
    expect(told((await elsewhere.call(closeJob, toClose(job))).message)).toEqual(closed);
  });

  test('what is taken out of an answer while the job is closed is in no receipt: it is closed once more', async () => {
    const { pool } = gateway.database;
    const { stream, job, payload } = await answered(ROWS);
    const other = openTestStream(elsewhere, job);
    await other.open();
    await withdraw(CLOSED + ROWS);
    // The one has come as far as the head of the log, which the test holds, and the other, which has read the job before, waits for it.
    const holding = await pool.connect();
    await holding.query('BEGIN');
    await holding.query('SELECT FROM log_head FOR UPDATE');
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    const waits = (n: number) =>
      expect.poll(async () => (await pool.query(waiting)).rowCount, { timeout: 4_000 }).toBe(n);
    other.chunk(0, payload);
    await waits(1);
    const closing = bank.attempt(closeJob, toClose(job));
    await waits(2);
    await holding.query('COMMIT');
    holding.release();
    const again = await other.answer();
    expect((await closing).reason).toBe('STORAGE_UNAVAILABLE');
    expect(told((await bank.call(closeJob, toClose(job))).message)).toMatchObject({
      ...{ ofJob: ROWS_AGAIN, totals: ROWS_AGAIN, root: rootOf(again) },
    });
    for (const each of [stream, other]) each.cancel();
  });
});
