import { getEventListeners } from 'node:events';
import grpc from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testPort } from '../../test/support/ports.ts';
import { callRaw, type RawAnswer, rawAnswerOf, SIGNATURE_KEY } from './raw-call.ts';

type Options = Parameters<typeof callRaw>[3];

const asIs = (bytes: Buffer): Buffer => bytes;
const LIMIT = 4096;
const LIMITS = { 'grpc.max_receive_message_length': LIMIT, 'grpc.max_send_message_length': LIMIT };
const HELLO = Buffer.from('hello');

/** The call as the library itself makes it: what `callRaw` must not differ from. */
function callByTheBook(client: grpc.Client, path: string, bytes: Buffer, options: Options): Promise<RawAnswer> {
  const { signature, deadlineMs, signal } = options;
  const metadata = new grpc.Metadata();
  if (signature !== undefined) metadata.set(SIGNATURE_KEY, signature);
  return new Promise((resolve) => {
    let answer: Buffer | undefined;
    const deadline = Date.now() + deadlineMs;
    const call = client.makeUnaryRequest(path, asIs, asIs, bytes, metadata, { deadline }, (_error, value) => {
      answer = value;
    });
    signal?.addEventListener('abort', () => call.cancel());
    if (signal?.aborted === true) call.cancel();
    call.on('status', (status: grpc.StatusObject) => resolve(rawAnswerOf(status, answer)));
  });
}

type ServerCall = grpc.ServerWritableStream<Buffer, Buffer>;
let reached: () => void = () => {};
let endedByCaller: () => void = () => {};

function trailers(): grpc.Metadata {
  const metadata = new grpc.Metadata();
  metadata.set(SIGNATURE_KEY, 'signed');
  metadata.set('grpc-status-details-bin', Buffer.from([1, 2, 255]));
  metadata.set('lt-request-id', 'gw-4fzyJ0o2cWcP0d3bXn1Q9A');
  metadata.set('lt-quota-remaining', 'RATE=599');
  metadata.set('lt-quota-reset', 'RATE=1764500040');
  return metadata;
}

/** What the server does, by method. All are streams there, so that any number of messages can be sent. */
const HANDLERS: Readonly<Record<string, (call: ServerCall) => void>> = {
  Answered: (call) => {
    call.write(Buffer.concat([Buffer.from('re: '), call.request]));
    call.end(trailers());
  },
  Empty: (call) => {
    call.write(Buffer.alloc(0));
    call.end(trailers());
  },
  Bare: (call) => {
    call.write(HELLO);
    call.end();
  },
  /** The token comes back as it arrived. */
  Token: (call) => {
    call.write(Buffer.from(String(call.metadata.get(SIGNATURE_KEY))));
    call.end();
  },
  Nothing: (call) => call.end(trailers()),
  Twice: (call) => {
    call.write(HELLO);
    call.write(HELLO);
    call.end(trailers());
  },
  Refused: (call) => call.emit('error', { code: 7, details: 'không được', metadata: trailers() }),
  RefusedLate: (call) => {
    call.write(HELLO);
    call.emit('error', { code: 13, details: 'after the message', metadata: trailers() });
  },
  TooLarge: (call) => {
    call.write(Buffer.alloc(LIMIT + 1));
    call.end();
  },
  Silent: (call) => {
    call.on('cancelled', () => endedByCaller());
    reached();
  },
};

let server: grpc.Server;
let client: grpc.Client;
let address: string;

const connected = (to: string) => new grpc.Client(to, grpc.credentials.createInsecure(), LIMITS);

beforeAll(async () => {
  server = new grpc.Server();
  const definition = Object.keys(HANDLERS).map((name) => [
    name,
    {
      ...{ path: `/test.Raw/${name}`, requestStream: false, responseStream: true },
      ...{ requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs },
    },
  ]);
  server.addService(Object.fromEntries(definition), HANDLERS as unknown as grpc.UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('localhost:0', grpc.ServerCredentials.createInsecure(), (error, got) =>
      error ? reject(error) : resolve(got),
    );
  });
  address = `localhost:${port}`;
  client = connected(address);
});

beforeEach(() => {
  reached = () => {};
  endedByCaller = () => {};
});

afterAll(() => {
  client.close();
  server.forceShutdown();
});

const bothOf = (method: string, bytes: Buffer, options: Options, of = client): Promise<RawAnswer[]> =>
  Promise.all([callByTheBook, callRaw].map((call) => call(of, `/test.Raw/${method}`, bytes, options)));

describe('what came back is what the library itself would have said', () => {
  it.each([
    [
      'Answered',
      { code: 0, message: Buffer.from('re: hello'), signature: 'signed', details: Buffer.from([1, 2, 255]) },
    ],
    ['Empty', { code: 0, message: Buffer.alloc(0), signature: 'signed' }],
    ['Refused', { loggedAs: 'gw-4fzyJ0o2cWcP0d3bXn1Q9A', quotaRemaining: 'RATE=599', quotaReset: 'RATE=1764500040' }],
    ['Bare', { code: 0, message: HELLO, signature: undefined, details: undefined }],
    ['Token', { code: 0, message: Buffer.from('of the caller') }],
    ['Nothing', { code: 0, message: undefined, signature: 'signed' }],
    ['Refused', { code: 7, message: undefined, text: 'không được', signature: 'signed' }],
    ['RefusedLate', { code: 13, message: undefined, signature: 'signed' }],
    ['TooLarge', { code: 8, message: undefined, signature: undefined }],
    ['NoSuchMethod', { code: 12, message: undefined, signature: undefined }],
  ] as const)('of %s', async (method, expected) => {
    const [book, raw] = await bothOf(method, HELLO, { deadlineMs: 20_000, signature: 'of the caller' });
    expect(raw).toEqual(book);
    expect(raw).toMatchObject(expected);
  });

  it('of a request that is larger than may be sent', async () => {
    const [book, raw] = await bothOf('Answered', Buffer.alloc(LIMIT + 1), { deadlineMs: 20_000 });
    expect(raw).toEqual(book);
    expect(raw?.code).toBe(grpc.status.RESOURCE_EXHAUSTED);
  });

  it('of a signature that is no header', async () => {
    const call = () => callRaw(client, '/test.Raw/Bare', HELLO, { deadlineMs: 20_000, signature: 'two\nlines' });
    expect(call).toThrow('illegal characters');
  });

  it('of a second message, for which nothing waits: the deadline ends it', async () => {
    const [book, raw] = await bothOf('Twice', HELLO, { deadlineMs: 300 });
    expect([book?.code, raw?.code]).toEqual([4, 4]);
    expect([book?.message, raw?.message]).toEqual([undefined, undefined]);
  });

  it('of a server that nobody is at', async () => {
    const nobody = connected(`localhost:${await testPort()}`);
    const [book, raw] = await bothOf('Bare', HELLO, { deadlineMs: 20_000 }, nobody);
    expect(raw?.code).toBe(grpc.status.UNAVAILABLE);
    expect(raw).toEqual(book);
    nobody.close();
  });

  it('of a client that is closed: no call', async () => {
    const closed = connected(address);
    closed.close();
    const ends = [callByTheBook, callRaw].map((call) => call(closed, '/test.Raw/Bare', HELLO, { deadlineMs: 20_000 }));
    for (const end of ends) await expect(end).rejects.toThrow('Channel has been shut down');
  });

  it('of a client that is closed while a call waits for its connection', async () => {
    const closed = connected(address);
    const ends = bothOf('Bare', HELLO, { deadlineMs: 20_000 }, closed);
    closed.close();
    const [book, raw] = await ends;
    expect(raw).toEqual(book);
    expect(raw?.code).toBe(grpc.status.UNAVAILABLE);
  });
});

describe('a deadline', () => {
  it('ends a call that is not answered', async () => {
    const [book, raw] = await bothOf('Silent', HELLO, { deadlineMs: 300 });
    expect([book?.code, raw?.code]).toEqual([4, 4]);
    expect(raw?.text).toMatch(/^Deadline exceeded/);
  });

  it('that is over ends it before it is sent', async () => {
    const [book, raw] = await bothOf('Bare', HELLO, { deadlineMs: -1 });
    expect([book?.code, raw?.code]).toEqual([4, 4]);
    expect(raw?.message).toBeUndefined();
  });
});

describe('a caller who breaks off', () => {
  const CANCELLED = { code: 1, text: 'Cancelled on client', message: undefined };

  it('before the call starts', async () => {
    const [book, raw] = await bothOf('Silent', HELLO, { deadlineMs: 20_000, signal: AbortSignal.abort() });
    expect(raw).toEqual(book);
    expect(raw).toMatchObject(CANCELLED);
  });

  it('while it is answered: the server learns of it', async () => {
    const abort = new AbortController();
    const atServer = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const learnt = new Promise<void>((resolve) => {
      endedByCaller = resolve;
    });
    const answer = callRaw(client, '/test.Raw/Silent', HELLO, { deadlineMs: 20_000, signal: abort.signal });
    await atServer;
    abort.abort();
    expect(await answer).toMatchObject(CANCELLED);
    await learnt;
  });

  it('after the answer: nothing is left that listens', async () => {
    const { signal } = new AbortController();
    const listening = (): number => getEventListeners(signal, 'abort').length;
    const answer = callRaw(client, '/test.Raw/Bare', HELLO, { deadlineMs: 20_000, signal });
    expect(listening()).toBe(1);
    expect((await answer).code).toBe(0);
    expect(listening()).toBe(0);
  });
});
