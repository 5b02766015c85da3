import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import {
  callUnary,
  GET_INFO,
  GET_PERSON,
  openStream,
  type RpcHarness,
  startRpc,
  statusOf,
  VERIFY_CHUNKS,
} from '../../test/support/rpc-harness.ts';
import { readRefusal } from '../errors/read.ts';

let rpc: RpcHarness;
afterEach(() => rpc.stop());

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function timed(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}

function portIsClosed(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, 'localhost');
    socket.on('error', () => resolve(true));
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });
}

describe('a drain', () => {
  it('of an idle server with open connections ends at once', async () => {
    rpc = await startRpc();
    await Promise.all([
      callUnary(rpc.connect(), GET_INFO, Buffer.alloc(0)),
      callUnary(rpc.connect(), GET_INFO, Buffer.alloc(0)),
    ]);
    expect(await timed(rpc.server.drain(10_000))).toBeLessThan(1500);
    expect(await portIsClosed(rpc.port)).toBe(true);
  });

  it('lets running calls finish, and takes no new ones', async () => {
    let finish: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    rpc = await startRpc({
      async unary({ message }) {
        await gate;
        return { message, signature: 's' };
      },
      async chunks({ frames, write }) {
        await gate;
        for await (const frame of frames) await write(frame);
        return {};
      },
    });
    const client = rpc.connect();
    const unary = callUnary(client, GET_PERSON, Buffer.from('patient'));
    const stream = openStream(client, VERIFY_CHUNKS);
    stream.resume();
    stream.end();
    const status = statusOf(stream);
    await expect.poll(() => rpc.server.running).toBe(2);
    let drained = false;
    const drain = rpc.server.drain(10_000).then(() => {
      drained = true;
    });
    await wait(100);
    expect(drained).toBe(false);
    expect(await portIsClosed(rpc.port)).toBe(true);
    expect((await callUnary(client, GET_INFO, Buffer.alloc(0), { deadline: 500 })).error).toBeDefined();
    finish?.();
    expect((await unary).message?.toString()).toBe('patient');
    expect((await status).code).toBe(0);
    await drain;
  });

  it('ends calls that do not finish with DRAINING, and tells their ports', async () => {
    const reasons: unknown[] = [];
    const hang = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => reasons.push(signal.reason));
      return new Promise<never>(() => {});
    };
    rpc = await startRpc({ unary: ({ signal }) => hang(signal), chunks: ({ signal }) => hang(signal) });
    const client = rpc.connect();
    const unary = callUnary(client, GET_PERSON, Buffer.alloc(0));
    const stream = openStream(client, VERIFY_CHUNKS);
    stream.resume();
    const status = statusOf(stream);
    await expect.poll(() => rpc.server.running).toBe(2);
    const took = await timed(rpc.server.drain(300));
    expect(took).toBeGreaterThan(290);
    expect(took).toBeLessThan(2000);
    const { error, trailers } = await unary;
    expect(error?.code).toBe(14);
    expect(readRefusal(14, trailers.get('grpc-status-details-bin')[0] as Buffer)?.reason).toBe(ErrorReason.DRAINING);
    // The page of errors says so: the edge has no key.
    expect(trailers.get('lt-signature')).toEqual([]);
    expect((await status).code).toBe(14);
    expect(reasons).toMatchObject([{ ending: 'DRAINING' }, { ending: 'DRAINING' }]);
  });

  it('closes connections whose handshake is under way', async () => {
    rpc = await startRpc({ limits: { handshakeMs: 600_000 } });
    const socket = connect(rpc.port, 'localhost');
    const closed = new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
    await new Promise((resolve) => socket.once('connect', resolve));
    // The server has it once it has answered one that came later.
    await callUnary(rpc.connect(), GET_INFO, Buffer.alloc(0));
    await rpc.server.drain(0);
    await closed;
    expect(rpc.server.edge().connections).toBe(0);
  });

  it('is not held up by a client that reads nothing', async () => {
    rpc = await startRpc({
      async chunks({ write }) {
        for (;;) await write({ payload: Buffer.alloc(1_000_000), jws: '' });
      },
    });
    const client = rpc.connect();
    const stream = openStream(client, VERIFY_CHUNKS);
    await expect.poll(() => rpc.server.running).toBe(1);
    stream.pause();
    expect(await timed(rpc.server.drain(100))).toBeLessThan(2000);
    await expect.poll(() => rpc.server.running).toBe(0);
  });
});
