import { setTimeout as sleep } from 'node:timers/promises';
import zlib, { deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { framed, rawCall, rawConnect } from '../../../test/support/raw-http2.ts';
import {
  callUnary,
  GET_INFO,
  GET_PERSON,
  type RpcHarness,
  startRpc,
  VERIFY_CHUNKS,
} from '../../../test/support/rpc-harness.ts';
import type { ChunkStreamPort, ReceivedFrame } from '../../exchange/ports.ts';
import { encodeFrame } from '../frames.ts';
import type { RpcLimits } from '../limits.ts';

let rpc: RpcHarness;
afterEach(() => rpc?.stop());

const frame = (bytes: number) => encodeFrame({ payload: Buffer.alloc(bytes, 1), jws: 't' });
const raw = () => rawConnect(rpc.port, { ca: rpc.authority.ca, ...rpc.agency });
const serves = async () =>
  expect((await callUnary(rpc.connect(), GET_INFO, Buffer.from('x'))).message?.toString()).toBe('x');
const start = async (limits: Partial<RpcLimits>, chunks?: ChunkStreamPort) => {
  rpc = await startRpc({ limits: { lookMs: 50, ...limits }, ...(chunks && { chunks }) });
};

/** Takes every frame and answers none until told. */
function hoarder() {
  const frames: ReceivedFrame[] = [];
  const port: ChunkStreamPort = async (stream) => {
    for await (const one of stream.frames) frames.push(one);
    return {};
  };
  return { frames, port };
}

describe('bytes that are held', () => {
  it('stop a stream from being read, wherever its party has them, and let it go on when they are answered', async () => {
    const { frames, port } = hoarder();
    await start({ heldBytesPerEntity: 300_000 }, port);
    const streams = [raw(), raw()].map(({ session }) => rawCall(session, VERIFY_CHUNKS));
    for (const { http2 } of streams) {
      http2.write(framed(frame(100)));
      for (let i = 0; i < 5; i++) http2.write(framed(frame(100_000)));
      http2.end();
    }
    await expect.poll(() => rpc.server.edge().waiting).toBe(2);
    expect(rpc.server.edge().heldBytes).toBeLessThanOrEqual(300_000);
    expect(frames.length).toBe(4);
    for (let done = 0; done < 12; done++) {
      await expect.poll(() => frames.length).toBeGreaterThan(done);
      frames[done]?.done?.();
    }
    for (const { ended } of streams) expect((await ended).code).toBe(0);
    expect(rpc.server.edge()).toMatchObject({ heldBytes: 0, waiting: 0, requests: 0 });
    expect(rpc.server.edge().peakHeldBytes).toBeLessThanOrEqual(300_000);
  });

  it('refuse a stream that has waited too long, with the time to wait, and are given back', async () => {
    const { port } = hoarder();
    await start({ heldBytesPerEntity: 150_000, heldWaitMs: 1 }, port);
    const { session } = raw();
    const { http2, ended } = rawCall(session, VERIFY_CHUNKS);
    http2.write(framed(frame(100)));
    for (let i = 0; i < 3; i++) http2.write(framed(frame(100_000)));
    const { code, refusal } = await ended;
    expect([code, refusal?.limits, refusal?.retryAfterMs]).toEqual([8, ['BYTES'], 5000]);
    await expect.poll(() => rpc.server.edge().heldBytes).toBe(0);
    expect(rpc.server.edge().turnedAway.BYTES).toBe(1);
    await serves();
  });

  it('that lie unread in a stream which waits are no noise', async () => {
    const { frames, port } = hoarder();
    // Room for one frame of which a part has come: it is nobody's until the rest has, and a look may fall in between.
    await start({ heldBytesPerEntity: 150_000, noiseBytes: 20_000, lookMs: 20 }, port);
    const { session } = raw();
    const { http2 } = rawCall(session, VERIFY_CHUNKS);
    http2.write(framed(frame(100)));
    for (let i = 0; i < 30; i++) http2.write(framed(frame(100_000)));
    await expect.poll(() => rpc.server.edge().waiting).toBe(1);
    await sleep(200);
    expect([session.closed, rpc.server.edge().turnedAway.NOISE]).toEqual([false, 0]);
    for (let done = 0; done < 31; done++) {
      await expect.poll(() => frames.length).toBeGreaterThan(done);
      frames[done]?.done?.();
    }
    expect(rpc.server.edge().turnedAway.NOISE).toBe(0);
  });

  it('are given back where a client lets its answers lie', async () => {
    await start({ messageMs: 100 });
    const { session } = raw();
    session.settings({ initialWindowSize: 0 });
    const { http2, ended } = rawCall(session, VERIFY_CHUNKS);
    for (const bytes of [100, 500_000, 500_000]) http2.write(framed(frame(bytes)));
    expect(await ended).toMatchObject({ reset: 11, received: 0 });
    await expect.poll(() => rpc.server.edge().heldBytes).toBe(0);
    expect(rpc.server.edge().turnedAway.SLOW).toBe(1);
  });

  it('stay held when the stream is reset and its frames are still worked on', async () => {
    const frames: ReceivedFrame[] = [];
    let through = (): void => {};
    const working = new Promise<void>((resolve) => {
      through = resolve;
    });
    await start({}, async (stream) => {
      try {
        for await (const one of stream.frames) frames.push(one);
      } catch {
        // The client has gone; what it sent is still worked on.
      }
      await working;
      return {};
    });
    const { http2, ended } = rawCall(raw().session, VERIFY_CHUNKS);
    for (const bytes of [100, 100_000, 100_000]) http2.write(framed(frame(bytes)));
    await expect.poll(() => frames.length).toBe(3);
    http2.close(8);
    await ended;
    await expect.poll(() => rpc.server.edge().requests).toBe(0);
    expect(rpc.server.edge().heldBytes).toBeGreaterThan(200_000);
    frames[1]?.done?.();
    expect(rpc.server.edge().heldBytes).toBeLessThan(101_000);
    through();
    await expect.poll(() => rpc.server.edge().heldBytes).toBe(0);
  });

  it('of compressed frames count as what they may become', async () => {
    const { frames, port } = hoarder();
    await start({ heldBytesPerEntity: 10_000_000, heldWaitMs: 1 }, port);
    const bomb = framed(gzipSync(frame(7_000_000)), { compressed: true });
    const { session } = raw();
    const { http2, ended } = rawCall(session, VERIFY_CHUNKS, { 'grpc-encoding': 'gzip' });
    http2.write(framed(frame(100)));
    await expect.poll(() => frames.length).toBe(1);
    for (let i = 0; i < 4; i++) http2.write(bomb);
    expect((await ended).code).toBe(8);
    expect(frames.length).toBe(2);
    expect(rpc.server.edge().peakHeldBytes).toBeLessThan(10_000_000);
  });
});

describe('a single call', () => {
  it('that is too long is refused by its head, before it is gathered', async () => {
    await start({});
    const { session } = raw();
    const { http2, ended } = rawCall(session, GET_PERSON);
    http2.write(framed(Buffer.alloc(10), { bytes: 70_000 }));
    const { code, refusal } = await ended;
    expect([code, refusal?.violations]).toMatchObject([3, [{ field: 'message', rule: 'LENGTH' }]]);
    await serves();
  });

  it.each([
    'gzip',
    'deflate',
  ])('that %s makes too long of a few bytes is not inflated, however it is cut', async (name) => {
    await start({});
    const squeeze = name === 'gzip' ? gzipSync : deflateSync;
    const { session } = raw();
    for (const cut of [1, 4, 5, 6, 1000]) {
      const { http2, ended } = rawCall(session, GET_PERSON, { 'grpc-encoding': name });
      const bytes = framed(squeeze(Buffer.alloc(8_000_000)), { compressed: true });
      http2.write(bytes.subarray(0, cut));
      await sleep(5);
      http2.end(bytes.subarray(cut));
      expect((await ended).refusal).toMatchObject({ limits: ['BYTES'], retryAfterMs: 500 });
      const honest = rawCall(session, GET_PERSON, { 'grpc-encoding': name });
      honest.http2.end(framed(squeeze(Buffer.alloc(60_000)), { compressed: true }));
      expect(await honest.ended).toMatchObject({ code: 0, received: 60_005 });
    }
    expect(rpc.server.edge().turnedAway.LENGTH).toBe(5);
  });

  it('of a connection that is let go meanwhile is not inflated either', async () => {
    await start({ refusalsPerSecond: 1 });
    const { session, closed } = raw();
    const bomb = framed(gzipSync(Buffer.alloc(1_000_000)), { compressed: true });
    const inflate = vi.spyOn(zlib, 'createGunzip');
    // All are open before the first of them is refused: the bombs of the others are read together with its own.
    const calls = Array.from({ length: 100 }, () => rawCall(session, GET_PERSON, { 'grpc-encoding': 'gzip' }).http2);
    await expect.poll(() => rpc.server.edge().requests).toBe(100);
    for (const call of calls) call.end(bomb);
    await closed;
    await sleep(50);
    expect(rpc.server.edge().turnedAway).toMatchObject({ REFUSALS: 1 });
    expect(inflate).not.toHaveBeenCalled();
    inflate.mockRestore();
  });

  it('whose answer is not read is ended', async () => {
    await start({ messageMs: 100 });
    const { session } = raw();
    session.settings({ initialWindowSize: 0 });
    const { http2, ended } = rawCall(session, GET_PERSON);
    http2.end(framed(Buffer.alloc(60_000)));
    expect(await ended).toMatchObject({ reset: 11, received: 0 });
    expect(rpc.server.edge()).toMatchObject({ requests: 0, heldBytes: 0, turnedAway: { SLOW: 1 } });
    await serves();
  });

  it('that dribbles is ended', async () => {
    await start({ messageMs: 100 });
    const { session } = raw();
    const { http2, ended } = rawCall(session, GET_PERSON);
    http2.write(framed(Buffer.alloc(1), { bytes: 100 }));
    expect((await ended).code).toBe(8);
    expect(rpc.server.edge().turnedAway.SLOW).toBe(1);
    await serves();
  });
});
