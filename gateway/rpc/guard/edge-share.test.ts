import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { framed, type RawStream, rawCall, rawConnect } from '../../../test/support/raw-http2.ts';
import {
  callUnary,
  GET_INFO,
  GET_PERSON,
  type RpcHarness,
  startRpc,
  VERIFY_CHUNKS,
} from '../../../test/support/rpc-harness.ts';
import { encodeFrame } from '../frames.ts';

let rpc: RpcHarness;
let now: number;
let taken: number;
let other: Client;
const FRAME = framed(encodeFrame({ payload: Buffer.alloc(500_000, 1), jws: 't' }));

/** From now on time stands still, so that nothing that is owed is earned before a test lets it pass; nobody is here any more. */
function freeze(): void {
  now = performance.now() + 3_000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
}

beforeEach(async () => {
  taken = 0;
  rpc = await startRpc({
    async chunks(stream) {
      for await (const frame of stream.frames) {
        taken += 1;
        frame.done?.();
      }
      return {};
    },
  });
  other = rpc.connect({ certificate: await rpc.authority.issue('mobifone') });
  await asks();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rpc.stop();
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds() && tries < 1000; tries++) await sleep(5);
  expect(holds()).toBe(true);
}

const connection = () => rawConnect(rpc.port, { ca: rpc.authority.ca, ...rpc.agency }).session;
const asks = async () => expect((await callUnary(other, GET_INFO, Buffer.from('x'))).error).toBeUndefined();
const openStream = () => {
  const stream = rawCall(connection(), VERIFY_CHUNKS);
  stream.http2.write(framed(encodeFrame({ payload: Buffer.alloc(1), jws: 't' })));
  return stream;
};
/** Forty frames cost 80 ms of the thread, and ten may be owed. */
const send = ({ http2 }: RawStream, count = 40) => {
  for (let i = 0; i < count; i++) http2.write(FRAME);
};
const staysUnread = async () => {
  await sleep(300);
  expect(taken).toBeLessThan(30);
};

describe('bytes of a party', () => {
  it('are read as they come while it is alone, and beside others as far as its share goes', async () => {
    const stream = openStream();
    await until(() => taken === 1);
    freeze();
    send(stream);
    await until(() => taken === 41);
    await asks();
    taken = 0;
    send(stream);
    await staysUnread();
    now += 10_000;
    await until(() => taken === 40);
  });

  it('wait for whoever only sends chunks, and opened his stream long ago', async () => {
    const chunks = other.makeBidiStreamRequest(
      VERIFY_CHUNKS,
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
    );
    chunks.on('error', () => undefined);
    const one = encodeFrame({ payload: Buffer.alloc(10), jws: 't' });
    chunks.write(Buffer.from(one));
    await until(() => taken === 1);
    const stream = openStream();
    await until(() => taken === 2);
    freeze();
    chunks.write(Buffer.from(one));
    await until(() => taken === 3);
    taken = 0;
    send(stream);
    await staysUnread();
    now += 10_000;
    await until(() => taken === 40);
    chunks.cancel();
  });
});

it('streams of a party are opened beside others as far as its share goes, over whichever connection', async () => {
  const [one, second] = [connection(), connection()];
  const ask = (session: typeof one) => {
    const call = rawCall(session, GET_PERSON);
    call.http2.end(framed(Buffer.from('x')));
    return call.ended;
  };
  await Promise.all([ask(one), ask(second)]);
  freeze();
  await asks();
  // Each costs 150 µs: with the 67th more is owed than may be.
  await Promise.all(Array.from({ length: 80 }, () => ask(one)));
  let answered = false;
  const late = ask(second).then(() => {
    answered = true;
  });
  await sleep(200);
  expect(answered).toBe(false);
  await asks();
  now += 10_000;
  await late;
});
