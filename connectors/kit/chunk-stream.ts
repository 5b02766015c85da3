import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import grpc from '@grpc/grpc-js';
import { createPackedHashes } from '../../gateway/proof/packed-hashes.ts';
import { NODE_TAGS, treeRoot } from '../../gateway/proof/tree.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import type { ClaimsOf } from '../../gateway/signing/token-types.ts';
import type { RequestContext } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import {
  type ChunkAnswer,
  type ChunkRange,
  type ChunkStreamEnd,
  type ChunkStreamOpened,
  type ChunkStreamRequest,
  ChunkStreamRequestSchema,
  type ChunkStreamResponse,
  ChunkStreamResponseSchema,
  type Job,
  VerificationService,
  VerifyChunksRequestSchema,
  VerifyChunksResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { pathOf, type SignedClient } from './client.ts';
import { KitError } from './kit-error.ts';
import type { RawAnswer } from './raw-call.ts';
import { gatewayError } from './refusal.ts';
import { newBlind } from './request.ts';
import { endWith, statusOf, withinTime } from './stream-wire.ts';

export const CHUNKS_METHOD = pathOf(VerificationService.method.verifyChunks);

/** A chunk as it is sent: the payload is made once and stays the same however often it is sent. */
export type OutgoingChunk = { readonly num: number; readonly rows: number; readonly payload: Uint8Array };

/** An answer whose signature, binding and shape were verified; the row root was not yet recomputed. */
export type IncomingAnswer = {
  readonly answer: ChunkAnswer;
  readonly claims: ClaimsOf<'lt-answer+jws', 'chunk'>;
  readonly jws: string;
};

export type ChunkStream = {
  readonly job: Job;
  /** Chunks that the gateway has answered already, on whichever stream. */
  readonly answered: readonly ChunkRange[];
  readonly maxInFlight: number;
  /**
   * Sends a chunk; resolves when the socket wants more. Throws KitError CHUNK_IN_FLIGHT where one of this number waits for its answer on
   * this stream: which of the two an answer is for nobody could say.
   */
  send(chunk: OutgoingChunk): Promise<void>;
  /** Says that nothing more comes. */
  end(): Promise<void>;
  /**
   * Gives every answer to `onAnswer`, one after the other, until the gateway has ended the stream; call it once.
   * Throws GatewayError, KitError UNTRUSTED_ANSWER, or INCOMPLETE where the stream stops without the gateway's end.
   */
  read(onAnswer: (answer: IncomingAnswer) => Promise<void>): Promise<void>;
  cancel(): void;
};

type Frame = { readonly payload: Uint8Array; readonly jws: string };
type Wire = grpc.ClientDuplexStream<Frame, Frame>;

/**
 * Attaches a stream to a job and verifies that the gateway agreed.
 *
 * @param connection from `client.connect()`; several streams may share it
 * @param openingDigest digest of the StartJob message, base64url
 * @param openMs how long the gateway may take to agree; then UNAVAILABLE (a frozen gateway answers nothing, ever)
 * @param signal ends the stream whenever it says so, `read` with INTERRUPTED: of an open one nothing else is waited for less than for
 *   ever, and how long its gateway may be silent is for whoever reads to say
 */
export async function openChunkStream({
  client,
  connection,
  jobId,
  openingDigest,
  context,
  openMs,
  signal,
}: {
  client: SignedClient;
  connection: grpc.Client;
  jobId: string;
  openingDigest: string;
  context: RequestContext;
  openMs: number;
  signal?: AbortSignal | undefined;
}): Promise<ChunkStream> {
  const { signer, audience, check } = client;
  const wire: Wire = connection.makeBidiStreamRequest(CHUNKS_METHOD, encodeFrame, decodeFrame, new grpc.Metadata());
  const status = statusOf(wire);
  endWith(wire, status, signal);
  const incoming = wire[Symbol.asyncIterator]() as AsyncIterator<Frame>;

  const sent = new Map<number, { readonly digest: string; readonly rows: number; readonly place: number }>();
  /** Of what was answered the last that was sent: what the gateway read last, where it ends a stream that waits for nothing. */
  let latest: { readonly digest: string; readonly place: number } | undefined;
  /** Digest of this side's end, once it was sent. */
  const ends: string[] = [];
  const roots = createPackedHashes();
  const counts = { sent: 0, sentRows: 0, answered: 0, answeredRows: 0 };
  const opening = encode({ case: 'opening', value: openingOf(jobId, context) });
  const openingFacts = { method: CHUNKS_METHOD, requestDigest: digestOf(opening), requestId: context.requestId };

  const signedAt = client.now();

  let over = false;
  void status.then(() => {
    over = true;
  });

  function write(frame: Frame): Promise<void> {
    return new Promise((resolve) => {
      // A broken stream shows in `read`; whoever writes is only let go on.
      if (over || wire.destroyed || wire.write(frame)) return resolve();
      const done = (): void => {
        for (const event of LET_GO) wire.off(event, done);
        resolve();
      };
      for (const event of LET_GO) wire.on(event, done);
    });
  }

  /** The next frame; undefined once the gateway closed the stream in order. Throws what a refusal says. */
  async function next(): Promise<Frame | undefined> {
    const result = await incoming.next().catch((error: unknown) => ({ done: true as const, value: error }));
    if (result.done !== true) return result.value;
    const answer = await status;
    if (answer.code === 0) return undefined;
    if (signal?.aborted === true) throw new KitError('INTERRUPTED');
    const times = { signedAt, heardAt: client.now() };
    const signed = await checkRefusal(answer);
    const { address, certificate } = client.profile;
    throw gatewayError(answer, address, { requestId: context.requestId, signed, certificate, times });
  }

  /**
   * A stream may be refused for its opening, for one of the chunks in flight, or for its end. What was refused before it was
   * read (its sender was barred, its signature does not hold) has no number: then its digest alone binds the refusal. A stream that
   * is ended beside all that came over it (its agency was barred) is refused so for what came last, answered or not. False where
   * it is not signed.
   */
  async function checkRefusal(answer: RawAnswer): Promise<boolean> {
    if (answer.signature === undefined) return false;
    const details = answer.details ?? new Uint8Array();
    const expected = { typ: 'lt-answer+jws', form: 'chunk' } as const;
    for (const [num, { digest }] of sent) {
      const facts = { method: CHUNKS_METHOD, requestDigest: digest, job: jobId, num };
      const claims = await check.token(answer.signature, details, { ...expected, facts }).catch(() => undefined);
      if (claims?.code === answer.code) return true;
    }
    const answered = latest === undefined ? [] : [latest.digest];
    for (const requestDigest of [...Array.from(sent.values(), ({ digest }) => digest), ...ends, ...answered]) {
      const holds = check.refusal(answer, { ...openingFacts, requestDigest }).then(
        () => true,
        () => false,
      );
      if (await holds) return true;
    }
    return check.refusal(answer, openingFacts);
  }

  async function takeOpened(): Promise<ChunkStreamOpened> {
    await write({
      payload: opening,
      jws: signer.sign('lt-call+jws', {
        ...{ aud: audience, iat: signedAt, dig: openingFacts.requestDigest, mth: CHUNKS_METHOD },
        job: jobId,
      }),
    });
    const frame = await next();
    if (frame === undefined) throw new KitError('INCOMPLETE', { problem: 'NOT_OPENED' });
    await check.answer(frame.jws, frame.payload, openingFacts);
    const { kind } = decode(frame.payload);
    if (kind.case !== 'opened' || kind.value.job?.jobId !== jobId) untrusted('NOT_AN_OPENING');
    return kind.value;
  }

  async function takeAnswer(frame: Frame, answer: ChunkAnswer): Promise<IncomingAnswer> {
    const chunk = sent.get(answer.num);
    if (chunk === undefined) untrusted('CHUNK_NOT_ASKED');
    const facts = { method: CHUNKS_METHOD, requestDigest: chunk.digest, job: jobId, num: answer.num };
    const claims = await check.token(frame.jws, frame.payload, { typ: 'lt-answer+jws', form: 'chunk', facts });
    if (claims.code !== 0) untrusted('WRONG_CODE');
    if (answer.rows !== chunk.rows || answer.rowRoot.length !== 32) untrusted('WRONG_ROWS');
    sent.delete(answer.num);
    if (latest === undefined || latest.place < chunk.place) latest = chunk;
    roots.push(answer.rowRoot);
    counts.answered++;
    counts.answeredRows += chunk.rows;
    return { answer, claims, jws: frame.jws };
  }

  async function takeEnd(frame: Frame, end: ChunkStreamEnd): Promise<void> {
    const expected = { typ: 'lt-end+jws', form: 'server', facts: { job: jobId } } as const;
    const claims = await check.token(frame.jws, frame.payload, expected);
    const root = treeRoot(roots.packed(), NODE_TAGS.row);
    const same =
      claims.cnt === counts.answered &&
      claims.rows === counts.answeredRows &&
      claims.root === Buffer.from(root).toString('base64url') &&
      end.chunks === counts.answered &&
      end.rows === BigInt(counts.answeredRows);
    if (!same) untrusted('END_DIFFERS');
  }

  const opened = await withinTime(takeOpened, wire, { openMs, address: client.profile.address });
  return {
    job: opened.job ?? untrusted('NO_JOB'),
    answered: opened.answered,
    maxInFlight: Math.max(1, opened.maxInFlight),
    async send({ num, rows, payload }) {
      if (sent.has(num)) throw new KitError('CHUNK_IN_FLIGHT', { num });
      const dig = digestOf(payload);
      sent.set(num, { digest: dig, rows, place: counts.sent });
      counts.sent++;
      counts.sentRows += rows;
      const claims = { aud: audience, iat: client.now(), dig, mth: CHUNKS_METHOD, job: jobId, num, opn: openingDigest };
      return write({ payload, jws: signer.sign('lt-chunk+jws', claims) });
    },
    async end() {
      const [cnt, rows] = [counts.sent, counts.sentRows];
      const payload = encode({
        case: 'end',
        value: { ...EMPTY_END, chunks: cnt, rows: BigInt(rows), blind: newBlind() },
      });
      const claims = { aud: audience, iat: client.now(), dig: digestOf(payload), job: jobId, cnt, rows };
      ends.push(claims.dig);
      await write({ payload, jws: signer.sign('lt-end+jws', claims) });
      wire.end();
    },
    async read(onAnswer) {
      let ended = false;
      for (let frame = await next(); frame !== undefined; frame = await next()) {
        if (ended) untrusted('AFTER_THE_END');
        const { kind } = decode(frame.payload);
        if (kind.case === 'answer') {
          await onAnswer(await takeAnswer(frame, kind.value));
        } else if (kind.case === 'end') {
          await takeEnd(frame, kind.value);
          ended = true;
        } else untrusted('NOT_AN_ANSWER');
      }
      if (!ended) throw new KitError('INCOMPLETE', { problem: 'NO_END' });
    },
    cancel: () => wire.cancel(),
  };
}

const LET_GO = ['drain', 'close', 'error', 'status'] as const;
const EMPTY_END = { $typeName: 'lienthong.verification.v1.ChunkStreamEnd', root: new Uint8Array() } as const;

function openingOf(jobId: string, context: RequestContext) {
  const blind = newBlind();
  return { $typeName: 'lienthong.verification.v1.ChunkStreamOpening', jobId, context, blind } as const;
}

function encode(kind: ChunkStreamRequest['kind']): Uint8Array {
  return toBinary(ChunkStreamRequestSchema, create(ChunkStreamRequestSchema, { kind }));
}

function decode(payload: Uint8Array): ChunkStreamResponse {
  try {
    return fromBinary(ChunkStreamResponseSchema, payload);
  } catch {
    return untrusted('NOT_DECODABLE');
  }
}

function untrusted(problem: string): never {
  throw new KitError('UNTRUSTED_ANSWER', { problem });
}

function encodeFrame({ payload, jws }: Frame): Buffer {
  const bytes = toBinary(VerifyChunksRequestSchema, create(VerifyChunksRequestSchema, { payload, jws }));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function decodeFrame(bytes: Buffer): Frame {
  const { payload, jws } = fromBinary(VerifyChunksResponseSchema, bytes);
  return { payload, jws };
}
