import { setTimeout as sleep } from 'node:timers/promises';
import { create, toBinary } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { ChunkStreamRequestSchema } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createCallTurns } from '../exchange/call-turns.ts';
import type { ChunkStream, ReceivedFrame } from '../exchange/ports.ts';
import { CallRefused } from '../exchange/refused.ts';
import { createVerifyChunks, type VerifyChunksDeps } from './verify-chunks.ts';

/** Streams of entity a, whose openings are looked at and then refused; turns are taken beside entity b, which has asked. */
function setUp() {
  const callTurns = createCallTurns({ besideOthers: 1, strangers: '', nowMs: () => 0 });
  let looked = 0;
  let refused = 0;
  const serve = createVerifyChunks({
    callTurns,
    stages: {
      authenticate: () => ({ caller: { legalEntity: 'a' } }),
      verify() {
        looked += 1;
        throw new CallRefused(ErrorReason.SIGNATURE_INVALID);
      },
    },
    async refuseCall() {
      refused += 1;
      return {};
    },
  } as unknown as VerifyChunksDeps);
  const kind = { case: 'opening', value: { jobId: '00' } } as const;
  const payload = toBinary(ChunkStreamRequestSchema, create(ChunkStreamRequestSchema, { kind }));
  async function* frames(): AsyncGenerator<ReceivedFrame, void, undefined> {
    yield { payload, jws: '' };
  }
  return {
    callTurns,
    open: (signal = new AbortController().signal) => serve({ frames: frames(), signal } as unknown as ChunkStream),
    counts: () => [looked, refused],
  };
}

it('an opening waits for its turn among the calls of its legal entity', async () => {
  const { callTurns, open, counts } = setUp();
  await callTurns.run('b', async () => undefined);
  let answer = (): void => {};
  const call = callTurns.run('a', () => new Promise<void>((resolve) => (answer = resolve)));
  const opened = open();
  await sleep(5);
  expect(counts()).toEqual([0, 0]);
  answer();
  await Promise.all([call, opened]);
  expect(counts()).toEqual([1, 1]);
});

it('an opening whose stream broke while it waited is not looked at, and nobody is refused', async () => {
  const { callTurns, open, counts } = setUp();
  await callTurns.run('b', async () => undefined);
  let answer = (): void => {};
  const call = callTurns.run('a', () => new Promise<void>((resolve) => (answer = resolve)));
  const controller = new AbortController();
  const opened = open(controller.signal).catch((error: unknown) => error);
  await sleep(5);
  const gone = new Error('gone');
  controller.abort(gone);
  answer();
  await call;
  expect([await opened, counts()]).toEqual([gone, [0, 0]]);
});
