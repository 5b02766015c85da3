import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  framed,
  http2Frame,
  openAndReset,
  PREFACE,
  rawCall,
  rawConnect,
  rawTls,
  SETTINGS,
} from '../../../test/support/raw-http2.ts';
import { GET_PERSON, type RpcHarness, startRpc, VERIFY_CHUNKS } from '../../../test/support/rpc-harness.ts';
import type { ChunkStreamPort } from '../../exchange/ports.ts';
import { encodeFrame } from '../frames.ts';
import type { RpcLimits } from '../limits.ts';
import { createNoiseMeter } from './noise.ts';

describe('bytes of a connection', () => {
  it('that are heard, wait, or belong to a head are no noise; others are', () => {
    const meter = createNoiseMeter();
    meter.opened();
    meter.heard(1000);
    expect(meter.look(1300, 200)).toEqual({ bytes: 91, noise: 0 });
    expect(meter.look(1300 + 70_000, 200)).toEqual({ bytes: 70_000, noise: 70_091 - 64 * 1024 });
    expect(meter.look(1300 + 70_000 + 500, 200)).toEqual({ bytes: 500, noise: 500 });
  });

  it('that waited in a stream are none when it is closed, nor are those that were on their way to it', () => {
    const meter = createNoiseMeter();
    expect(meter.look(500_000, 500_000)).toEqual({ bytes: 0, noise: 0 });
    meter.closed(500_000, 100_000);
    expect(meter.look(500_000, 0)).toEqual({ bytes: 0, noise: 0 });
    expect(meter.look(600_000, 0)).toEqual({ bytes: 100_000, noise: 0 });
    expect(meter.look(600_001, 0)).toEqual({ bytes: 1, noise: 1 });
  });

  it('are not saved up: what was granted to calls of long ago is none to make noise with', () => {
    const meter = createNoiseMeter();
    for (let i = 0; i < 1000; i++) meter.opened();
    meter.look(0, 0);
    meter.look(0, 0);
    expect(meter.look(1000, 0)).toEqual({ bytes: 1000, noise: 1000 });
  });
});

describe('a connection is not closed for noise', () => {
  let rpc: RpcHarness;
  afterEach(() => rpc.stop());
  const frame = (bytes: number) => encodeFrame({ payload: Buffer.alloc(bytes, 1), jws: 't' });
  const start = async (limits: Partial<RpcLimits>, chunks?: ChunkStreamPort) => {
    rpc = await startRpc({ limits: { lookMs: 50, noiseBytes: 64 * 1024, ...limits }, ...(chunks && { chunks }) });
    const { session } = rawConnect(rpc.port, { ca: rpc.authority.ca, ...rpc.agency });
    // Its windows are raised at its first call.
    const first = rawCall(session, GET_PERSON);
    first.http2.end(framed(Buffer.from('x')));
    await first.ended;
    await sleep(200);
    return session;
  };
  const noise = () => rpc.server.edge().turnedAway.NOISE;

  it('that gives up streams which wait', async () => {
    const session = await start({ heldBytesPerEntity: 300_000 }, async ({ frames }) => {
      for await (const { payload } of frames) expect(payload.length).toBeGreaterThan(0);
      return {};
    });
    const streams = Array.from({ length: 8 }, () => rawCall(session, VERIFY_CHUNKS));
    for (const { http2 } of streams) {
      http2.write(framed(frame(100)));
      for (let i = 0; i < 10; i++) http2.write(framed(frame(100_000)));
    }
    await expect.poll(() => rpc.server.edge().waiting).toBe(8);
    await sleep(200);
    for (const { http2 } of streams) http2.close(8);
    await expect.poll(() => rpc.server.edge().requests).toBe(0);
    await sleep(300);
    expect([session.closed, noise()]).toEqual([false, 0]);
  });

  it.each([
    GET_PERSON,
    '/lienthong.person.v1.PersonService/OfALaterVersion',
  ])('that sends on %s what is refused by its head', async (path) => {
    const session = await start({});
    const { http2, ended } = rawCall(session, path);
    http2.end(framed(Buffer.alloc(450_000)));
    expect((await ended).code).toBeGreaterThan(0);
    await sleep(300);
    expect([session.closed, noise()]).toEqual([false, 0]);
  });
});

it('calls that are given up are counted whichever code says so', async () => {
  const rpc = await startRpc();
  const socket = await rawTls(rpc.port, { ca: rpc.authority.ca, ...rpc.agency });
  const closed = new Promise<boolean>((resolve) => socket.once('close', () => resolve(true)));
  socket.write(Buffer.concat([PREFACE, http2Frame(SETTINGS, 0, 0)]));
  for (let calls = 0; calls < 800 && !socket.destroyed; calls += 20) {
    const given = Array.from({ length: 20 }, (_, i) => openAndReset(1 + 2 * (calls + i), GET_PERSON));
    for (const call of given) call[call.length - 1] = 0;
    socket.write(Buffer.concat(given));
    await sleep(10);
  }
  expect(await Promise.race([closed, sleep(2000)])).toBe(true);
  expect(rpc.server.edge().turnedAway.NOISE).toBe(1);
  await rpc.stop();
});

it('calls that are given up after a second of waiting are not counted: the gateway is slow then', async () => {
  const rpc = await startRpc({ unary: () => new Promise(() => undefined) });
  const { session } = rawConnect(rpc.port, { ca: rpc.authority.ca, ...rpc.agency });
  for (let round = 0; round < 3; round++) {
    const calls = Array.from({ length: 200 }, () => rawCall(session, GET_PERSON));
    for (const { http2 } of calls) http2.end(framed(Buffer.from('x')));
    await expect.poll(() => rpc.server.edge().requests).toBe(200);
    await sleep(1100);
    for (const { http2 } of calls) http2.close(8);
    await expect.poll(() => rpc.server.edge().requests).toBe(0);
  }
  expect([session.closed, rpc.server.edge().turnedAway.NOISE]).toEqual([false, 0]);
  await rpc.stop();
});
