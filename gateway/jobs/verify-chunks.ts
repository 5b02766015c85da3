/** The stream of a job: an opening, chunks in any order with several in flight, an end. */
import { ChunkStreamRequestSchema } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { traceableRequestId } from '../errors/request-id.ts';
import type { CallTurns } from '../exchange/call-turns.ts';
import type { Decided } from '../exchange/decide.ts';
import { decidedOf } from '../exchange/grounds.ts';
import {
  conclude,
  prepare,
  preparing,
  recordAnew,
  recordIfOvertaken,
  type Stages,
  seal,
} from '../exchange/pipeline.ts';
import type { ChunkStream, ChunkStreamPort, Frame, QuotaLeft, ReceivedFrame } from '../exchange/ports.ts';
import type { Anew } from '../exchange/record.ts';
import type { Reached, RefuseCall } from '../exchange/refuse-call.ts';
import { decodeRequest } from '../exchange/request.ts';
import { mustStillBeGranted } from '../exchange/still-granted.ts';
import { verifyMessage } from '../exchange/verify-call.ts';
import type { createVerifyChunk } from '../exchange/verify-chunk.ts';
import { treeRoot } from '../proof/batch.ts';
import { createPackedHashes } from '../proof/packed-hashes.ts';
import { NODE_TAGS } from '../proof/tree.ts';
import type { Signer } from '../signing/sign.ts';
import { type AttachedJob, attachJob } from './attached-job.ts';
import { chunkWork, rowRootOf } from './chunk-work.ts';
import { createDecisionInForce, type DecisionDeps } from './decision-in-force.ts';
import { EdgeFault, failIfBroken, nextFrame, writeFrame } from './edge-fault.ts';
import type { JobDeps } from './job-methods.ts';
import { streamEnd } from './stream-end.ts';
import { SMALL_MESSAGE_BYTES, splitMessage } from './stream-message.ts';
import { misplaced, mustCount, outOfOrder } from './stream-order.ts';
import type { ChunkThreads, OpenedChunk } from './threads/chunk-threads.ts';
import type { Turns } from './turns.ts';

export const VERIFY_CHUNKS = '/lienthong.verification.v1.VerificationService/VerifyChunks';

export interface VerifyChunksDeps extends JobDeps, DecisionDeps {
  readonly stages: Stages;
  readonly verifyChunk: ReturnType<typeof createVerifyChunk>;
  /** Where chunks are decoded, looked up and judged. */
  readonly threads: ChunkThreads;
  /** Chunks of all streams are begun in turns by legal entity. */
  readonly turns: Turns;
  /** Openings wait for their turn among the calls of their legal entity: they cost as much. */
  readonly callTurns: CallTurns;
  readonly refuseCall: RefuseCall;
  readonly signer: Signer;
  readonly deployment: string;
  /** `gateway@<deployment>`. */
  readonly audience: string;
  /** Chunks that a stream may have unanswered: with the size of a chunk, what a stream may cost in memory. */
  readonly maxInFlight: number;
  /** Runs a chunk, and looks on. */
  readonly aroundChunk: <T>(work: () => Promise<T>) => Promise<T>;
}

export function createVerifyChunks(deps: VerifyChunksDeps): ChunkStreamPort {
  return async (stream) => {
    const reached: Reached = { method: VERIFY_CHUNKS, message: new Uint8Array(0) };
    try {
      const quotas = await serve(deps, stream, reached);
      return { traceableId: traceableRequestId(reached.context?.requestId), quotas };
    } catch (error) {
      // The edge's own: a frame that is none, a client that has gone. It knows what to say, or that nobody listens.
      if (error instanceof EdgeFault) throw error.cause;
      return deps.refuseCall(error, reached);
    }
  };
}

async function serve(deps: VerifyChunksDeps, stream: ChunkStream, reached: Reached): Promise<readonly QuotaLeft[]> {
  const frames = stream.frames[Symbol.asyncIterator]();
  const first = await nextFrame(frames);
  if (first === undefined) throw outOfOrder('opening', 'REQUIRED');
  const { legalEntity } = deps.stages.authenticate(stream.peer).caller;
  const { decided, job, answer } = await deps.callTurns.run(legalEntity, () => open(deps, stream, first, reached));
  await writeFrame(stream, answer);
  first.done?.();
  const session = createSession(deps, stream, job, decided, reached);
  try {
    for (let frame = await session.next(frames); frame !== undefined; frame = await session.next(frames)) {
      reached.message = frame.payload;
      delete reached.chunk;
      const kind = splitMessage(frame.payload)?.kind;
      if (kind === 'chunk') await session.take(frame);
      else if (kind === 'end' && frame.payload.length <= SMALL_MESSAGE_BYTES) {
        await session.end(frame);
        return session.quotas();
      } else throw misplaced(kind);
    }
    // No end: the stream is detached, the job goes on. What was taken is still answered into the log.
    await session.settle();
    return session.quotas();
  } catch (error) {
    await session.abandon(error);
    throw error;
  }
}

async function open(deps: VerifyChunksDeps, stream: ChunkStream, frame: Frame, reached: Reached) {
  const { stages } = deps;
  failIfBroken(stream);
  reached.message = frame.payload;
  // Once more: whoever was barred while it waited is let in no more.
  const authenticated = stages.authenticate(stream.peer);
  reached.authenticated = authenticated;
  const small = frame.payload.length <= SMALL_MESSAGE_BYTES && splitMessage(frame.payload)?.kind === 'opening';
  if (!small) throw outOfOrder('opening', 'REQUIRED');
  const { kind } = decodeRequest(ChunkStreamRequestSchema, frame.payload);
  if (kind.case !== 'opening') throw outOfOrder('opening', 'REQUIRED');
  const verified = stages.verify(authenticated, {
    method: VERIFY_CHUNKS,
    message: frame.payload,
    signature: frame.jws,
    job: kind.value.jobId,
  });
  reached.token = verified.token;
  reached.kid = verified.kid;
  const job = await attachJob(deps, authenticated.caller.agency, kind.value, deps.maxInFlight);
  reached.context = job.asked.context;
  const decided = stages.decide(verified, job.work);
  const signed = await conclude(stages, preparing(stages, decided, stream.peer), stream);
  return { decided: decidedOf(signed.recorded.grounds), job, answer: signed.toFrame() };
}

/** One attached stream: what is in flight, what was answered, and the decision that is in force. */
function createSession(
  deps: VerifyChunksDeps,
  stream: ChunkStream,
  job: AttachedJob,
  opened: Decided,
  reached: Reached,
) {
  const { agency, legalEntity } = opened.verified.authenticated.caller;
  const decisionInForce = createDecisionInForce(deps, stream, opened);
  const inFlight = new Set<Promise<void>>();
  const roots = createPackedHashes();
  let received = 0;
  let receivedRows = 0;
  let answeredRows = 0;
  let quotas: readonly QuotaLeft[] = [];
  let failure: { readonly error: unknown; readonly message: Uint8Array; readonly num: number | undefined } | undefined;
  let onFailure: ((error: unknown) => void) | undefined;
  let writing: Promise<void> = Promise.resolve();

  function failIfFailed(): void {
    if (failure !== undefined) throw failure.error;
  }

  /** Once more where the answer was overtaken: what the chunk was judged by is not kept. */
  async function prepareChunk(frame: Frame, taken: { num?: number }, anew: Anew | undefined) {
    const { asked, facts, habits } = job;
    let opened: OpenedChunk | undefined;
    try {
      const verified = await deps.verifyChunk(decisionInForce(anew), facts, {
        ...frame,
        read: async (payload) => {
          opened = await deps.threads.open(payload, facts.chunkRows, habits);
          const { num, ackedThrough, desk } = opened;
          if (taken.num === undefined) receivedRows += desk.count;
          taken.num = num;
          return {
            num,
            ackedThrough,
            work: chunkWork({ num, payload, jobId: facts.jobId, maxRows: facts.chunkRows }, desk, asked),
          };
        },
      });
      return await prepare(deps.stages, verified);
    } finally {
      opened?.close();
    }
  }

  async function inTurn<T>(frame: Frame, work: () => Promise<T>): Promise<T> {
    const leave = await deps.turns.enter(legalEntity, frame.payload.length);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  async function answer(frame: Frame, taken: { num?: number }): Promise<void> {
    const prepareOnce = (anew?: Anew) => prepareChunk(frame, taken, anew);
    let work = await inTurn(frame, () => recordAnew(deps.stages, prepareOnce));
    // Answers leave one after the other, each when the socket wants it and signed only then: a slow reader stops the reading,
    // not the memory, and who was barred or agrees no more while an answer waited does not get it, nor anybody what was taken back
    // or has ended meanwhile.
    writing = writing.then(async () => {
      if (work.recorded.overtakenAt(deps.nowSeconds())) {
        work = await inTurn(frame, () => recordIfOvertaken(deps.stages, prepareOnce, work, deps.nowSeconds()));
      }
      const { caller } = deps.stages.authenticate(stream.peer);
      mustStillBeGranted(work.recorded, { decision: decisionInForce().decision, caller });
      await writeFrame(stream, seal(deps.stages, work.recorded, stream).toFrame());
    });
    await writing.finally(() => work.recorded.flight?.end());
    const { filtered, recorded } = work;
    if (recorded.quotas.length > 0) quotas = recorded.quotas;
    if (filtered.view.kind === 'rows' && filtered.view.rows.proof !== undefined) {
      // An answer given again has the rows' salts, and so the root, of the first time.
      roots.push(recorded.redelivery ? rowRootOf(recorded.payload) : filtered.view.rows.proof.root);
      answeredRows += filtered.view.rows.count;
    }
  }

  return {
    /**
     * The next frame, or what the first failed chunk failed of: a client that has sent what it may waits for answers, and a chunk
     * that fails must not wait for the next frame. One waiter at a time: a promise kept for the stream's life would keep every
     * frame that was ever raced with it.
     */
    next(frames: AsyncIterator<ReceivedFrame>): Promise<ReceivedFrame | undefined> {
      return new Promise<ReceivedFrame | undefined>((resolve, reject) => {
        if (failure !== undefined) return reject(failure.error);
        onFailure = reject;
        nextFrame(frames).then(resolve, reject);
      }).finally(() => {
        onFailure = undefined;
      });
    },

    async take(frame: ReceivedFrame): Promise<void> {
      received += 1;
      const taken: { num?: number } = {};
      const task = deps
        .aroundChunk(() => answer(frame, taken))
        .catch((error) => {
          if (failure !== undefined) return;
          failure = { error, message: frame.payload, num: taken.num };
          onFailure?.(error);
        })
        .finally(() => {
          inFlight.delete(task);
          frame.done?.();
        });
      inFlight.add(task);
      while (inFlight.size >= deps.maxInFlight) await Promise.race(inFlight);
      failIfFailed();
      failIfBroken(stream);
    },

    quotas: () => quotas,

    async settle(): Promise<void> {
      await Promise.all(inFlight);
      failIfFailed();
    },

    /** Waits for what is in flight: its connection to the database must not outlive the stream unseen. */
    async abandon(error: unknown): Promise<void> {
      if (failure !== undefined && failure.error === error) {
        reached.message = failure.message;
        if (failure.num !== undefined) reached.chunk = { jobId: job.facts.jobId, num: failure.num };
      }
      await Promise.all(inFlight);
    },

    async end(frame: Frame): Promise<void> {
      const { jobId } = job.facts;
      const { claims } = verifyMessage(
        decisionInForce().verified.authenticated,
        frame.jws,
        frame.payload,
        { typ: 'lt-end+jws', form: 'client', binding: () => ({ audience: deps.audience, job: jobId }) },
        deps.nowSeconds,
      );
      const { kind } = decodeRequest(ChunkStreamRequestSchema, frame.payload);
      if (kind.case !== 'end') throw outOfOrder('end', 'REQUIRED');
      // Rows are counted as chunks are read, which is when the last of them has been answered.
      await this.settle();
      const end = kind.value;
      mustCount({ message: end, claims }, { chunks: received, rows: receivedRows });
      const frameOfEnd = streamEnd(deps, {
        agency,
        jobId,
        chunks: roots.count,
        rows: answeredRows,
        root: treeRoot(roots.packed(), NODE_TAGS.row),
      });
      await writeFrame(stream, frameOfEnd);
    },
  };
}
