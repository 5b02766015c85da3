import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  framed,
  http2Frame,
  openAndReset,
  PING,
  PREFACE,
  rawCall,
  rawConnect,
  rawTls,
  SETTINGS,
} from '../../../test/support/raw-http2.ts';
import {
  callUnary,
  GET_INFO,
  GET_PERSON,
  type RpcHarness,
  startRpc,
  VERIFY_CHUNKS,
} from '../../../test/support/rpc-harness.ts';
import type { RpcLimits } from '../limits.ts';

let rpc: RpcHarness;
afterEach(async () => {
  vi.restoreAllMocks();
  await rpc?.stop();
});

const raw = () => rawConnect(rpc.port, { ca: rpc.authority.ca, ...rpc.agency });
const serves = async () =>
  expect((await callUnary(rpc.connect(), GET_INFO, Buffer.from('x'))).message?.toString()).toBe('x');
const start = async (limits: Partial<RpcLimits>) => {
  rpc = await startRpc({ limits: { lookMs: 50, ...limits } });
};

/** From now on time goes a hundred times slower for the guards: nothing is earned, and no bar is over, while connections come. */
function slowDown(): void {
  const real = performance.now.bind(performance);
  const from = real();
  vi.spyOn(performance, 'now').mockImplementation(() => from + (real() - from) / 100);
}

describe('a party', () => {
  it('that goes on asking while it is refused loses its connection', async () => {
    await start({ requestsPerEntity: 1, refusalsPerSecond: 5 });
    const { session, closed } = raw();
    rawCall(session, GET_PERSON);
    const refused = Array.from({ length: 200 }, () => rawCall(session, GET_PERSON).ended);
    await closed;
    expect((await Promise.all(refused)).filter(({ code }) => code === 8).length).toBeLessThanOrEqual(20);
    expect(rpc.server.edge().turnedAway.REFUSALS).toBe(1);
    raw();
    await expect.poll(() => rpc.server.edge().turnedAway.CONNECTIONS).toBe(1);
    const client = rpc.connect({ certificate: await rpc.authority.issue('mobifone') });
    expect((await callUnary(client, GET_INFO, Buffer.from('x'))).error).toBeUndefined();
  });

  it('has so many connections, and others have theirs', async () => {
    await start({ connectionsPerEntity: 3 });
    const own = Array.from({ length: 3 }, raw);
    await expect.poll(() => rpc.server.edge().connections).toBe(3);
    raw();
    await expect.poll(() => rpc.server.edge().turnedAway.CONNECTIONS).toBe(1);
    expect(rpc.server.edge().connections).toBe(3);
    const other = await rpc.authority.issue('mobifone');
    const client = rpc.connect({ certificate: other });
    expect((await callUnary(client, GET_INFO, Buffer.from('x'))).message?.toString()).toBe('x');
    own[0]?.session.destroy();
    await expect.poll(() => rpc.server.edge().connections).toBe(3);
    await serves();
  });

  it('has so many calls open over all connections; the next is told when to come again', async () => {
    await start({ requestsPerEntity: 5 });
    const sessions = [raw().session, raw().session];
    const idle = Array.from({ length: 5 }, (_, i) => rawCall(sessions[i % 2] as never, GET_PERSON));
    await expect.poll(() => rpc.server.edge().requests).toBe(5);
    for (const session of sessions) {
      const { code, refusal } = await rawCall(session, GET_PERSON).ended;
      expect([code, refusal?.retryAfterMs]).toEqual([8, 500]);
    }
    idle[0]?.http2.close();
    await expect.poll(() => rpc.server.edge().requests).toBe(4);
    await serves();
  });

  it('cannot spend memory on crumbs of a message', async () => {
    await start({});
    const { session } = raw();
    const { http2, ended } = rawCall(session, VERIFY_CHUNKS);
    http2.write(framed(Buffer.alloc(0), { bytes: 60_000 }));
    // Each is a frame of DATA of its own only once the one before has left.
    for (let i = 0; i < 1000 && !http2.closed; i++) {
      await new Promise((resolve) => http2.write(Buffer.alloc(1), resolve));
    }
    expect((await ended).code).toBe(8);
    expect(rpc.server.edge().turnedAway.PIECES).toBe(1);
    await serves();
  });
});

describe('a connection', () => {
  it('that makes noise is closed; one that works is not', async () => {
    await start({ noiseBytes: 4096 });
    const client = rpc.connect();
    await callUnary(client, GET_PERSON, Buffer.from('x'));
    const socket = await rawTls(rpc.port, { ca: rpc.authority.ca, ...rpc.agency });
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write(Buffer.concat([PREFACE, http2Frame(SETTINGS, 0, 0)]));
    const pings = Buffer.concat(Array.from({ length: 500 }, () => http2Frame(PING, 0, 0, Buffer.alloc(8))));
    const flood = setInterval(() => socket.write(pings), 2);
    await closed;
    clearInterval(flood);
    expect(rpc.server.edge().turnedAway.NOISE).toBe(1);
    for (let i = 0; i < 20; i++) await callUnary(client, GET_PERSON, Buffer.alloc(60_000));
    expect((await callUnary(client, GET_PERSON, Buffer.from('x'))).error).toBeUndefined();
  });

  it('that opens more calls at once than it may have, by giving them up, is closed, and comes back later', async () => {
    await start({ concurrentStreams: 20 });
    const identity = { ca: rpc.authority.ca, ...rpc.agency };
    const socket = await rawTls(rpc.port, identity);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const calls = Array.from({ length: 60 }, (_, i) => openAndReset(1 + 2 * i, GET_PERSON));
    socket.write(Buffer.concat([PREFACE, http2Frame(SETTINGS, 0, 0), ...calls]));
    await closed;
    slowDown();
    expect(rpc.server.edge()).toMatchObject({ requests: 0, turnedAway: { NOISE: 1 } });
    raw();
    await expect.poll(() => rpc.server.edge().turnedAway.CONNECTIONS).toBe(1);
    // Nobody else comes from there, so that few handshakes are begun for it.
    for (let i = 0; i < 20; i++) raw();
    await expect.poll(() => rpc.server.edge().turnedAway.HANDSHAKES).toBeGreaterThan(5);
  });

  it('whose calls are given up before they are answered, time and again, is closed; one that does so once is not', async () => {
    await start({});
    const socket = await rawTls(rpc.port, { ca: rpc.authority.ca, ...rpc.agency });
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write(Buffer.concat([PREFACE, http2Frame(SETTINGS, 0, 0)]));
    let stream = 1;
    const giveUp = async (count: number) => {
      for (let i = 0; i < count && !socket.destroyed; i += 100) {
        const calls = Array.from({ length: 100 }, (_, n) => openAndReset(stream + 2 * n, GET_PERSON));
        stream += 200;
        socket.write(Buffer.concat(calls));
        await sleep(5);
      }
    };
    await giveUp(300);
    await expect.poll(() => rpc.server.edge().requests).toBe(0);
    expect([socket.destroyed, rpc.server.edge().turnedAway.NOISE]).toEqual([false, 0]);
    await giveUp(600);
    await closed;
    expect(rpc.server.edge().turnedAway.NOISE).toBe(1);
  });

  it('of an address that opens too many is closed before its handshake', async () => {
    await start({ handshakesPerAddress: 2 });
    slowDown();
    const all = Array.from({ length: 20 }, raw);
    const opened = await Promise.all(
      all.map(({ session, closed }) =>
        Promise.race([
          closed.then(() => false),
          new Promise((resolve) => session.once('connect', () => resolve(true))),
        ]),
      ),
    );
    expect(opened.filter(Boolean).length).toBe(8);
    expect(rpc.server.edge().turnedAway.HANDSHAKES).toBe(12);
    for (const { session } of all) session.destroy();
  });
});
