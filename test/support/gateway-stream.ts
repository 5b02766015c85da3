/** A job's stream made by hand: frames of any bytes with any token, in any order, and what comes back. */
import { randomBytes } from 'node:crypto';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import type { ClientDuplexStream, StatusObject } from '@grpc/grpc-js';
import { type ReadRefusal, readRefusal } from '../../gateway/errors/read.ts';
import { decodeResult, RESULT_BYTES, type RowResult } from '../../gateway/proof/result-bytes.ts';
import { NODE_TAGS, treeRoot } from '../../gateway/proof/tree.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import {
  type ChunkAnswer,
  ChunkSchema,
  type ChunkStreamRequest,
  ChunkStreamRequestSchema,
  type ChunkStreamResponse,
  ChunkStreamResponseSchema,
  VerificationService,
  VerifyChunksRequestSchema,
  VerifyChunksResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import {
  type Claims,
  callClaims,
  callToken,
  contextOf,
  type Identity,
  pathOf,
  type RawCaller,
  token,
} from './gateway-calls.ts';
import { printDate, type TestPerson } from './gateway-people.ts';
import { framed } from './raw-http2.ts';
import { openStream } from './rpc-harness.ts';

export const VERIFY_CHUNKS = pathOf(VerificationService.method.verifyChunks);

export interface OpenedJob {
  readonly jobId: string;
  /** Digest of StartJob's bytes, base64url. */
  readonly opening: string;
  readonly chunkRows: number;
}

export async function startJob(caller: RawCaller, chunkRows = 256): Promise<OpenedJob> {
  const { message, bytes } = await caller.call(VerificationService.method.startJob, {
    chunkRows,
    columns: ['id_number', 'full_name', 'date_of_birth'],
    fileDigest: randomBytes(32),
  });
  return { jobId: message.job?.jobId ?? '', opening: digestOf(bytes), chunkRows };
}

/** A row as text: what a file says. */
export interface TextRow {
  readonly id: string;
  readonly name: string;
  readonly born: string;
}

export function rowOf({ id, name, born }: TestPerson): TextRow {
  return { id: String(id), name, born: printDate(born) };
}

type ChunkInit = MessageInitShape<typeof ChunkSchema>;

/** A chunk of text rows; `changes` replaces parts of the message. */
export function chunkPayload(num: number, rows: readonly TextRow[], changes: ChunkInit = {}): Uint8Array {
  const chunk = create(ChunkSchema, {
    num,
    rowRefs: randomBytes(16 * rows.length),
    textRows: rows.map(({ id, name, born }, index) => ({ index, idNumber: id, fullName: name, dateOfBirth: born })),
    blind: randomBytes(16),
    ...changes,
  } as ChunkInit);
  return streamPayload({ case: 'chunk', value: chunk });
}

export function streamPayload(kind: ChunkStreamRequest['kind']): Uint8Array {
  return toBinary(ChunkStreamRequestSchema, create(ChunkStreamRequestSchema, { kind }));
}

export interface StreamEnd {
  readonly code: number;
  readonly refusal: ReadRefusal | undefined;
  readonly reason: string | undefined;
  readonly details: Buffer | undefined;
  readonly signature: string | undefined;
}

export interface TestStream {
  /** Any frame. */
  frame(payload: Uint8Array, jws: string): void;
  /** A good opening of the job, with parts changed. */
  open(changes?: {
    readonly claims?: Claims;
    readonly jobId?: string;
    readonly jws?: string;
  }): Promise<ChunkStreamResponse>;
  /** A chunk, well signed but for what is changed. */
  chunk(num: number, payload: Uint8Array, claims?: Claims): void;
  /** The answer to come next, decoded; throws where the stream ends instead. */
  answer(): Promise<ChunkAnswer>;
  /** The next message whatever it is; undefined at the end. */
  next(): Promise<ChunkStreamResponse | undefined>;
  /** A signed end over these counts. */
  end(chunks: number, rows: number, claims?: Claims): void;
  /** Half-closes without an end. */
  close(): void;
  cancel(): void;
  /** How the stream ended. */
  readonly ended: Promise<StreamEnd>;
  /** Tokens of the frames that came, in order. */
  readonly tokens: readonly string[];
}

function signedOpening(identity: Identity, jobId: string, claims: Claims = {}) {
  const value = { jobId, context: contextOf(identity), blind: randomBytes(16) };
  const payload = streamPayload({ case: 'opening', value: value as never });
  return { payload, jws: callToken(identity, VERIFY_CHUNKS, payload, { claims: { job: jobId, ...claims } }) };
}

/** A good opening as it stands on the wire. */
export function openingFrame(identity: Identity, job: OpenedJob): Buffer {
  const frame = create(VerifyChunksRequestSchema, signedOpening(identity, job.jobId));
  return framed(toBinary(VerifyChunksRequestSchema, frame));
}

export function openTestStream(caller: RawCaller, job: OpenedJob): TestStream {
  const { identity } = caller;
  const wire: ClientDuplexStream<Buffer, Buffer> = openStream(caller.client, VERIFY_CHUNKS, 60_000);
  const arrived: ChunkStreamResponse[] = [];
  const tokens: string[] = [];
  let wake = (): void => {};
  let status: StatusObject | undefined;
  wire.on('data', (bytes: Buffer) => {
    const { payload, jws } = fromBinary(VerifyChunksResponseSchema, bytes);
    arrived.push(fromBinary(ChunkStreamResponseSchema, payload));
    tokens.push(jws);
    wake();
  });
  const ended = new Promise<StreamEnd>((resolve) => {
    wire.once('status', (given: StatusObject) => {
      status = given;
      const [details] = given.metadata.get('grpc-status-details-bin');
      const [signature] = given.metadata.get('lt-signature');
      const bytes = Buffer.isBuffer(details) ? details : undefined;
      const refusal = given.code === 0 ? undefined : readRefusal(given.code, bytes);
      resolve({
        code: given.code,
        refusal,
        reason: refusal?.reasonName,
        details: bytes,
        signature: typeof signature === 'string' ? signature : undefined,
      });
      wake();
    });
  });

  async function next(): Promise<ChunkStreamResponse | undefined> {
    for (;;) {
      const message = arrived.shift();
      if (message !== undefined) return message;
      if (status !== undefined) return undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  function frame(payload: Uint8Array, jws: string): void {
    wire.write(Buffer.from(toBinary(VerifyChunksRequestSchema, create(VerifyChunksRequestSchema, { payload, jws }))));
  }

  return {
    frame,
    async open(changes = {}) {
      const { payload, jws } = signedOpening(identity, changes.jobId ?? job.jobId, changes.claims);
      frame(payload, changes.jws ?? jws);
      const message = await next();
      if (message !== undefined) return message;
      throw new Error(`the opening was refused: ${(await ended).reason}`);
    },
    chunk(num, payload, claims = {}) {
      frame(payload, chunkToken(caller, job, num, payload, claims));
    },
    async answer() {
      const message = await next();
      if (message?.kind.case === 'answer') return message.kind.value;
      throw new Error(`no answer: ${message?.kind.case ?? (await ended).reason}`);
    },
    next,
    end(chunks, rows, claims = {}) {
      const value = { chunks, rows: BigInt(rows), root: new Uint8Array(0), blind: randomBytes(16) };
      const payload = streamPayload({ case: 'end', value: value as never });
      const { mth: _method, ...base } = callClaims(identity, VERIFY_CHUNKS, payload);
      const { signingKey } = identity;
      const header = { alg: 'ES256', kid: signingKey.kid, typ: 'lt-end+jws' };
      frame(payload, token(signingKey, header, { ...base, job: job.jobId, cnt: chunks, rows, ...claims }));
      wire.end();
    },
    close: () => wire.end(),
    cancel: () => wire.cancel(),
    ended,
    tokens,
  };
}

/** The token of a chunk, with claims replaced. */
export function chunkToken(caller: RawCaller, job: OpenedJob, num: number, payload: Uint8Array, claims: Claims = {}) {
  return callToken(caller.identity, VERIFY_CHUNKS, payload, {
    typ: 'lt-chunk+jws',
    claims: { job: job.jobId, num, opn: job.opening, ...claims },
  });
}

/** The results of an answer, row by row. */
export function resultsOf({ results, rows }: ChunkAnswer): RowResult[] {
  return Array.from({ length: rows }, (_, i) =>
    decodeResult(results.subarray(i * RESULT_BYTES, (i + 1) * RESULT_BYTES)),
  );
}

/** The root that a stream's end states over the answers it gave. */
export function endRoot(answers: readonly ChunkAnswer[]): string {
  return Buffer.from(treeRoot(Buffer.concat(answers.map(({ rowRoot }) => rowRoot)), NODE_TAGS.row)).toString(
    'base64url',
  );
}
