import { randomBytes } from 'node:crypto';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import grpc from '@grpc/grpc-js';
import { rowLeaves } from '../../gateway/proof/batch.ts';
import { encodeResult, RESULT_BYTES } from '../../gateway/proof/result-bytes.ts';
import { NODE_TAGS, treeRoot } from '../../gateway/proof/tree.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import {
  type Chunk,
  ChunkStreamRequestSchema,
  ChunkStreamResponseSchema,
  JobState,
  VerifyChunksRequestSchema,
  VerifyChunksResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { as16, type TinyCore, type TinyJob, type TinyRow } from './tiny-state.test-support.ts';

/** One moment for all chunks, two days ago: the register does not move. Unix seconds. */
const AS_OF = BigInt(Math.floor(Date.now() / 1000) - 2 * 86_400);

/** The stream of a job: opening, chunks in any order, end. What one stream said is not known to the next, except the job. */
export function createChunkStream(core: TinyCore) {
  const { self, judge, audience, nowSeconds, signer, logEntry, verified, refusalStatus } = core;

  function answerChunk(job: TinyJob, chunk: Chunk): Buffer {
    const rows = tinyRows(chunk);
    const results = Buffer.alloc(rows.length * RESULT_BYTES);
    rows.forEach((row, i) => {
      const result = judge(row, i);
      results.set(encodeResult(result), i * RESULT_BYTES);
      job.totals[result.verdict - 1] = (job.totals[result.verdict - 1] ?? 0) + 1;
    });
    const rowSeed = randomBytes(32);
    const rowRoot = Buffer.from(treeRoot(rowLeaves(rowSeed, chunk.rowRefs, results), NODE_TAGS.row));
    self.faults.results?.(results);
    job.roots.set(chunk.num, rowRoot);
    job.rows.set(chunk.num, rows.length);
    const value = {
      num: chunk.num,
      rows: rows.length,
      results,
      rowSeed,
      rowRoot,
      asOf: AS_OF,
      blind: randomBytes(16),
    };
    return Buffer.from(
      toBinary(ChunkStreamResponseSchema, create(ChunkStreamResponseSchema, { kind: { case: 'answer', value } })),
    );
  }

  return function chunkStream(call: grpc.ServerDuplexStream<Buffer, Buffer>): void {
    const mth = '/lienthong.verification.v1.VerificationService/VerifyChunks';
    let job: TinyJob | undefined;
    const roots: Buffer[] = [];
    let rows = 0;
    let over = false;
    let openedBy = '';
    let keptBack: (() => void) | undefined;
    const fail = (status: object): void => {
      over = true;
      call.emit('error', status);
    };
    const send = (payload: Buffer, jws: string): void => {
      const out = self.faults.answer?.(mth, { message: payload, jws }) ?? { message: payload, jws };
      call.write(
        Buffer.from(
          toBinary(
            VerifyChunksResponseSchema,
            create(VerifyChunksResponseSchema, { payload: out.message, jws: out.jws ?? '' }),
          ),
        ),
      );
    };
    async function take(bytes: Buffer): Promise<void> {
      const { payload, jws } = fromBinary(VerifyChunksRequestSchema, bytes);
      const { kind } = fromBinary(ChunkStreamRequestSchema, payload);
      const rqd = digestOf(payload);
      if (kind.case === 'opening') {
        const found = self.jobs.get(kind.value.jobId);
        verified(jws, payload, 'lt-call+jws', { method: mth, job: kind.value.jobId });
        const req = kind.value.context?.requestId ?? '';
        const refused = self.faults.refuse?.(mth);
        if (refused !== undefined) return fail(refusalStatus(mth, rqd, req, refused));
        if (self.faults.hold === true) return;
        if (found === undefined)
          return fail(refusalStatus(mth, rqd, req, { reason: ErrorReason.JOB_UNKNOWN, signed: true }));
        if (found.state === JobState.DONE) {
          return fail(
            refusalStatus(mth, rqd, req, { reason: ErrorReason.JOB_STATE, signed: true, jobState: found.state }),
          );
        }
        job = found;
        openedBy = req;
        const value = { job: { jobId: found.id, state: found.state }, maxInFlight: 16, blind: randomBytes(16) };
        const answer = Buffer.from(
          toBinary(ChunkStreamResponseSchema, create(ChunkStreamResponseSchema, { kind: { case: 'opened', value } })),
        );
        const claims = { aud: audience, iat: nowSeconds(), dig: digestOf(answer), mth, rqd, req, code: 0 };
        return send(answer, signer().sign('lt-answer+jws', { ...claims, log: 'main', leaf: logEntry() }));
      }
      if (job === undefined) throw new Error('no opening');
      if (kind.case === 'chunk') {
        const { num, ackedThrough } = kind.value;
        verified(jws, payload, 'lt-chunk+jws', { method: mth, job: job.id, num, opening: job.opening });
        self.received.push(num);
        const before = job.digests.get(num);
        if (before !== undefined && before !== rqd) {
          return fail(refusalStatus(mth, rqd, '', { reason: ErrorReason.CONTENT_CHANGED, signed: false }));
        }
        for (const known of job.answers.keys()) if (known < ackedThrough) job.answers.delete(known);
        const fate = (await self.faults.beforeAnswer?.(num)) ?? 'go on';
        if (over) return;
        if (fate === 'break') return fail({ code: 14, details: 'broken', metadata: new grpc.Metadata() });
        if (fate === 'forbidden')
          return fail({ code: 7, details: 'Received HTTP status code 403', metadata: new grpc.Metadata() });
        if (typeof fate === 'object') return fail(refusalStatus(mth, rqd, '', fate));
        if (fate === 'no end') {
          over = true;
          return void call.end();
        }
        if (before !== undefined && !job.answers.has(num)) throw new Error('an acknowledged chunk came again');
        const answer = job.answers.get(num) ?? answerChunk(job, kind.value);
        job.digests.set(num, rqd);
        job.answers.set(num, answer);
        roots.push(job.roots.get(num) as Buffer);
        rows += job.rows.get(num) ?? 0;
        const claims = { aud: audience, iat: nowSeconds(), dig: digestOf(answer), mth, rqd, job: job.id, num, code: 0 };
        const reply = (): void =>
          send(answer, signer().sign('lt-answer+jws', { ...claims, log: 'main', leaf: logEntry() }));
        if (self.faults.late?.(num) === true) {
          keptBack = reply;
          return;
        }
        reply();
        keptBack?.();
        keptBack = undefined;
        const ended = self.faults.afterAnswer?.(num);
        return ended && fail(refusalStatus(mth, rqd, openedBy, ended));
      }
      if (kind.case !== 'end') throw new Error('unknown message');
      verified(jws, payload, 'lt-end+jws', { job: job.id });
      const rootOfRoots = treeRoot(Buffer.concat(roots), NODE_TAGS.row);
      const value = { chunks: roots.length, rows: BigInt(rows), root: rootOfRoots, blind: randomBytes(16) };
      const end = Buffer.from(
        toBinary(ChunkStreamResponseSchema, create(ChunkStreamResponseSchema, { kind: { case: 'end', value } })),
      );
      const claims = { aud: audience, iat: nowSeconds(), dig: digestOf(end), job: job.id, cnt: roots.length, rows };
      send(end, signer().sign('lt-end+jws', { ...claims, root: as16(rootOfRoots) }));
      call.end();
    }
    let turn = Promise.resolve();
    call.on('data', (bytes: Buffer) => {
      turn = turn
        .then(() => (over ? undefined : take(bytes)))
        .catch((error: unknown) => {
          if (!over) fail({ code: 9, details: String(error), metadata: new grpc.Metadata() });
        });
    });
    call.on('cancelled', () => {
      over = true;
    });
  };
}

function tinyRows(chunk: Chunk): TinyRow[] {
  const count = chunk.ids.length + chunk.textRows.length;
  if (chunk.rowRefs.length !== count * 16) throw new Error('row refs');
  const rows: TinyRow[] = [];
  let [slim, text] = [0, 0];
  for (let i = 0; i < count; i++) {
    const row = chunk.textRows[text];
    if (row?.index === i) {
      rows.push({ id: row.idNumber, name: row.fullName, date: row.dateOfBirth });
      text++;
    } else {
      rows.push({ id: String(chunk.ids[slim]), name: chunk.names[slim] ?? '', date: String(chunk.dates[slim]) });
      slim++;
    }
  }
  return rows;
}
