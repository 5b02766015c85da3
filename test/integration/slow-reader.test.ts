/** Answers of a stream that were recorded and wait for a reader who does not read: they leave by what is granted then. */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withChanges } from '../../gateway/agencies/changes.ts';
import {
  type ChunkAnswer,
  ChunkStreamResponseSchema,
  Verdict,
  VerificationService,
  VerifyChunksRequestSchema,
  VerifyChunksResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { agreementOf, replaceAgreement } from '../support/gateway-agreements.ts';
import { nowSeconds, type RawCaller } from '../support/gateway-calls.ts';
import { crowd } from '../support/gateway-jobs.ts';
import { crowdPerson } from '../support/gateway-people.ts';
import { createCitizens } from '../support/gateway-persons.ts';
import { chunkPayload, chunkToken, openingFrame, startJob, VERIFY_CHUNKS } from '../support/gateway-stream.ts';
import { framed, rawCall, rawConnect } from '../support/raw-http2.ts';

const { verifyPerson } = VerificationService.method;
const ROWS = 2048;
const CHUNKS = 8;
/** What the buffers between both sides may hold of them: it was signed and written before. */
const ON_THE_WAY = 4;
const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway?.stop());

/** The messages of these bytes that are whole. */
function answersIn(bytes: Buffer): ChunkAnswer[] {
  const answers: ChunkAnswer[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    if (end > bytes.length) break;
    const { kind } = fromBinary(
      ChunkStreamResponseSchema,
      fromBinary(VerifyChunksResponseSchema, bytes.subarray(at + 5, end)).payload,
    );
    if (kind.case === 'answer') answers.push(kind.value);
    at = end;
  }
  return answers;
}

/** Sends chunks and reads none of their answers, each of which is larger than the window, until all are recorded. */
async function recordUnread(caller: RawCaller) {
  const { identity } = caller;
  const job = await startJob(caller, ROWS);
  const { ca, certificate = '', key = '' } = identity;
  const { session } = rawConnect(gateway.port, { ca, cert: certificate, key }, { initialWindowSize: 4096 });
  const { http2, ended } = rawCall(session, VERIFY_CHUNKS);
  const parts: Buffer[] = [];
  http2.on('data', (part: Buffer) => parts.push(part));
  http2.pause();
  http2.write(openingFrame(identity, job));
  for (let num = 0; num < CHUNKS; num++) {
    const payload = chunkPayload(
      num,
      Array.from({ length: ROWS }, (_, i) => crowd(i % 300, 1)[0]!),
    );
    const frame = { payload, jws: chunkToken(caller, job, num, payload) };
    http2.write(
      framed(toBinary(VerifyChunksRequestSchema, { $typeName: VerifyChunksRequestSchema.typeName, ...frame })),
    );
  }
  const count = "SELECT count(*)::int AS n FROM job_chunk WHERE job_id = decode($1, 'hex')";
  await expect
    .poll(async () => (await gateway.database.pool.query(count, [job.jobId])).rows, { timeout: 30_000 })
    .toEqual([{ n: CHUNKS }]);
  return {
    /** Reads all there is to come, and says how it ended. */
    async read() {
      http2.end();
      http2.resume();
      const { code, refusal } = await ended;
      session.destroy();
      return { code, reason: refusal?.reasonName, answers: answersIn(Buffer.concat(parts)) };
    },
  };
}

const reasonNow = async (caller: RawCaller) => (await caller.attempt(verifyPerson, AN)).reason;

test('nothing leaves once the agreement has ended, but what was on its way', async () => {
  const caller = gateway.raw('mobifone');
  const unread = await recordUnread(caller);
  const agreement = await agreementOf('mobifone');
  await replaceAgreement(gateway, {
    ...agreement,
    valid_from: agreement.valid_from - 86_400,
    valid_to: nowSeconds() - 60,
  });
  await expect.poll(() => reasonNow(caller)).toBe('NOT_AGREED');
  const { answers, reason } = await unread.read();
  expect([answers.length <= ON_THE_WAY, reason]).toEqual([true, 'NOT_AGREED']);
});

test('nothing leaves once the key that asked is retired', async () => {
  const caller = gateway.raw('viettel');
  const { kid } = caller.identity.signingKey;
  const unread = await recordUnread(caller);
  await withChanges(gateway.database.pool, async (tx) => {
    await tx.query("UPDATE agency_key SET state = 'retired' WHERE kid = $1", [kid]);
    return [{ kind: 'key', subject: kid }];
  });
  await expect.poll(() => reasonNow(caller)).toBe('KEY_UNKNOWN');
  const { answers, reason } = await unread.read();
  expect([answers.length <= ON_THE_WAY, reason]).toEqual([true, 'KEY_UNKNOWN']);
});

test('a consent that ended while its answer waited is told by no more', async () => {
  const caller = gateway.raw({ ...gateway.identity('bank-demo'), purpose: 'customer-record' });
  const citizens = createCitizens(gateway);
  const person = await citizens.person(String(crowdPerson(0).id));
  const expiresAt = BigInt(nowSeconds() + 15);
  const use = { recipients: ['bank-demo'], purposes: ['customer-record'], fieldIds: [1, 2, 3, 4], expiresAt };
  expect((await citizens.grant(use, person)).code).toBe(0);
  const unread = await recordUnread(caller);
  const verdictOf = ({ results }: ChunkAnswer) => results[0];
  await expect.poll(nowSeconds, { timeout: 30_000 }).toBeGreaterThan(Number(expiresAt) + 1);
  const { code, answers } = await unread.read();
  expect([code, answers.length]).toEqual([0, CHUNKS]);
  const waited = answers.slice(ON_THE_WAY);
  expect(waited.map(verdictOf)).toEqual(waited.map(() => Verdict.CONSENT_MISSING));
  expect(waited.map(({ redelivery }) => redelivery)).toEqual(waited.map(() => true));
});
