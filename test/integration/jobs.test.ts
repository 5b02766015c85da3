/** A file in chunks: bindings, order, repetition, ends, pauses, closing, and a receipt that stands alone. */
import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowLeaves } from '../../gateway/proof/batch.ts';
import { entryLeaf } from '../../gateway/proof/leaf.ts';
import { NODE_TAGS, treeRoot } from '../../gateway/proof/tree.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { verificationKeyOfSigner } from '../../gateway/signing/key-store.ts';
import { keyLookup } from '../../gateway/signing/public-key.ts';
import { verifyToken } from '../../gateway/signing/verify.ts';
import {
  type ChunkAnswer,
  JobState,
  VerificationService,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import type { RawCaller } from '../support/gateway-calls.ts';
import { crowdPerson, PEOPLE } from '../support/gateway-people.ts';
import {
  chunkPayload,
  chunkToken,
  endRoot,
  type OpenedJob,
  openTestStream,
  resultsOf,
  rowOf,
  startJob,
  type TestStream,
  type TextRow,
} from '../support/gateway-stream.ts';

const { closeJob, cancelJob, getJob, listJobs } = VerificationService.method;

let gateway: TestGateway;
let viettel: RawCaller;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 2000 });
  viettel = gateway.raw('viettel');
});
afterAll(() => gateway?.stop());

const crowd = (from: number, count: number): TextRow[] =>
  Array.from({ length: count }, (_, i) => rowOf(crowdPerson(from + i)));
const NOBODY: TextRow = { id: '999999999999', name: 'Nguyễn Không Ai', born: '1990-01-02' };

async function attached(caller = viettel): Promise<{ job: OpenedJob; stream: TestStream }> {
  const job = await startJob(caller);
  const stream = openTestStream(caller, job);
  await stream.open();
  return { job, stream };
}

const jobOf = async (jobId: string) => (await viettel.call(getJob, { jobId })).message.job;
const totalsOf = async (jobId: string) =>
  Object.fromEntries(((await jobOf(jobId))?.totals ?? []).map(({ verdict, rows }) => [verdict, Number(rows)]));

/**
 * The stream ends with this reason, nothing else comes, and the refusal is signed for this very chunk: by job and number, or,
 * where its signature did not hold and nothing of it was read, by the digest of its bytes alone.
 */
async function expectChunkRefused(
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
  const keys = keyLookup([verificationKeyOfSigner(gateway.deployment.secrets.signing, 'gateway')]);
  const signed = verifyToken(end.signature ?? '', { typ: 'lt-answer+jws', form, keys });
  const bound = { code: end.code, rqd: digestOf(payload), dig: digestOf(end.details ?? Buffer.alloc(0)) };
  expect(signed).toMatchObject({ ok: true, claims: form === 'chunk' ? { ...bound, job: job.jobId, num } : bound });
}

describe('chunks', () => {
  it('answers every case with its verdict, in row order', async () => {
    const { job, stream } = await attached();
    const { an, deceased, missing, renumbered, cancelled, sharesCard, yearOnly, yearAndMonth } = PEOPLE;
    const rows: TextRow[] = [
      rowOf(an),
      { ...rowOf(an), name: 'NGUYEN VAN AN' },
      rowOf(deceased),
      rowOf(missing),
      { ...rowOf(renumbered), id: '901090000045' },
      rowOf(cancelled),
      { ...rowOf(sharesCard), id: '023456789' },
      { id: '023456789', name: 'Lý Thị Khác', born: '1999-09-09' },
      { ...rowOf(yearOnly), born: '1940-05-05' },
      rowOf(yearAndMonth),
      NOBODY,
      { ...rowOf(an), name: 'Trần Quốc Toản', born: '1999-01-02' },
    ];
    stream.chunk(0, chunkPayload(0, rows));
    const results = resultsOf(await stream.answer());
    const verdicts = results.map(({ verdict }) => verdict);
    expect(verdicts.slice(0, 5)).toEqual([1, 1, 1, 1, 1]);
    expect(verdicts[5]).toBe(2);
    expect(verdicts[6]).toBe(1);
    expect(verdicts[7]).toBe(3);
    expect(verdicts[9]).toBe(1);
    expect(verdicts.slice(10)).toEqual([4, 3]);
    expect(results[2]?.notices).toEqual([0]);
    expect(results[3]?.notices).toEqual([2]);
    expect(results[4]).toMatchObject({ notices: [1], currentId: renumbered.id });
    expect(results[6]?.currentId).toBe(sharesCard.id);
    stream.end(1, rows.length);
    expect((await stream.next())?.kind.case).toBe('end');
    expect((await stream.ended).code).toBe(0);
    await viettel.call(closeJob, { jobId: job.jobId, expectedChunks: 1, expectedRows: BigInt(rows.length) });
  });

  it('malformed numbers, names and dates: that row INVALID with its reason, its neighbours served', async () => {
    const { stream } = await attached();
    const good = rowOf(PEOPLE.an);
    const bad: readonly (readonly [TextRow, number])[] = [
      [{ ...good, id: '9010850000171' }, 1],
      [{ ...good, id: '' }, 1],
      [{ ...good, id: 'ABC' }, 1],
      [{ ...good, id: "'; DROP TABLE person; --" }, 1],
      [{ ...good, name: '' }, 2],
      [{ ...good, name: 'x'.repeat(2000) }, 2],
      [{ ...good, born: '1985-02-30' }, 3],
      [{ ...good, born: '' }, 3],
      [{ ...good, born: 'hôm qua' }, 3],
      [{ ...good, born: '\u0000' }, 3],
    ];
    const rows = bad.flatMap(([row]) => [good, row]);
    stream.chunk(0, chunkPayload(0, [...rows, good]));
    const results = resultsOf(await stream.answer());
    for (const [i, { verdict, reasons }] of results.entries()) {
      if (i % 2 === 0) expect(verdict, `row ${i}`).toBe(1);
      else {
        expect(verdict, `row ${i}`).toBe(6);
        // Reasons are grouped by field: number, name, date.
        const [from, to] = [[], [1, 32], [32, 64], [64, 96]][bad[(i - 1) / 2]?.[1] ?? 0] as [number, number];
        expect(
          reasons.filter((code) => code >= from && code < to),
          `row ${i}`,
        ).not.toEqual([]);
        expect(
          reasons.every((code) => code >= from && code < to),
          `row ${i}`,
        ).toBe(true);
      }
    }
    stream.cancel();
  });

  it('slim rows out of range are INVALID, not an error of the chunk', async () => {
    const { stream } = await attached();
    const ids = [BigInt(PEOPLE.an.id), 0n, 2n ** 64n - 1n, 999_999_999n, BigInt(PEOPLE.an.id)];
    const dates = [19850327, 19850327, 19850327, 19850327, 4_294_967_295];
    const payload = chunkPayload(0, [], {
      ids,
      dates,
      names: ids.map(() => PEOPLE.an.name),
      rowRefs: randomBytes(16 * ids.length),
    });
    stream.chunk(0, payload);
    expect(resultsOf(await stream.answer()).map(({ verdict }) => verdict)).toEqual([1, 6, 6, 6, 6]);
    stream.cancel();
  });

  it('several in flight and out of order: each answered once, the end states count, rows and root', async () => {
    const { job, stream } = await attached();
    const order = [3, 0, 4, 1, 2];
    for (const num of order) stream.chunk(num, chunkPayload(num, crowd(num * 256, 256)));
    const answers: ChunkAnswer[] = [];
    for (const _ of order) answers.push(await stream.answer());
    expect(answers.map(({ num }) => num).toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(answers.every(({ rows, results }) => rows === 256 && results.length === 256 * 22)).toBe(true);
    stream.end(5, 5 * 256);
    const end = await stream.next();
    expect(end?.kind).toMatchObject({ case: 'end', value: { chunks: 5, rows: 1280n } });
    if (end?.kind.case === 'end') expect(Buffer.from(end.kind.value.root).toString('base64url')).toBe(endRoot(answers));
    expect(await totalsOf(job.jobId)).toEqual({ 1: 1280 });
  });
});

describe('bindings', () => {
  it('a chunk of one job spliced into another is refused, whatever of its claims is kept', async () => {
    const one = await attached();
    const two = await attached();
    const payload = chunkPayload(0, crowd(0, 3));
    // As it was signed for the first job, to the letter.
    two.stream.frame(payload, chunkToken(viettel, one.job, 0, payload));
    await expectChunkRefused(two.stream, two.job, 0, payload, 'BINDING_WRONG', 'call');
    // The right job's name, the other's opening.
    const three = openTestStream(viettel, two.job);
    await three.open();
    three.chunk(0, payload, { opn: one.job.opening });
    await expectChunkRefused(three, two.job, 0, payload, 'BINDING_WRONG', 'call');
    expect((await jobOf(two.job.jobId))?.chunks).toBe(0n);
    one.stream.cancel();
  });

  it('a chunk under another number than it was signed for, or with altered bytes', async () => {
    const { job, stream } = await attached();
    const payload = chunkPayload(1, crowd(0, 3));
    stream.frame(payload, chunkToken(viettel, job, 0, payload));
    await expectChunkRefused(stream, job, 1, payload, 'BINDING_WRONG');
    const second = openTestStream(viettel, job);
    await second.open();
    const altered = Uint8Array.from(payload);
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    second.frame(altered, chunkToken(viettel, job, 1, payload));
    await expectChunkRefused(second, job, 1, altered, 'DIGEST_MISMATCH', 'call');
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
      await expectChunkRefused(stream, job, 0, payload, reason, 'call');
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
    await expect(openTestStream(viettel, one).open({ claims: { job: undefined } })).rejects.toThrow('BINDING_WRONG');
  });

  it('a chunk before the opening, two openings, bytes that are nothing', async () => {
    const job = await startJob(viettel);
    const early = openTestStream(viettel, job);
    early.chunk(0, chunkPayload(0, crowd(0, 1)));
    expect((await early.ended).reason).toBe('STREAM_PROTOCOL');
    const twice = openTestStream(viettel, job);
    await twice.open();
    await expect(twice.open()).rejects.toThrow('STREAM_PROTOCOL');
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
    expect(await totalsOf(job.jobId)).toEqual({ 1: 200, 4: 1 });
    expect(await jobOf(job.jobId)).toMatchObject({ chunks: 1n, rows: 201n });
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
    expect((await jobOf(job.jobId))?.rows).toBe(50n);
    for (const each of [stream, ...streams]) each.cancel();
  });

  it('the same number with other content: ABORTED, and the first answer stands', async () => {
    const { job, stream } = await attached();
    stream.chunk(0, chunkPayload(0, crowd(0, 10)));
    await stream.answer();
    const other = chunkPayload(0, crowd(10, 10));
    stream.chunk(0, other);
    await expectChunkRefused(stream, job, 0, other, 'CONTENT_CHANGED');
    expect((await stream.ended).code).toBe(10);
    expect((await jobOf(job.jobId))?.rows).toBe(10n);
  });

  it('an answer that was acknowledged is gone', async () => {
    const { job, stream } = await attached();
    const payload = chunkPayload(0, crowd(0, 10));
    stream.chunk(0, payload);
    await stream.answer();
    stream.chunk(1, chunkPayload(1, crowd(10, 10), { ackedThrough: 1 }));
    await stream.answer();
    stream.chunk(0, payload);
    await expectChunkRefused(stream, job, 0, payload, 'ANSWER_GONE');
    expect((await jobOf(job.jobId))?.ackedThrough).toBe(1);
  });
});

describe('ends', () => {
  it('a stream that ends without an end is detached: no end comes back, the job stays open and goes on', async () => {
    const { job, stream } = await attached();
    stream.chunk(0, chunkPayload(0, crowd(0, 256)));
    await stream.answer();
    stream.close();
    expect(await stream.next()).toBeUndefined();
    expect((await jobOf(job.jobId))?.state).toBe(JobState.OPEN);
    const next = openTestStream(viettel, job);
    const opened = await next.open();
    expect(opened.kind.case === 'opened' && opened.kind.value.answered).toMatchObject([{ first: 0, last: 0 }]);
    next.chunk(1, chunkPayload(1, crowd(256, 5)));
    expect((await next.answer()).rows).toBe(5);
    next.cancel();
  });

  it('an end that counts otherwise than was received: a middleman dropped something', async () => {
    for (const [chunks, rows] of [
      [2, 10],
      [1, 9],
      [0, 0],
    ] as const) {
      const { stream } = await attached();
      stream.chunk(0, chunkPayload(0, crowd(0, 10)));
      await stream.answer();
      stream.end(chunks, rows);
      expect(await stream.next()).toBeUndefined();
      expect((await stream.ended).reason).toBe('STREAM_PROTOCOL');
    }
  });

  it('an end whose claims differ from its message, or of another job', async () => {
    for (const [claims, reason] of [
      [{ cnt: 3 }, 'STREAM_PROTOCOL'],
      [{ job: 'f'.repeat(32) }, 'BINDING_WRONG'],
    ] as const) {
      const { stream } = await attached();
      stream.chunk(0, chunkPayload(0, crowd(0, 10)));
      await stream.answer();
      stream.end(1, 10, claims);
      expect((await stream.ended).reason).toBe(reason);
    }
  });
});

describe('shape of a chunk', () => {
  it.each([
    ['no rows', () => chunkPayload(0, []), 'chunk.ids'],
    ['more rows than the job said', () => chunkPayload(0, crowd(0, 257)), 'chunk.ids'],
    ['row refs of another length', () => chunkPayload(0, crowd(0, 2), { rowRefs: randomBytes(31) }), 'chunk.row_refs'],
    ['blind too short', () => chunkPayload(0, crowd(0, 2), { blind: randomBytes(15) }), 'chunk.blind'],
    [
      'unequal columns',
      () => chunkPayload(0, [], { ids: [1n], names: [], dates: [1], rowRefs: randomBytes(16) }),
      'chunk.names',
    ],
    [
      'text rows out of order',
      () =>
        chunkPayload(0, crowd(0, 2), {
          textRows: [1, 0].map((index) => ({ index, idNumber: '1', fullName: 'x', dateOfBirth: '1' })),
        }),
      'chunk.text_rows',
    ],
    [
      'a text row beyond the end',
      () => chunkPayload(0, crowd(0, 1), { textRows: [{ index: 7, idNumber: '1', fullName: 'x', dateOfBirth: '1' }] }),
      'chunk.text_rows',
    ],
  ])('%s: BAD_REQUEST that names the field', async (_name, make, field) => {
    const { job, stream } = await attached();
    const payload = make();
    stream.chunk(0, payload);
    expect(await stream.next()).toBeUndefined();
    const end = await stream.ended;
    expect(end).toMatchObject({ code: 3, reason: 'BAD_REQUEST' });
    expect(end.refusal?.violations.map((violation) => violation.field)).toEqual([field]);
    expect((await jobOf(job.jobId))?.chunks).toBe(0n);
  });
});

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
    expect((await jobOf(job.jobId))?.state).toBe(JobState.CLOSING);
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
    const keys = keyLookup([verificationKeyOfSigner(gateway.deployment.secrets.signing, 'gateway')]);
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
    // 999 rows may all miss; what decides is the thousandth.
    stream.chunk(0, chunkPayload(0, [...strangers(300), ...crowd(0, 699)]));
    await stream.answer();
    expect((await jobOf(job.jobId))?.state).toBe(JobState.OPEN);
    stream.chunk(1, chunkPayload(1, crowd(0, 1)));
    await stream.answer();
    expect(await jobOf(job.jobId)).toMatchObject({ state: JobState.PAUSED, rows: 1000n });
    const more = chunkPayload(2, crowd(0, 1));
    stream.chunk(2, more);
    await expectChunkRefused(stream, job, 2, more, 'JOB_STATE');
    expect((await stream.ended).refusal?.jobState).toBe('PAUSED');
    await expect(openTestStream(viettel, job).open()).rejects.toThrow('JOB_STATE');
    const close = await viettel.attempt(closeJob, { jobId: job.jobId, expectedChunks: 2, expectedRows: 1000n });
    expect(close.reason).toBe('JOB_STATE');
  });

  it('8 % of misses is normal, and exactly 20 % does not pause', async () => {
    const job = await startJob(viettel, 1024);
    const stream = openTestStream(viettel, job);
    await stream.open();
    stream.chunk(0, chunkPayload(0, [...Array.from({ length: 200 }, () => NOBODY), ...crowd(0, 800)]));
    await stream.answer();
    expect((await jobOf(job.jobId))?.state).toBe(JobState.OPEN);
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
    await expectChunkRefused(stream, job, 1, late, 'JOB_STATE');
    await expect(openTestStream(viettel, job).open()).rejects.toThrow('JOB_STATE');
    expect((await viettel.attempt(cancelJob, { jobId: job.jobId })).reason).toBe('JOB_STATE');
    expect(await jobOf(job.jobId)).toMatchObject({ state: JobState.CANCELLED, rows: 5n });
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
});
