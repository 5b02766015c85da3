/** A job's life: closing, its receipt that stands alone, pausing, cancelling, listing. */
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CHANGES_LOCK } from '../../gateway/audit/append-sql.ts';
import { rowLeaves } from '../../gateway/proof/batch.ts';
import { entryLeaf } from '../../gateway/proof/leaf.ts';
import { NODE_TAGS, treeRoot } from '../../gateway/proof/tree.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { keyLookup, verificationKeyOf } from '../../gateway/signing/public-key.ts';
import { verifyToken } from '../../gateway/signing/verify.ts';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { JobState, VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import type { RawCaller } from '../support/gateway-calls.ts';
import { attach, crowd, expectChunkRefused, jobOf, NOBODY } from '../support/gateway-jobs.ts';
import { chunkPayload, openTestStream, startJob } from '../support/gateway-stream.ts';

const { closeJob, cancelJob, listJobs } = VerificationService.method;

let gateway: TestGateway;
let viettel: RawCaller;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 2000 });
  viettel = gateway.raw('viettel');
});
afterAll(() => gateway?.stop());

const attached = () => attach(viettel);

describe('a job’s life', () => {
  it('closing with chunks missing names the ranges, keeps the job, and the missing ones are taken', async () => {
    const { job, stream } = await attached();
    // Every chunk but the last is full.
    const rowsOf = (num: number) => crowd(num * 200, num === 8 ? 36 : 256);
    const rows = 8 * 256 + 36;
    for (const num of [0, 2, 3, 6]) {
      stream.chunk(num, chunkPayload(num, rowsOf(num)));
      await stream.answer();
    }
    const { message } = await viettel.call(closeJob, {
      jobId: job.jobId,
      expectedChunks: 9,
      expectedRows: BigInt(rows),
    });
    expect(message.missing.map(({ first, last }) => [first, last])).toEqual([
      [1, 1],
      [4, 5],
      [7, 8],
    ]);
    expect(message.receipt).toBe('');
    expect((await jobOf(viettel, job.jobId))?.state).toBe(JobState.CLOSING);
    for (const num of [1, 4, 5, 7, 8]) {
      stream.chunk(num, chunkPayload(num, rowsOf(num)));
      await stream.answer();
    }
    const wrong = await viettel.attempt(closeJob, {
      jobId: job.jobId,
      expectedChunks: 9,
      expectedRows: BigInt(rows + 1),
    });
    expect(wrong.refusal?.violations.map(({ field }) => field)).toEqual(['expected_rows']);
    const closed = await viettel.call(closeJob, { jobId: job.jobId, expectedChunks: 9, expectedRows: BigInt(rows) });
    expect(closed.message.receipt).not.toBe('');
    stream.chunk(9, chunkPayload(9, crowd(0, 1)));
    expect(await stream.next()).toBeUndefined();
    expect(await stream.ended).toMatchObject({ reason: 'JOB_STATE', refusal: { jobState: 'DONE' } });
    // Closed again: the same receipt.
    const again = await viettel.call(closeJob, { jobId: job.jobId, expectedChunks: 9, expectedRows: BigInt(rows) });
    expect(again.message.receipt).toBe(closed.message.receipt);
    // And told as it was opened, for which the opening is kept.
    const told = await jobOf(viettel, job.jobId);
    expect(told?.state).toBe(JobState.DONE);
    expect(told?.context?.purpose).toBe('subscriber-verification');
  });

  it('the receipt stands alone: totals, opening, root over the row leaves, and a head that covers every answer', async () => {
    const { job, stream } = await attached();
    const jobKey = randomBytes(32);
    const refsOf = (num: number, count: number) =>
      Buffer.concat(
        Array.from({ length: count }, (_, i) =>
          createHmac('sha256', jobKey).update(`${num}/${i}`).digest().subarray(0, 16),
        ),
      );
    const refs = [refsOf(0, 256), refsOf(1, 7)];
    stream.chunk(0, chunkPayload(0, crowd(0, 256), { rowRefs: refs[0] ?? new Uint8Array() }));
    stream.chunk(1, chunkPayload(1, [...crowd(256, 6), NOBODY], { rowRefs: refs[1] ?? new Uint8Array() }));
    const answers = [await stream.answer(), await stream.answer()].toSorted((a, b) => a.num - b.num);
    const { message } = await viettel.call(closeJob, { jobId: job.jobId, expectedChunks: 2, expectedRows: 263n });
    const keys = keyLookup([verificationKeyOf(gateway.deployment.secrets.signing.publicJwk, 'gateway')]);
    const receipt = verifyToken(message.receipt, { typ: 'lt-receipt+jws', form: 'receipt', keys });
    const leaves = Buffer.concat(
      answers.map(({ num, rowSeed, results }) => rowLeaves(rowSeed, refs[num] ?? Buffer.alloc(0), results)),
    );
    expect(receipt).toMatchObject({
      ok: true,
      claims: {
        job: job.jobId,
        opn: job.opening,
        cnt: 2,
        rows: 263,
        totals: { VERIFIED: 262, NOT_FOUND: 1 },
        root: Buffer.from(treeRoot(leaves, NODE_TAGS.row)).toString('base64url'),
        head: message.checkpoint,
        dig: digestOf(Buffer.from(message.checkpoint)),
        aud: `viettel@${gateway.deployment.id}`,
      },
    });
    const size = Number(message.checkpoint.split('\n')[1]);
    const { rows } = await gateway.database.pool.query<{ idx: number }>(
      'SELECT max(i.idx)::int AS idx FROM log_index i JOIN job_chunk c USING (entry_id) WHERE c.job_id = $1',
      [Buffer.from(job.jobId, 'hex')],
    );
    expect(rows[0]?.idx).toBeLessThan(size);
    expect(entryLeaf(Buffer.alloc(16), Buffer.alloc(1))).toHaveLength(32);
  });

  it('more than 20 % misses from 1,000 rows on: PAUSED, and no further chunk is taken', async () => {
    const job = await startJob(viettel, 1024);
    const stream = openTestStream(viettel, job);
    await stream.open();
    const strangers = (count: number) => Array.from({ length: count }, () => NOBODY);
    // 999 rows may all miss; what decides is whatever comes after them.
    stream.chunk(1, chunkPayload(1, [...strangers(500), ...crowd(0, 499)]));
    await stream.answer();
    expect((await jobOf(viettel, job.jobId))?.state).toBe(JobState.OPEN);
    stream.chunk(0, chunkPayload(0, crowd(0, 1024)));
    await stream.answer();
    expect(await jobOf(viettel, job.jobId)).toMatchObject({ state: JobState.PAUSED, rows: 2023n });
    const more = chunkPayload(2, crowd(0, 1));
    stream.chunk(2, more);
    await expectChunkRefused(gateway, stream, job, 2, more, 'JOB_STATE');
    expect((await stream.ended).refusal?.jobState).toBe('PAUSED');
    await expect(openTestStream(viettel, job).open()).rejects.toThrow('JOB_STATE');
    const close = await viettel.attempt(closeJob, { jobId: job.jobId, expectedChunks: 2, expectedRows: 2023n });
    expect(close.reason).toBe('JOB_STATE');
  });

  it('8 % of misses is normal, and exactly 20 % does not pause', async () => {
    const job = await startJob(viettel, 1024);
    const stream = openTestStream(viettel, job);
    await stream.open();
    stream.chunk(0, chunkPayload(0, [...Array.from({ length: 200 }, () => NOBODY), ...crowd(0, 800)]));
    await stream.answer();
    expect((await jobOf(viettel, job.jobId))?.state).toBe(JobState.OPEN);
    stream.cancel();
  });

  it('CancelJob ends it: chunks, attaching and closing are refused, what was answered stays counted', async () => {
    const { job, stream } = await attached();
    stream.chunk(0, chunkPayload(0, crowd(0, 5)));
    await stream.answer();
    const { message } = await viettel.call(cancelJob, { jobId: job.jobId });
    expect(message.job?.state).toBe(JobState.CANCELLED);
    const late = chunkPayload(1, crowd(0, 5));
    stream.chunk(1, late);
    await expectChunkRefused(gateway, stream, job, 1, late, 'JOB_STATE');
    await expect(openTestStream(viettel, job).open()).rejects.toThrow('JOB_STATE');
    expect((await viettel.attempt(cancelJob, { jobId: job.jobId })).reason).toBe('JOB_STATE');
    expect(await jobOf(viettel, job.jobId)).toMatchObject({ state: JobState.CANCELLED, rows: 5n });
  });

  it('ListJobs pages through the agency’s jobs, newest first, none twice', async () => {
    const mobifone = gateway.raw('mobifone');
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.unshift((await startJob(mobifone)).jobId);
    const seen: string[] = [];
    let pageToken = '';
    do {
      const { message } = await mobifone.call(listJobs, { pageSize: 2, pageToken });
      seen.push(...message.jobs.map(({ jobId }) => jobId));
      pageToken = message.nextPageToken;
    } while (pageToken !== '');
    expect(seen).toEqual(made);
  });

  it('a client that goes while it is being answered leaves no refusal in the log, and no fault: it is nobody’s', async () => {
    const before = gateway.logged().length;
    const { job, stream } = await attached();
    // Nothing is appended while this is held: the answers are still on their way when the client goes.
    const holder = await gateway.database.pool.connect();
    await holder.query(`BEGIN; SELECT pg_advisory_xact_lock(${CHANGES_LOCK})`);
    for (let num = 0; num < 3; num++) stream.chunk(num, chunkPayload(num, crowd(num * 200, 256)));
    // As of a process that dies: what was sent seems to end in order, and then the connection is gone.
    stream.close();
    await sleep(300);
    stream.cancel();
    await sleep(200);
    await holder.query('COMMIT');
    holder.release();
    await vi.waitFor(async () => expect((await jobOf(viettel, job.jobId))?.chunks).toBe(3n), { timeout: 10_000 });
    // A refusal, were there one, would be appended by now, before this call is.
    await sleep(200);
    await viettel.call(listJobs, {});
    const { rows } = await gateway.database.pool.query<{ entry: Buffer }>('SELECT entry FROM log_entry');
    const refused = rows
      .map(({ entry }) => fromBinary(EntrySchema, entry))
      .filter(({ kind, jobId }) => kind === EntryKind.REFUSAL && Buffer.from(jobId).toString('hex') === job.jobId);
    expect(refused.map(({ refusalReason }) => ErrorReason[refusalReason])).toEqual([]);
    expect(
      gateway
        .logged()
        .slice(before)
        .filter((line) => line.includes('a call failed inside')),
    ).toEqual([]);
  });
});
