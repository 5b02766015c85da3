import { connect, type IncomingHttpHeaders } from 'node:http2';
import { create, toBinary } from '@bufbuild/protobuf';
import type { Client } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { VerifyChunksRequestSchema } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import {
  callUnary,
  GET_INFO,
  openStream,
  type RpcHarness,
  startRpc,
  statusOf,
  VERIFY_CHUNKS,
} from '../../test/support/rpc-harness.ts';
import { readRefusal } from '../errors/read.ts';
import { refuse } from '../errors/refuse.ts';
import type { ChunkStreamPort, Frame } from '../exchange/ports.ts';
import { createCounting } from '../telemetry/counting.ts';
import { watchPorts } from '../telemetry/watch-ports.ts';
import { decodeFrame } from './frames.ts';
import { CallEnded } from './running-calls.ts';

let rpc: RpcHarness;
afterEach(() => rpc.stop());

async function serve(chunks: ChunkStreamPort): Promise<Client> {
  rpc = await startRpc({ chunks });
  return rpc.connect();
}

function message(payload: Uint8Array | string, jws = 'jws'): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  return Buffer.from(toBinary(VerifyChunksRequestSchema, create(VerifyChunksRequestSchema, { payload: bytes, jws })));
}

/** Splits gRPC's length-prefixed messages. */
function messagesOf(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    found.push(bytes.subarray(at + 5, end));
    at = end;
  }
  return found;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a stream of chunks', () => {
  it('carries frames both ways in order, half-closes and ends well', async () => {
    const client = await serve(async ({ frames, write, peer }) => {
      for await (const { payload, jws } of frames) await write({ payload, jws: `${jws} seen by ${peer?.fingerprint}` });
      await write({ payload: Buffer.from('end'), jws: '' });
      return {};
    });
    const stream = openStream(client, VERIFY_CHUNKS);
    const status = statusOf(stream);
    const got: Frame[] = [];
    stream.on('data', (bytes: Buffer) => got.push(decodeFrame(bytes)));
    const sent = Array.from({ length: 50 }, (_, i) => Buffer.alloc(i * 1000, `${i}`));
    for (const payload of sent) stream.write(message(payload, 'token'));
    stream.end();
    expect((await status).code).toBe(0);
    expect(got).toHaveLength(51);
    sent.forEach((payload, i) => {
      expect(payload.equals(got[i]?.payload ?? Buffer.from('none'))).toBe(true);
      expect(got[i]?.jws).toBe(`token seen by ${rpc.agency.fingerprint}`);
    });
    await expect.poll(() => rpc.server.running).toBe(0);
  });

  it('ends with the refusal that the port returns, signed if it is', async () => {
    const client = await serve(async ({ frames, write }) => {
      for await (const frame of frames) {
        await write(frame);
        return { ...refuse(ErrorReason.JOB_UNKNOWN), signature: 'over the details' };
      }
      return {};
    });
    const stream = openStream(client, VERIFY_CHUNKS);
    stream.resume();
    stream.write(message('one'));
    stream.write(message('two'));
    const { code, metadata } = await statusOf(stream);
    expect(code).toBe(5);
    expect(metadata.get('lt-signature')).toEqual(['over the details']);
    expect(readRefusal(code, metadata.get('grpc-status-details-bin')[0] as Buffer)?.reason).toBe(
      ErrorReason.JOB_UNKNOWN,
    );
  });

  it('refuses bytes that are no frame, and counts them as the refusal that they are', async () => {
    const { watcher, registry } = createCounting((error) => error instanceof CallEnded);
    const nobody = () => expect.fail('not reached');
    const { chunks } = watchPorts(
      {
        ...{ unary: nobody, open: nobody },
        async chunks({ frames }) {
          for await (const _ of frames);
          return {};
        },
      },
      watcher,
      VERIFY_CHUNKS,
    );
    const client = await serve(chunks);
    const stream = openStream(client, VERIFY_CHUNKS);
    stream.resume();
    stream.write(Buffer.from([0x0a, 0xff]));
    const { code, metadata } = await statusOf(stream);
    expect(readRefusal(code, metadata.get('grpc-status-details-bin')[0] as Buffer)).toMatchObject({
      reason: ErrorReason.BAD_REQUEST,
      violations: [{ field: 'payload', rule: 'NOT_DECODABLE' }],
    });
    expect(rpc.logged).toEqual([]);
    const { values } = (await registry.getSingleMetric('lienthong_calls_total')?.get()) ?? { values: [] };
    expect(values.filter(({ value }) => value > 0)).toMatchObject([{ value: 1, labels: { outcome: 'BAD_REQUEST' } }]);
  });

  it('says INTERNAL and logs no value when the port fails', async () => {
    const client = await serve(async () => {
      throw new Error('901085000017');
    });
    const stream = openStream(client, VERIFY_CHUNKS);
    stream.resume();
    expect((await statusOf(stream)).code).toBe(13);
    expect(rpc.logged).toHaveLength(1);
    expect(rpc.logged[0]).not.toContain('901085000017');
  });

  it('throws in the port when the client cancels while it is writing', async () => {
    let thrown: unknown;
    const client = await serve(async ({ write }) => {
      try {
        for (;;) await write({ payload: Buffer.alloc(100_000), jws: '' });
      } catch (fault) {
        thrown = fault;
        throw fault;
      }
    });
    const stream = openStream(client, VERIFY_CHUNKS);
    await expect.poll(() => rpc.server.running).toBe(1);
    stream.cancel();
    await expect.poll(() => thrown).toMatchObject({ name: 'CallEnded', ending: 'CANCELLED' });
    await expect.poll(() => rpc.server.running).toBe(0);
    expect(rpc.logged).toEqual([]);
  });

  it('aborts its signal when the client cancels while the port is waiting for a frame', async () => {
    let over = false;
    let reason: unknown;
    const client = await serve(async ({ frames, signal }) => {
      signal.addEventListener('abort', () => {
        reason = signal.reason;
      });
      try {
        for await (const _ of frames);
      } finally {
        over = true;
      }
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return {};
    });
    const stream = openStream(client, VERIFY_CHUNKS);
    stream.write(message('one'));
    await expect.poll(() => rpc.server.running).toBe(1);
    stream.cancel();
    await expect.poll(() => reason).toMatchObject({ name: 'CallEnded', ending: 'CANCELLED' });
    expect(over).toBe(true);
    await expect.poll(() => rpc.server.running).toBe(0);
    expect(rpc.logged).toEqual([]);
  });

  it('tells the port of a passed deadline although the client reads nothing', async () => {
    let ended: unknown;
    const client = await serve(async ({ write, signal }) => {
      signal.addEventListener('abort', () => {
        ended = signal.reason;
      });
      for (;;) await write({ payload: Buffer.alloc(100_000), jws: '' });
    });
    // The deadline is the stream's, with nothing of the handshake in it.
    await callUnary(client, GET_INFO, Buffer.from('x'));
    const stream = openStream(client, VERIFY_CHUNKS, 1_000);
    stream.pause();
    expect((await statusOf(stream)).code).toBe(4);
    await expect.poll(() => ended).toMatchObject({ name: 'CallEnded' });
    await expect.poll(() => rpc.server.running).toBe(0);
  });
});

describe('backpressure', () => {
  const FRAME = 512 * 1024;

  it('stops a client whose frames the port does not ask for, far below what it wants to send', async () => {
    let asked = 0;
    let go: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const client = await serve(async ({ frames }) => {
      for await (const _ of frames) {
        asked += 1;
        if (asked === 1) await gate;
      }
      return {};
    });
    const stream = openStream(client, VERIFY_CHUNKS);
    stream.resume();
    // What opens a stream is small.
    stream.write(message(Buffer.alloc(1)));
    let taken = 0;
    let lastWrite = true;
    for (let i = 0; i < 60; i += 1) {
      lastWrite = stream.write(message(Buffer.alloc(FRAME)), () => {
        taken += 1;
      });
    }
    stream.end();
    await expect.poll(() => asked).toBe(1);
    let stuckAt = -1;
    while (stuckAt !== taken) {
      stuckAt = taken;
      await wait(600);
    }
    expect(lastWrite).toBe(false);
    expect(asked).toBe(1);
    // One frame at the port, one window (2 MB), and the kernel's buffers; grpc-js alone would take 17 frames and the window.
    expect(taken * FRAME).toBeLessThan(7 * 1024 * 1024);
    go?.();
    expect((await statusOf(stream)).code).toBe(0);
    expect(asked).toBe(61);
  });

  it('stops a port whose answers the client does not read, and harms nobody else', async () => {
    let [begun, written] = [0, 0];
    const client = await serve(async ({ write }) => {
      for (let i = 0; i < 200; i += 1) {
        begun += 1;
        await write({ payload: Buffer.alloc(100_000, `${i}`), jws: `${i}` });
        written += 1;
      }
      return {};
    });
    // grpc-js's own client reads on whatever its user does: this one is bare HTTP/2, which stops when told to.
    const session = connect(`https://localhost:${rpc.port}`, { ca: rpc.authority.ca, ...rpc.agency });
    const stream = session.request({
      ':method': 'POST',
      ':path': VERIFY_CHUNKS,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.pause();
    await expect.poll(() => begun).toBeGreaterThan(0);
    let stuckAt = -1;
    while (stuckAt !== written) {
      stuckAt = written;
      await wait(500);
    }
    expect(stuckAt).toBeLessThan(4);
    for (const other of [client, rpc.connect()]) {
      expect((await callUnary(other, GET_INFO, Buffer.from('x'), { deadline: 2000 })).message?.toString()).toBe('x');
    }
    expect(written).toBe(stuckAt);
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.resume();
    const trailers = new Promise<IncomingHttpHeaders>((resolve) => stream.on('trailers', resolve));
    stream.end();
    expect((await trailers)['grpc-status']).toBe('0');
    expect(messagesOf(Buffer.concat(parts)).map((bytes) => decodeFrame(bytes).jws)).toEqual(
      Array.from({ length: 200 }, (_, i) => `${i}`),
    );
    session.destroy();
  });
});
