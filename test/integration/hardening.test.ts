/** What a hostile reading found, each tried against a whole gateway: decoding the unsigned, retries, counts that tell. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { monotonicMs } from '../../gateway/threads/monotonic.ts';
import { EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { JobState, Verdict, VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { agreementOf, replaceAgreement, withoutGrants } from '../support/gateway-agreements.ts';
import { callToken, contextOf, pathOf, requestBytes } from '../support/gateway-calls.ts';
import { expectChunkRefused, jobOf } from '../support/gateway-jobs.ts';
import { crowdPerson, PEOPLE, printDate } from '../support/gateway-people.ts';
import { chunkPayload, openTestStream, rowOf, startJob, VERIFY_CHUNKS } from '../support/gateway-stream.ts';

const { verifyPerson, getJob, cancelJob, closeJob } = VerificationService.method;
const { getPerson } = PersonService.method;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway?.stop());

/** A 9-digit number that two people hold. */
const SHARED_CARD = String(PEOPLE.sharesCard.cards[0]).padStart(9, '0');

const asked = (person: { id: number; name: string; born: number }) => ({
  idNumber: String(person.id),
  fullName: person.name,
  dateOfBirth: printDate(person.born),
});

async function entryOf(leaf: string | undefined) {
  const { rows } = await gateway.database.pool.query<{ entry: Buffer }>(
    'SELECT entry FROM log_entry WHERE entry_id = $1',
    [Buffer.from(leaf ?? '', 'base64url')],
  );
  return fromBinary(EntrySchema, rows[0]?.entry ?? Buffer.alloc(0));
}

describe('what nobody signed', () => {
  test('is not decoded: an opening of megabytes of empty rows does not hold up another agency', async () => {
    const viettel = gateway.raw('viettel');
    const job = await startJob(viettel);
    const flood = Buffer.alloc(6 * 1024 * 1024);
    for (let i = 0; i < flood.length; i += 2) flood[i] = 0x3a;
    const streams = [1, 2, 3].map(() => openTestStream(viettel, job));
    for (const stream of streams) stream.frame(flood, 'x.y.z');
    const { message } = await gateway.raw('mobifone').call(verifyPerson, asked(PEOPLE.an));
    expect(message.verdict).toBe(Verdict.VERIFIED);
    for (const stream of streams) expect((await stream.ended).reason).toBe('STREAM_PROTOCOL');
  });

  test('and a signed chunk with more rows than the job has a chunk is refused before it is decoded', async () => {
    const viettel = gateway.raw('viettel');
    const job = await startJob(viettel, 256);
    const stream = openTestStream(viettel, job);
    await stream.open();
    stream.chunk(
      0,
      chunkPayload(
        0,
        Array.from({ length: 257 }, (_, i) => rowOf(crowdPerson(i))),
      ),
    );
    const { reason, refusal } = await stream.ended;
    expect(reason).toBe('BAD_REQUEST');
    expect(refusal?.violations.map(({ field, rule }) => [field, rule])).toEqual([['chunk.ids', 'TOO_MANY']]);
  });

  test('a unary message beyond any request is refused', async () => {
    const viettel = gateway.raw('viettel');
    const outcome = await viettel.attempt(verifyPerson, { ...asked(PEOPLE.an), fullName: 'x'.repeat(70_000) });
    expect(outcome.reason).toBe('BAD_REQUEST');
  });

  test('what the contract does not know does not get into the log', async () => {
    const viettel = gateway.raw('viettel');
    const junk = Buffer.from('canary-in-unknown-field');
    const known = requestBytes(viettel.identity, verifyPerson.input, asked(PEOPLE.an));
    const bytes = Buffer.concat([known, Buffer.of(0xfa, 0x7f, junk.length), junk]);
    const outcome = await viettel.sign(verifyPerson, bytes);
    expect(outcome.code).toBe(0);
    const { rows } = await gateway.database.pool.query(
      'SELECT 1 FROM log_entry WHERE position($1::bytea IN entry) > 0',
      [junk],
    );
    expect(rows).toEqual([]);
  });

  test('refusals without a signature are logged up to a budget, and all of them are signed', async () => {
    const vina = gateway.raw('vinaphone');
    // The budget is of a minute, and the gateway's minutes turn by the same clock: all of the calls are to come in one.
    const left = 60_000 - (monotonicMs() % 60_000);
    if (left < 20_000) await sleep(left + 50);
    const outcomes = await Promise.all(
      Array.from({ length: 90 }, () => vina.send(pathOf(verifyPerson), randomBytes(8))),
    );
    expect(outcomes.every(({ reason, claims }) => reason === 'SIGNATURE_MISSING' && claims !== undefined)).toBe(true);
    const logged = outcomes.filter(({ claims }) => claims?.leaf !== undefined).length;
    expect(logged).toBeGreaterThan(0);
    expect(logged).toBeLessThanOrEqual(61);
  });
});

describe('retries', () => {
  test('the bytes of one method are no request of another', async () => {
    const viettel = gateway.raw('viettel');
    const { jobId } = await startJob(viettel);
    const bytes = requestBytes(viettel.identity, getJob.input, { jobId });
    expect((await viettel.sign(getJob, bytes)).code).toBe(0);
    expect((await viettel.sign(cancelJob, bytes)).reason).toBe('CONTENT_CHANGED');
    expect((await viettel.call(getJob, { jobId })).message.job?.state).toBe(JobState.OPEN);
  });

  test('a cancellation that is asked for again with the same bytes is answered again', async () => {
    const viettel = gateway.raw('viettel');
    const { jobId } = await startJob(viettel);
    const bytes = requestBytes(viettel.identity, cancelJob.input, { jobId });
    const [first, second] = [await viettel.sign(cancelJob, bytes), await viettel.sign(cancelJob, bytes)];
    expect([first?.code, second?.code]).toEqual([0, 0]);
    expect((await viettel.attempt(cancelJob, { jobId })).reason).toBe('JOB_STATE');
  });

  test('a stored answer is not given under an agreement that grants less', async () => {
    const mobifone = gateway.raw('mobifone');
    const bytes = requestBytes(mobifone.identity, verifyPerson.input, asked({ ...PEOPLE.an, name: 'Nguyễn Văn Ba' }));
    const first = await mobifone.sign(verifyPerson, bytes);
    expect(first.code).toBe(0);
    await narrow('mobifone');
    let again = await mobifone.sign(verifyPerson, bytes);
    // Until the new version has been read the answer is refused as one to try again.
    for (let i = 0; i < 30 && again.reason !== 'AGREEMENT_CHANGED'; i++) {
      expect(again.code === 0 || again.reason === 'POLICY_UNAVAILABLE').toBe(true);
      await gateway.database.pool.query('SELECT pg_sleep(0.1)');
      again = await mobifone.sign(verifyPerson, bytes);
    }
    expect(again.reason).toBe('AGREEMENT_CHANGED');
    expect(again.message).toBeUndefined();
  });
});

/** Puts a further version of the agency's agreement in force that grants nothing. */
async function narrow(agency: string): Promise<void> {
  const now = await agreementOf(agency);
  await replaceAgreement(gateway, { ...now, grants: withoutGrants(now) });
}

describe('numbers that must not tell', () => {
  test('without `existence` a number of nobody, of one and of two people have as many leaves', async () => {
    const bank = gateway.raw('bank-demo');
    const numbers = ['999999999999', String(PEOPLE.an.id), SHARED_CARD];
    const people = [];
    for (const idNumber of numbers) {
      const { message, outcome } = await bank.call(verifyPerson, { ...asked(PEOPLE.deceased), idNumber });
      expect(message.verdict).toBe(Verdict.NOT_CONFIRMED);
      people.push((await entryOf(outcome.claims?.leaf)).people);
    }
    expect(new Set(people).size).toBe(1);
  });

  test('a refused look-up leaves leaves for whom it looked at, and as many for nobody', async () => {
    const moh = gateway.raw('moh');
    const paths = { paths: ['full_name'] };
    const shared = await moh.attempt(getPerson, { personalId: SHARED_CARD, readMask: paths });
    const absent = await moh.attempt(getPerson, { personalId: '999999999999', readMask: paths });
    const entries = [await entryOf(shared.claims?.leaf), await entryOf(absent.claims?.leaf)];
    expect(entries.map(({ people }) => people)).toEqual([4, 4]);
  });
});

describe('the shape of a job', () => {
  test.each([
    [
      'a short chunk below one that is answered',
      [
        [1, 256],
        [0, 1],
      ],
      'chunk.ids',
    ],
    [
      'a second short chunk',
      [
        [1, 1],
        [0, 1],
      ],
      'chunk.ids',
    ],
    [
      'a chunk beyond the short one',
      [
        [0, 1],
        [1, 256],
      ],
      'chunk.num',
    ],
  ] as const)('%s is refused, signed for that chunk, and leaves the job as it was', async (_case, chunks, field) => {
    const viettel = gateway.raw('viettel');
    const job = await startJob(viettel, 256);
    const stream = openTestStream(viettel, job);
    await stream.open();
    const [[first, rows], [second, more]] = chunks;
    const payload = (num: number, count: number) => chunkPayload(num, Array(count).fill(rowOf(PEOPLE.an)));
    stream.chunk(first, payload(first, rows));
    await stream.answer();
    const wrong = payload(second, more);
    stream.chunk(second, wrong);
    await expectChunkRefused(gateway, stream, job, second, wrong, 'BAD_REQUEST');
    expect((await stream.ended).refusal?.violations).toMatchObject([{ field, rule: 'RANGE' }]);
    expect(await jobOf(viettel, job.jobId)).toMatchObject({ chunks: 1n, rows: BigInt(rows) });
  });

  test('a file is closed that comes last chunk first, on two streams, each chunk twice', async () => {
    const viettel = gateway.raw('viettel');
    const job = await startJob(viettel, 256);
    const streams = [openTestStream(viettel, job), openTestStream(viettel, job)];
    for (const stream of streams) await stream.open();
    const payloads = [256, 256, 7].map((count, num) => chunkPayload(num, Array(count).fill(rowOf(PEOPLE.an))));
    for (const num of [2, 1, 0]) {
      for (const stream of streams) stream.chunk(num, payloads[num] ?? Buffer.alloc(0));
    }
    for (const stream of streams) for (let n = 0; n < 3; n++) await stream.answer();
    for (const stream of streams) stream.cancel();
    const closed = await viettel.call(closeJob, { jobId: job.jobId, expectedChunks: 3, expectedRows: 519n });
    expect(closed.message.receipt).not.toBe('');
  });

  test('a short chunk that stands before the last all the same gets no receipt', async () => {
    const viettel = gateway.raw('viettel');
    const job = await startJob(viettel, 256);
    const stream = openTestStream(viettel, job);
    await stream.open();
    for (const num of [0, 1]) stream.chunk(num, chunkPayload(num, Array(256).fill(rowOf(PEOPLE.an))));
    for (const _ of [0, 1]) await stream.answer();
    stream.cancel();
    const jobId = Buffer.from(job.jobId, 'hex');
    await gateway.database.pool.query('UPDATE job_chunk SET rows = 255 WHERE job_id = $1 AND num = 0', [jobId]);
    const refused = await viettel.attempt(closeJob, { jobId: job.jobId, expectedChunks: 2, expectedRows: 512n });
    expect(refused.reason).toBe('BAD_REQUEST');
  });

  test('a chunk number beyond any job is refused and hurts nobody', async () => {
    const viettel = gateway.raw('viettel');
    const job = await startJob(viettel, 256);
    const stream = openTestStream(viettel, job);
    await stream.open();
    stream.chunk(4_000_000_000, chunkPayload(4_000_000_000, [rowOf(PEOPLE.an)]));
    expect((await stream.ended).reason).toBe('BAD_REQUEST');
  });

  test('a chunk whose token names another number is refused', async () => {
    const viettel = gateway.raw('viettel');
    const job = await startJob(viettel, 256);
    const stream = openTestStream(viettel, job);
    await stream.open();
    stream.chunk(1, chunkPayload(0, [rowOf(PEOPLE.an)]));
    expect((await stream.ended).reason).toBe('BINDING_WRONG');
  });

  test('an opening of another purpose than the job’s is refused, and its context is not logged', async () => {
    const viettel = gateway.raw('viettel');
    const job = await startJob(viettel, 256);
    const { identity } = viettel;
    expect(contextOf(identity).purpose).toBe('subscriber-verification');
    const stream = openTestStream(viettel, job);
    await expect(
      stream.open({ jws: callToken(identity, VERIFY_CHUNKS, new Uint8Array(1), { claims: { job: job.jobId } }) }),
    ).rejects.toThrow('DIGEST_MISMATCH');
  });
});
