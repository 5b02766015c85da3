import { getEventListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import type grpc from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { RequestContextSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import {
  ChunkStreamRequestSchema,
  VerificationService,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { openChunkStream } from './chunk-stream.ts';
import { createSignedClient, type SignedClient } from './client.ts';
import { failure } from './failure.test-support.ts';
import { loadProfile } from './profile.ts';
import { newRequestId } from './request.ts';
import { createTinyGateway, type TinyGateway } from './tiny-gateway.test-support.ts';

const agrees = { verdict: 1, id: 1, name: 1, birthDate: 1, notices: [], reasons: [], currentId: 0 } as const;

let folder: string;
let gateway: TinyGateway;
let client: SignedClient;
let connection: grpc.Client;
let stop: AbortController;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lt-stream-'));
  gateway = await createTinyGateway(folder, () => ({ ...agrees, nameScore: undefined, score: undefined }));
  await gateway.start();
  client = createSignedClient(await loadProfile(gateway.profileFolder));
  connection = client.connect();
  stop = new AbortController();
});

afterEach(async () => {
  connection.close();
  client.close();
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open() {
  const { message, requestDigest: openingDigest } = await client.unary(VerificationService.method.startJob, {
    chunkRows: 256,
  });
  const context = create(RequestContextSchema, { requestId: newRequestId(), purpose: 'subscriber-verification' });
  const jobId = message.job?.jobId ?? '';
  return openChunkStream({ client, connection, jobId, openingDigest, context, openMs: 10_000, signal: stop.signal });
}

it('a stream whose gateway says nothing more ends when its reader says so', async () => {
  const stream = await open();
  const read = failure(stream.read(async () => undefined));
  stop.abort();
  expect(await read).toMatchObject({ reason: 'INTERRUPTED', exitCode: 130 });
});

it('a stream that is over leaves nothing behind on the signal', async () => {
  for (let n = 0; n < 3; n++) {
    const stream = await open();
    const read = stream.read(async () => undefined);
    await stream.end();
    await read;
  }
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});

it('a stream that does not open, having been told to stop, says that', async () => {
  gateway.faults.hold = true;
  const opening = failure(open());
  setTimeout(() => stop.abort(), 300);
  expect((await opening).reason).toBe('INTERRUPTED');
});

it('a chunk of a number that waits for its answer is not sent, and no fault of the gateway', async () => {
  const stream = await open();
  const chunk = { num: 0, rows: 1, payload: Buffer.from('one') };
  await stream.send(chunk);
  const error = await failure(stream.send({ ...chunk, payload: Buffer.from('other') }));
  expect(error).toMatchObject({ reason: 'CHUNK_IN_FLIGHT', exitCode: 2, facts: { num: 0 } });
  stream.cancel();
});

function chunkOf(num: number) {
  const row = { index: 0, idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
  const value = { num, blind: Buffer.alloc(16, 1), rowRefs: Buffer.alloc(16, num), textRows: [row] };
  const kind = { case: 'chunk', value } as const;
  return { num, rows: 1, payload: toBinary(ChunkStreamRequestSchema, create(ChunkStreamRequestSchema, { kind })) };
}

it('a stream that waits for nothing and is ended, its agency being barred, says so and by whom', async () => {
  gateway.faults.afterAnswer = (num) => (num === 1 ? { reason: ErrorReason.REVOKED, signed: true } : undefined);
  const stream = await open();
  const answered: number[] = [];
  const read = failure(
    stream.read(async ({ answer }) => {
      answered.push(answer.num);
      if (answer.num === 0) await stream.send(chunkOf(1));
    }),
  );
  await stream.send(chunkOf(0));
  expect(await read).toMatchObject({ reason: 'REFUSED_PROFILE', signed: true, exitCode: 3 });
  expect(answered).toEqual([0, 1]);
});

it('a stream that is ended beside answers that came out of order is believed by what was sent last, not by what was answered last', async () => {
  gateway.faults.late = (num) => num === 7;
  gateway.faults.afterAnswer = (num) => (num === 3 ? { reason: ErrorReason.REVOKED, signed: true } : undefined);
  const stream = await open();
  const answered: number[] = [];
  const read = failure(stream.read(async ({ answer }) => void answered.push(answer.num)));
  // Nor by its number: chunks may be sent in any order.
  await stream.send(chunkOf(7));
  await stream.send(chunkOf(3));
  expect(await read).toMatchObject({ reason: 'REFUSED_PROFILE', signed: true, exitCode: 3 });
  expect(answered).toEqual([3, 7]);
});
