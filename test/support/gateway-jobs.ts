/** What tests of jobs share: people of the crowd as rows, a stream that is attached, a refusal that is bound to its chunk. */
import { expect } from 'vitest';
import { digestOf } from '../../gateway/signing/digest.ts';
import { keyLookup, verificationKeyOf } from '../../gateway/signing/public-key.ts';
import { verifyToken } from '../../gateway/signing/verify.ts';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { TestGateway } from './gateway.ts';
import type { RawCaller } from './gateway-calls.ts';
import { crowdPerson } from './gateway-people.ts';
import { type OpenedJob, openTestStream, rowOf, startJob, type TestStream, type TextRow } from './gateway-stream.ts';

export const crowd = (from: number, count: number): TextRow[] =>
  Array.from({ length: count }, (_, i) => rowOf(crowdPerson(from + i)));
export const NOBODY: TextRow = { id: '999999999999', name: 'Nguyễn Không Ai', born: '1990-01-02' };

export async function attach(caller: RawCaller): Promise<{ job: OpenedJob; stream: TestStream }> {
  const job = await startJob(caller);
  const stream = openTestStream(caller, job);
  await stream.open();
  return { job, stream };
}

export const jobOf = async (caller: RawCaller, jobId: string) =>
  (await caller.call(VerificationService.method.getJob, { jobId })).message.job;

/** Rows by verdict code. */
export const totalsOf = async (caller: RawCaller, jobId: string) =>
  Object.fromEntries(((await jobOf(caller, jobId))?.totals ?? []).map(({ verdict, rows }) => [verdict, Number(rows)]));

/**
 * The stream ends with this reason, nothing else comes, and the refusal is signed for this very chunk: by job and number, or,
 * where its signature did not hold and nothing of it was read, by the digest of its bytes alone.
 */
export async function expectChunkRefused(
  { deployment }: TestGateway,
  stream: TestStream,
  job: OpenedJob,
  num: number,
  payload: Uint8Array,
  reason: string,
  form: 'chunk' | 'call' = 'chunk',
) {
  expect(await stream.next()).toBeUndefined();
  const end = await stream.ended;
  expect(end.reason).toBe(reason);
  const keys = keyLookup([verificationKeyOf(deployment.secrets.signing.publicJwk, 'gateway')]);
  const signed = verifyToken(end.signature ?? '', { typ: 'lt-answer+jws', form, keys });
  const bound = { code: end.code, rqd: digestOf(payload), dig: digestOf(end.details ?? Buffer.alloc(0)) };
  expect(signed).toMatchObject({ ok: true, claims: form === 'chunk' ? { ...bound, job: job.jobId, num } : bound });
}
