import type { Client } from '@grpc/grpc-js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { callUnary, GET_INFO, GET_PERSON, type RpcHarness, startRpc } from '../../test/support/rpc-harness.ts';
import { readRefusal } from '../errors/read.ts';
import { refuse } from '../errors/refuse.ts';
import type { OpenCall, UnaryCall } from '../exchange/ports.ts';

const CANARY = 'Nguyễn Văn An 901085000017';
const refusal = refuse(ErrorReason.FIELD_NOT_GRANTED, { violations: [{ field: 'religion', rule: 'NOT_GRANTED' }] });
const seen: UnaryCall[] = [];
const opened: OpenCall[] = [];
let rpc: RpcHarness;
let client: Client;

beforeAll(async () => {
  rpc = await startRpc({
    async unary(call) {
      seen.push(call);
      switch (call.message.toString()) {
        case 'refuse signed':
          return { refusal: { ...refusal, signature: 'over the details' } };
        case 'refuse unsigned':
          return { refusal };
        case 'throw':
          throw new TypeError(`bad value ${CANARY}`, { cause: new Error(CANARY) });
        case 'known':
          return { message: call.message, signature: 'over the answer', traceableId: 'REQ-2026-0001' };
        case 'throw text':
          throw CANARY;
        case 'hang':
          return new Promise((_, reject) => call.signal.addEventListener('abort', () => reject(call.signal.reason)));
        default:
          return { message: call.message, signature: 'over the answer' };
      }
    },
    async open(call) {
      opened.push(call);
      if (call.message.toString() === 'refuse') return { refusal };
      return { message: call.message };
    },
  });
  client = rpc.connect();
});
afterAll(() => rpc.stop());

const ask = (text: string, options = {}) => callUnary(client, GET_PERSON, Buffer.from(text), options);

describe('a signed unary call', () => {
  it('hands bytes, signature, method and certificate to the port, and its answer back with the signature as trailer', async () => {
    const { message, error, trailers } = await ask('hello', { signature: 'token' });
    expect(error).toBeUndefined();
    expect(message?.toString()).toBe('hello');
    expect(trailers.get('lt-signature')).toEqual(['over the answer']);
    const call = seen.at(-1);
    expect(call).toMatchObject({
      method: GET_PERSON,
      signature: 'token',
      peer: { fingerprint: rpc.agency.fingerprint },
    });
    expect(call?.peer?.notAfter).toBeGreaterThan(Date.now() / 1000 + 3000);
    expect(call?.signal.aborted).toBe(false);
  });

  it('has no signature where none was sent', async () => {
    await ask('hello');
    expect(seen.at(-1)?.signature).toBeUndefined();
  });

  it('carries any bytes unchanged, both ways', async () => {
    const sizes = [0, 1, 16_383, 16_384, 65_535, 65_536];
    for (const size of sizes) {
      const bytes = Buffer.alloc(size, `${size}x`);
      const { message } = await callUnary(client, GET_PERSON, bytes);
      expect(message?.equals(bytes)).toBe(true);
    }
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const { message } = await callUnary(client, GET_INFO, bytes.length === 6 ? new Uint8Array(5) : bytes);
        expect(message?.length).toBe(bytes.length === 6 ? 5 : bytes.length);
        if (bytes.length !== 6) expect(message?.equals(bytes)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('is refused with code, sentence, details and the signature over them', async () => {
    const { error, trailers, message } = await ask('refuse signed');
    expect(message).toBeUndefined();
    expect(error).toMatchObject({ code: 7, details: refusal.message });
    const [details] = trailers.get('grpc-status-details-bin');
    expect(Buffer.from(refusal.details).equals(details as Buffer)).toBe(true);
    expect(readRefusal(7, details as Buffer)).toMatchObject({
      reason: ErrorReason.FIELD_NOT_GRANTED,
      violations: [{ field: 'religion', rule: 'NOT_GRANTED' }],
    });
    expect(trailers.get('lt-signature')).toEqual(['over the details']);
  });

  it('is refused without a signature where the caller is not known', async () => {
    const { error, trailers } = await ask('refuse unsigned');
    expect(error?.code).toBe(7);
    expect(trailers.get('lt-signature')).toEqual([]);
  });

  it.each(['throw', 'throw text'])('says INTERNAL and logs no value when the port fails: %s', async (how) => {
    rpc.logged.length = 0;
    const { error, trailers } = await ask(how);
    expect(error?.code).toBe(13);
    const [details] = trailers.get('grpc-status-details-bin');
    expect(readRefusal(13, details as Buffer)?.reason).toBe(ErrorReason.INTERNAL);
    expect(rpc.logged).toHaveLength(1);
    const everything = `${rpc.logged[0]}${error?.message}${details}`;
    expect(everything).toContain(GET_PERSON);
    expect(everything).not.toMatch(/Nguyễn|901085000017|bad value/);
  });

  it('aborts its signal when the client cancels', async () => {
    const cancel = new AbortController();
    const outcome = ask('hang', { signal: cancel.signal });
    await expect.poll(() => seen.at(-1)?.message.toString()).toBe('hang');
    cancel.abort();
    expect((await outcome).error?.code).toBe(1);
    await expect.poll(() => seen.at(-1)?.signal.aborted).toBe(true);
    await expect.poll(() => rpc.server.running).toBe(0);
  });

  it('aborts its signal when the deadline passes', async () => {
    expect((await ask('hang', { deadline: 100 })).error?.code).toBe(4);
    await expect.poll(() => seen.at(-1)?.signal.aborted).toBe(true);
    await expect.poll(() => rpc.server.running).toBe(0);
  });

  it('is not taken above the size limit', async () => {
    const before = seen.length;
    const { error } = await callUnary(client, GET_PERSON, Buffer.alloc(8 * 1024 * 1024 + 1));
    expect(error?.code).toBe(8);
    expect(seen.length).toBe(before);
  });

  it('is UNIMPLEMENTED where the contract has no such method', async () => {
    const { error } = await callUnary(client, '/lienthong.person.v1.PersonService/DropAll', Buffer.alloc(0));
    expect(error?.code).toBe(12);
  });
});

describe('the id of a call', () => {
  const idOf = ({ trailers }: Awaited<ReturnType<typeof ask>>) => trailers.get('lt-request-id');

  it('is the port’s where it knows one, else the edge’s, on answers and refusals alike', async () => {
    expect(idOf(await ask('known'))).toEqual(['REQ-2026-0001']);
    for (const text of ['hello', 'refuse signed', 'refuse unsigned', 'throw']) {
      expect(idOf(await ask(text)), text).toEqual([expect.stringMatching(/^gw-[A-Za-z0-9_-]{22}$/)]);
    }
  });

  it('stands in the line of a fault and in what the client is told of it', async () => {
    rpc.logged.length = 0;
    const { trailers } = await ask('throw');
    const [id] = trailers.get('lt-request-id');
    expect(JSON.parse(rpc.logged[0] ?? '')).toMatchObject({ request_id: id });
    expect(readRefusal(13, trailers.get('grpc-status-details-bin')[0] as Buffer)?.requestId).toBe(id);
  });
});

describe('an open call', () => {
  it('reaches its own port with the certificate, and its answer has no signature', async () => {
    const { message, trailers } = await callUnary(client, GET_INFO, Buffer.from('info'), { signature: 'ignored' });
    expect(message?.toString()).toBe('info');
    expect(trailers.get('lt-signature')).toEqual([]);
    expect(opened.at(-1)).toMatchObject({ method: GET_INFO, peer: { fingerprint: rpc.agency.fingerprint } });
  });

  it('is refused like any other', async () => {
    const { error, trailers } = await callUnary(client, GET_INFO, Buffer.from('refuse'));
    expect(error?.code).toBe(7);
    expect(trailers.get('grpc-status-details-bin')).toHaveLength(1);
  });
});

describe('many calls', () => {
  it('of different agencies never swap their certificates', async () => {
    const other = await rpc.authority.issue('vnpt');
    const clients = [client, rpc.connect({ certificate: other }), rpc.connect(), rpc.connect({ certificate: other })];
    seen.length = 0;
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => callUnary(clients[i % 4] as Client, GET_PERSON, Buffer.from(`${i % 2}`))),
    );
    expect(seen).toHaveLength(200);
    for (const { message, peer } of seen) {
      expect(peer?.fingerprint).toBe(message.toString() === '0' ? rpc.agency.fingerprint : other.fingerprint);
    }
  });

  it('run at the same time on one connection', async () => {
    let inside = 0;
    let most = 0;
    const busy = await startRpc({
      async unary({ message }) {
        inside += 1;
        most = Math.max(most, inside);
        await expect.poll(() => most, { timeout: 5000 }).toBe(100);
        inside -= 1;
        return { message, signature: 's' };
      },
    });
    const one = busy.connect();
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, i) => callUnary(one, GET_PERSON, Buffer.from(`${i}`))),
    );
    expect(all.map(({ message }) => message?.toString())).toEqual(Array.from({ length: 100 }, (_, i) => `${i}`));
    expect(most).toBe(100);
    await busy.stop();
  });

  it('cancelled in a burst leave nothing running and nothing broken', async () => {
    const burst = rpc.connect();
    await Promise.all(
      Array.from({ length: 600 }, async (_, i) => {
        const cancel = new AbortController();
        const outcome = callUnary(burst, GET_PERSON, Buffer.from(i % 2 ? 'hang' : 'quick'), { signal: cancel.signal });
        if (i % 3 === 0) cancel.abort();
        else if (i % 3 === 1) setImmediate(() => cancel.abort());
        else setTimeout(() => cancel.abort(), i % 20);
        await outcome;
      }),
    );
    await expect.poll(() => rpc.server.running, { timeout: 5000 }).toBe(0);
    expect((await ask('still there')).message?.toString()).toBe('still there');
  });
});
