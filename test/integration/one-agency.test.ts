/** One agency that takes all it can get, each way tried against a whole gateway: it is told to wait, and the others are served. */
import { gzipSync } from 'node:zlib';
import { Client, credentials, type StatusObject } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GRPC_CODES } from '../../gateway/errors/codes.ts';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { Verdict, VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { callToken, pathOf, type RawCaller, requestBytes } from '../support/gateway-calls.ts';
import { openTestStream, startJob } from '../support/gateway-stream.ts';

const { verifyPerson } = VerificationService.method;
const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
const LIMITS = { callsPerEntity: 32, streamsPerEntity: 8, jobsPerAgency: 12 };

let gateway: TestGateway;
let hostile: RawCaller;
let other: RawCaller;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0, config: { limits: LIMITS, metrics: { port: 0 } } });
  hostile = gateway.raw('viettel');
  other = gateway.raw('mobifone');
});
afterAll(() => gateway?.stop());

async function residentBytes(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${gateway.process.metricsPort}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]);
}

const othersAreServed = async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => other.call(verifyPerson, AN)));
  expect(answers.every(({ message }) => message.verdict === Verdict.VERIFIED)).toBe(true);
};

describe('an agency that takes all it can get', () => {
  it('has so many calls at once; the others of a flood are refused, signed, with the time to wait', async () => {
    const flood = Array.from({ length: 240 }, () => hostile.attempt(verifyPerson, AN));
    await othersAreServed();
    const outcomes = await Promise.all(flood);
    const refused = outcomes.filter(({ code }) => code !== 0);
    expect(refused.length).toBeGreaterThan(0);
    expect(outcomes.length - refused.length).toBeGreaterThanOrEqual(LIMITS.callsPerEntity);
    for (const { code, reason, refusal, claims } of refused) {
      expect([code, reason]).toEqual([GRPC_CODES.RESOURCE_EXHAUSTED, 'LIMITED']);
      expect(refusal).toMatchObject({ retryAfterMs: 500, limits: ['RATE'] });
      expect(claims?.code).toBe(code);
    }
    expect((await hostile.attempt(verifyPerson, AN)).code).toBe(0);
  });

  it('has so many streams, idle ones too, and may open another when it has closed one', async () => {
    const job = await startJob(hostile);
    const idle = Array.from({ length: LIMITS.streamsPerEntity }, () => openTestStream(hostile, job));
    for (const stream of idle) await stream.open();
    const ninth = await openTestStream(hostile, job).ended;
    expect(ninth).toMatchObject({ code: GRPC_CODES.RESOURCE_EXHAUSTED, reason: 'LIMITED' });
    expect(ninth.refusal).toMatchObject({ retryAfterMs: 5000, limits: ['STREAMS'] });
    const theirs = openTestStream(other, await startJob(other));
    await theirs.open();
    theirs.close();
    for (const stream of idle) stream.close();
    await Promise.all([...idle, theirs].map((stream) => stream.ended));
    const again = openTestStream(hostile, job);
    await again.open();
    again.close();
    await again.ended;
  });

  it('has so many open jobs, until it closes or cancels one', async () => {
    const { startJob: start, cancelJob } = VerificationService.method;
    const columns = ['id_number', 'full_name', 'date_of_birth'];
    const open = () => hostile.attempt(start, { chunkRows: 256, columns, fileDigest: Buffer.alloc(32) });
    let outcome = await open();
    for (let n = 0; n < LIMITS.jobsPerAgency && outcome.code === 0; n++) outcome = await open();
    expect(outcome).toMatchObject({ code: GRPC_CODES.RESOURCE_EXHAUSTED, reason: 'LIMITED' });
    expect(outcome.refusal).toMatchObject({ retryAfterMs: 60_000, limits: ['JOBS'] });
    const { message } = await hostile.call(VerificationService.method.listJobs, {});
    await hostile.call(cancelJob, { jobId: message.jobs[0]?.jobId ?? '' });
    expect((await open()).code).toBe(0);
    await startJob(other);
  });

  it('gets nothing for a mask of thousands of paths but a refusal', async () => {
    const paths = Array.from({ length: 3000 }, (_, n) => `full_name_${n}`);
    const outcome = await gateway.raw('moh').attempt(PersonService.method.getPerson, {
      personalId: AN.idNumber,
      readMask: { paths },
    });
    expect(outcome.code).not.toBe(0);
    await othersAreServed();
  });

  it('does not fill the memory with a message that swells when it is inflated', async () => {
    const { identity } = hostile;
    const bytes = requestBytes(identity, verifyPerson.input, AN);
    const bomb = new Client(
      `localhost:${gateway.port}`,
      credentials.createSsl(
        Buffer.from(identity.ca),
        Buffer.from(identity.key ?? ''),
        Buffer.from(identity.certificate ?? ''),
      ),
      { 'grpc.default_compression_algorithm': 2, 'grpc.max_send_message_length': -1 },
    );
    const swollen = Buffer.alloc(96 * 1024 * 1024);
    const before = await residentBytes();
    expect(gzipSync(swollen).length).toBeLessThan(256 * 1024);
    const status = await new Promise<StatusObject>((resolve) => {
      const asIs = (message: Buffer) => message;
      bomb
        .makeUnaryRequest(pathOf(verifyPerson), asIs, asIs, swollen, () => {})
        .on('status', (given: StatusObject) => resolve(given));
    });
    bomb.close();
    expect(status.code).toBe(GRPC_CODES.RESOURCE_EXHAUSTED);
    expect((await residentBytes()) - before).toBeLessThan(swollen.length / 2);
    await othersAreServed();
    expect(
      (await hostile.send(pathOf(verifyPerson), bytes, callToken(identity, pathOf(verifyPerson), bytes))).code,
    ).toBe(0);
  });
});
