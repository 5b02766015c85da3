/** What ends by itself: a job that nobody touches, answers that are kept for a retry, requests that are known by their id. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { purge } from '../../gateway/audit/housekeeping.ts';
import {
  JobState,
  VerificationService,
  VerifyPersonRequestSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type RawCaller, requestBytes } from '../support/gateway-calls.ts';
import { crowdPerson } from '../support/gateway-people.ts';
import { chunkPayload, type OpenedJob, openTestStream, rowOf, startJob } from '../support/gateway-stream.ts';

const { verifyPerson, getJob, closeJob, cancelJob } = VerificationService.method;
const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

let gateway: TestGateway;
let viettel: RawCaller;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 20 });
  viettel = gateway.raw('viettel');
});
afterAll(() => gateway?.stop());

const rows = Array.from({ length: 5 }, (_, n) => rowOf(crowdPerson(n)));
const stateOf = async ({ jobId }: OpenedJob) => (await viettel.call(getJob, { jobId })).message.job?.state;
const age = (table: string, column: string, interval: string) =>
  gateway.database.pool.query(`UPDATE ${table} SET ${column} = ${column} - $1::interval`, [interval]);

async function answered(num: number, payload: Uint8Array, job: OpenedJob): Promise<void> {
  const stream = openTestStream(viettel, job);
  await stream.open();
  stream.chunk(num, payload);
  await stream.answer();
  stream.cancel();
}

describe('a job', () => {
  it('that nobody has touched for 72 hours is EXPIRED, and takes, closes and cancels no more', async () => {
    const job = await startJob(viettel);
    await answered(0, chunkPayload(0, rows), job);
    await age('job', 'active_at', '71 hours');
    expect(await stateOf(job)).toBe(JobState.OPEN);
    await age('job', 'active_at', '2 hours');
    expect(await stateOf(job)).toBe(JobState.EXPIRED);
    await expect(openTestStream(viettel, job).open()).rejects.toThrow('JOB_STATE');
    for (const refused of [
      await viettel.attempt(closeJob, { jobId: job.jobId, expectedChunks: 1, expectedRows: 5n }),
      await viettel.attempt(cancelJob, { jobId: job.jobId }),
    ]) {
      expect([refused.reason, refused.refusal?.jobState]).toEqual(['JOB_STATE', 'EXPIRED']);
    }
  });
});

describe('stored answers', () => {
  it('of a chunk are kept for 72 hours and no longer', async () => {
    const { pool } = gateway.database;
    const job = await startJob(viettel);
    const payload = chunkPayload(0, rows);
    await answered(0, payload, job);
    const kept = async () =>
      (
        await pool.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM stored_answer JOIN job_chunk USING (entry_id) WHERE job_id = decode($1, 'hex')`,
          [job.jobId],
        )
      ).rows[0]?.n;
    await age('stored_answer', 'at', '71 hours');
    await purge(pool);
    expect(await kept()).toBe(1);
    await answered(0, payload, job);
    await age('stored_answer', 'at', '2 hours');
    await purge(pool);
    expect(await kept()).toBe(0);
    const stream = openTestStream(viettel, job);
    await stream.open();
    stream.chunk(0, payload);
    expect((await stream.ended).reason).toBe('ANSWER_GONE');
  });

  it('of a single call are given again for ten minutes; then the same bytes are a new request', async () => {
    const { pool } = gateway.database;
    const bytes = requestBytes(viettel.identity, VerifyPersonRequestSchema, AN);
    const first = await viettel.sign(verifyPerson, bytes);
    await age('request_key', 'at', '9 minutes');
    await purge(pool);
    expect((await viettel.sign(verifyPerson, bytes)).message).toEqual(first.message);
    await age('request_key', 'at', '2 minutes');
    await purge(pool);
    const later = await viettel.sign(verifyPerson, bytes);
    expect(later.code).toBe(0);
    // Decided, looked up and logged anew: its blind is another one.
    expect(later.message).not.toEqual(first.message);
  });
});
