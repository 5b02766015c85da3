/** Chunks that do not belong, come again, or end otherwise than they say: bindings, repetition, ends. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobState, VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import type { RawCaller } from '../support/gateway-calls.ts';
import { attach, crowd, expectChunkRefused, jobOf, NOBODY, totalsOf } from '../support/gateway-jobs.ts';
import {
  chunkPayload,
  chunkToken,
  endRoot,
  type OpenedJob,
  openTestStream,
  startJob,
} from '../support/gateway-stream.ts';

const { cancelJob, getJob, listJobs } = VerificationService.method;

let gateway: TestGateway;
let viettel: RawCaller;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 2000 });
  viettel = gateway.raw('viettel');
});
afterAll(() => gateway?.stop());

const attached = () => attach(viettel);

describe('bindings', () => {
  it('a chunk of one job spliced into another is refused, whatever of its claims is kept', async () => {
    const one = await attached();
    const two = await attached();
    const payload = chunkPayload(0, crowd(0, 3));
    // As it was signed for the first job, to the letter.
    two.stream.frame(payload, chunkToken(viettel, one.job, 0, payload));
    await expectChunkRefused(gateway, two.stream, two.job, 0, payload, 'BINDING_WRONG', 'call');
    // The right job's name, the other's opening.
    const three = openTestStream(viettel, two.job);
    await three.open();
    three.chunk(0, payload, { opn: one.job.opening });
    await expectChunkRefused(gateway, three, two.job, 0, payload, 'BINDING_WRONG', 'call');
    expect((await jobOf(viettel, two.job.jobId))?.chunks).toBe(0n);
    one.stream.cancel();
  });

  it('a chunk under another number than it was signed for, or with altered bytes', async () => {
    const { job, stream } = await attached();
    const payload = chunkPayload(1, crowd(0, 3));
    stream.frame(payload, chunkToken(viettel, job, 0, payload));
    await expectChunkRefused(gateway, stream, job, 1, payload, 'BINDING_WRONG');
    const second = openTestStream(viettel, job);
    await second.open();
    const altered = Uint8Array.from(payload);
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    second.frame(altered, chunkToken(viettel, job, 1, payload));
    await expectChunkRefused(gateway, second, job, 1, altered, 'DIGEST_MISMATCH', 'call');
  });

  it('a chunk without a token, with a call’s token, with another agency’s', async () => {
    for (const [make, reason] of [
      [() => '', 'SIGNATURE_MISSING'],
      [(p: Uint8Array, job: OpenedJob) => chunkToken(gateway.raw('mobifone'), job, 0, p), 'KEY_UNKNOWN'],
      [
        (p: Uint8Array, job: OpenedJob) =>
          chunkToken(viettel, job, 0, p).replace(/^[^.]+/, (head) => {
            const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as object;
            return Buffer.from(JSON.stringify({ ...header, typ: 'lt-call+jws' })).toString('base64url');
          }),
        'SIGNATURE_MALFORMED',
      ],
    ] as const) {
      const { job, stream } = await attached();
      const payload = chunkPayload(0, crowd(0, 2));
      stream.frame(payload, make(payload, job));
      await expectChunkRefused(gateway, stream, job, 0, payload, reason, 'call');
    }
  });

  it("another agency's job does not exist", async () => {
    const job = await startJob(viettel);
    const mobifone = gateway.raw('mobifone');
    const stream = openTestStream(mobifone, job);
    await expect(stream.open()).rejects.toThrow('JOB_UNKNOWN');
    expect((await mobifone.attempt(getJob, { jobId: job.jobId })).reason).toBe('JOB_UNKNOWN');
    expect((await mobifone.attempt(cancelJob, { jobId: job.jobId })).reason).toBe('JOB_UNKNOWN');
    const { message } = await mobifone.call(listJobs, {});
    expect(message.jobs.map(({ jobId }) => jobId)).not.toContain(job.jobId);
  });

  it('an opening for one job that names another in its token', async () => {
    const [one, two] = [await startJob(viettel), await startJob(viettel)];
    await expect(openTestStream(viettel, one).open({ claims: { job: two.jobId } })).rejects.toThrow('BINDING_WRONG');
    const none = openTestStream(viettel, one);
    await expect(none.open({ claims: { job: undefined } })).rejects.toThrow('BINDING_WRONG');
    expect((await none.ended).refusal?.claim).toBe('job');
  });

  it('a chunk before the opening, two openings, bytes that are nothing', async () => {
    const job = await startJob(viettel);
    const early = openTestStream(viettel, job);
    early.chunk(0, chunkPayload(0, crowd(0, 1)));
    const first = await early.ended;
    expect(first).toMatchObject({
      reason: 'STREAM_PROTOCOL',
      refusal: { violations: [{ field: 'opening', rule: 'REQUIRED' }] },
    });
    const twice = openTestStream(viettel, job);
    await twice.open();
    await expect(twice.open()).rejects.toThrow('STREAM_PROTOCOL');
    expect((await twice.ended).refusal?.violations).toMatchObject([{ field: 'opening', rule: 'REPEATED' }]);
    const noise = openTestStream(viettel, job);
    await noise.open();
    noise.frame(randomBytes(64), 'x.y.z');
    expect((await noise.ended).reason).toMatch(/^(BAD_REQUEST|STREAM_PROTOCOL)$/);
  });
});

describe('repetition', () => {
  it('the same chunk again: the same results, marked as a redelivery, counted once', async () => {
    const { job, stream } = await attached();
    const payload = chunkPayload(0, [...crowd(0, 200), NOBODY]);
    stream.chunk(0, payload);
    const first = await stream.answer();
    stream.chunk(0, payload);
    const again = await stream.answer();
    expect(first.redelivery).toBe(false);
    expect(again.redelivery).toBe(true);
    expect({ ...again, redelivery: false }).toEqual(first);
    expect(await totalsOf(viettel, job.jobId)).toEqual({ 1: 200, 4: 1 });
    expect(await jobOf(viettel, job.jobId)).toMatchObject({ chunks: 1n, rows: 201n });
    stream.end(2, 402);
    const end = await stream.next();
    expect(end?.kind.case === 'end' && Buffer.from(end.kind.value.root).toString('base64url')).toBe(
      endRoot([first, again]),
    );
  });

  it('also on another stream, fifty at once: one CHUNK entry, the others redeliveries', async () => {
    const { job, stream } = await attached();
    const payload = chunkPayload(0, crowd(0, 50));
    const streams = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const each = openTestStream(viettel, job);
        await each.open();
        return each;
      }),
    );
    for (const each of streams) for (let i = 0; i < 5; i++) each.chunk(0, payload);
    const answers = (
      await Promise.all(
        streams.map(async (each) => [
          await each.answer(),
          await each.answer(),
          await each.answer(),
          await each.answer(),
          await each.answer(),
        ]),
      )
    ).flat();
    expect(new Set(answers.map(({ results }) => Buffer.from(results).toString('hex'))).size).toBe(1);
    expect(answers.filter(({ redelivery }) => !redelivery)).toHaveLength(1);
    expect((await jobOf(viettel, job.jobId))?.rows).toBe(50n);
    for (const each of [stream, ...streams]) each.cancel();
  });

  it('the same number with other content: ABORTED, and the first answer stands', async () => {
    const { job, stream } = await attached();
    stream.chunk(0, chunkPayload(0, crowd(0, 10)));
    await stream.answer();
    const other = chunkPayload(0, crowd(10, 10));
    stream.chunk(0, other);
    await expectChunkRefused(gateway, stream, job, 0, other, 'CONTENT_CHANGED');
    expect((await stream.ended).code).toBe(10);
    expect((await jobOf(viettel, job.jobId))?.rows).toBe(10n);
  });

  it('what a chunk acknowledges is of its content: the same rows that acknowledge more are other content', async () => {
    const { job, stream } = await attached();
    stream.chunk(0, chunkPayload(0, crowd(0, 256)));
    stream.chunk(1, chunkPayload(1, crowd(256, 10)));
    await stream.answer();
    await stream.answer();
    const other = chunkPayload(1, crowd(256, 10), { ackedThrough: 1 });
    stream.chunk(1, other);
    await expectChunkRefused(gateway, stream, job, 1, other, 'CONTENT_CHANGED');
  });

  it('an answer that was acknowledged is gone', async () => {
    const { job, stream } = await attached();
    const payload = chunkPayload(0, crowd(0, 256));
    stream.chunk(0, payload);
    await stream.answer();
    stream.chunk(1, chunkPayload(1, crowd(256, 10), { ackedThrough: 1 }));
    await stream.answer();
    stream.chunk(0, payload);
    await expectChunkRefused(gateway, stream, job, 0, payload, 'ANSWER_GONE');
    expect((await jobOf(viettel, job.jobId))?.ackedThrough).toBe(1);
  });
});

describe('ends', () => {
  it('a stream that ends without an end is detached: no end comes back, the job stays open and goes on', async () => {
    const { job, stream } = await attached();
    stream.chunk(0, chunkPayload(0, crowd(0, 256)));
    await stream.answer();
    stream.close();
    expect(await stream.next()).toBeUndefined();
    expect((await jobOf(viettel, job.jobId))?.state).toBe(JobState.OPEN);
    const next = openTestStream(viettel, job);
    const opened = await next.open();
    expect(opened.kind.case === 'opened' && opened.kind.value.answered).toMatchObject([{ first: 0, last: 0 }]);
    next.chunk(1, chunkPayload(1, crowd(256, 5)));
    expect((await next.answer()).rows).toBe(5);
    next.cancel();
  });

  it('an end that counts otherwise than was received: a middleman dropped something', async () => {
    for (const [chunks, rows, field] of [
      [2, 10, 'end.chunks'],
      [1, 9, 'end.rows'],
      [0, 0, 'end.chunks'],
    ] as const) {
      const { stream } = await attached();
      stream.chunk(0, chunkPayload(0, crowd(0, 10)));
      await stream.answer();
      stream.end(chunks, rows);
      expect(await stream.next()).toBeUndefined();
      const { reason, refusal } = await stream.ended;
      expect([reason, refusal?.violations]).toMatchObject(['STREAM_PROTOCOL', [{ field, rule: 'INCONSISTENT' }]]);
    }
  });

  it('an end whose claims differ from its message, or of another job', async () => {
    for (const [claims, reason, claim] of [
      [{ cnt: 3 }, 'STREAM_PROTOCOL', 'cnt'],
      [{ rows: 9 }, 'STREAM_PROTOCOL', 'rows'],
      [{ job: 'f'.repeat(32) }, 'BINDING_WRONG', 'job'],
    ] as const) {
      const { stream } = await attached();
      stream.chunk(0, chunkPayload(0, crowd(0, 10)));
      await stream.answer();
      stream.end(1, 10, claims);
      expect(await stream.ended).toMatchObject({ reason, refusal: { claim } });
    }
  });
});
