import grpc from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { startTcpProxy } from '../../test/support/faults/tcp-proxy.ts';
import { type Connection, createConnection } from './connection.ts';
import { makeCertificates } from './tiny-certificates.test-support.ts';

type Call = grpc.ServerUnaryCall<Buffer, Buffer>;
type Answer = grpc.sendUnaryData<Buffer>;

const asIs = (bytes: Buffer): Buffer => bytes;
/** Answers that wait for the test. */
let held: (() => void)[] = [];

/** Where a call came from is the answer: two connections never come from one port. */
const HANDLERS: Readonly<Record<string, (call: Call, answer: Answer) => void>> = {
  Prompt: (call, answer) => answer(null, Buffer.from(call.getPeer())),
  Refused: (_call, answer) => {
    const metadata = new grpc.Metadata();
    metadata.set('grpc-status-details-bin', Buffer.from([1]));
    answer({ code: 7, details: '', metadata });
  },
  Held: (call, answer) => void held.push(() => answer(null, Buffer.from(call.getPeer()))),
};

let server: grpc.Server;
let profile: Parameters<typeof createConnection>[0];
let connection: Connection;

beforeAll(async () => {
  const tls = await makeCertificates('moh');
  server = new grpc.Server();
  const definition = Object.keys(HANDLERS).map((name) => [
    name,
    {
      ...{ path: `/test.Held/${name}`, requestStream: false, responseStream: false },
      ...{ requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs },
    },
  ]);
  server.addService(Object.fromEntries(definition), HANDLERS as unknown as grpc.UntypedServiceImplementation);
  const pair = { private_key: Buffer.from(tls.serverKey), cert_chain: Buffer.from(tls.server) };
  const credentials = grpc.ServerCredentials.createSsl(Buffer.from(tls.ca), [pair], true);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('localhost:0', credentials, (error, got) => (error ? reject(error) : resolve(got)));
  });
  const [ca, certificate, key] = [tls.ca, tls.client, tls.clientKey].map((text) => Buffer.from(text));
  profile = { address: `localhost:${port}`, ca, certificate, key } as typeof profile;
});

beforeEach(() => {
  held = [];
  connection = createConnection(profile);
});
afterEach(() => {
  vi.useRealTimers();
  connection.close();
});
afterAll(() => server.forceShutdown());

/** So long nothing was asked, by the clock of the wall. */
function laterBy(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
}

const call = (name: string, deadlineMs = 20_000) =>
  connection.call(`/test.Held/${name}`, Buffer.alloc(1), { deadlineMs });
const peerOf = async (answer: ReturnType<typeof call>) => String((await answer).message);

it('stays while calls are answered, or refused by who is there', async () => {
  const first = await peerOf(call('Prompt'));
  expect((await call('Refused')).code).toBe(7);
  expect(await peerOf(call('Prompt'))).toBe(first);
});

it('is left where a call waited for its whole deadline and nothing came: what is under way on it ends there', async () => {
  const first = await peerOf(call('Prompt'));
  const underWay = call('Held');
  await expect.poll(() => held.length).toBe(1);
  expect((await call('Held', 300)).code).toBe(4);
  const second = await peerOf(call('Prompt'));
  expect(second).not.toBe(first);
  held[0]?.();
  expect(await peerOf(underWay)).toBe(first);
});

it('that was left is closed: a client that meets many silent ones keeps none of them', async () => {
  const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  await call('Prompt');
  const before = sockets();
  for (let n = 0; n < 3; n += 1) {
    expect((await call('Held', 200)).code).toBe(4);
    await call('Prompt');
  }
  await expect.poll(sockets, { timeout: 10_000 }).toBeLessThanOrEqual(before);
});

it('stays where one call is slow and another was answered meanwhile', async () => {
  const first = await peerOf(call('Prompt'));
  const slow = call('Held', 1_000);
  await expect.poll(() => held.length).toBe(1);
  await call('Prompt');
  expect((await slow).code).toBe(4);
  expect(await peerOf(call('Prompt'))).toBe(first);
});

it('that was idle for long is left before it is used: whoever stands on the way may have forgotten it, and tells nobody', async () => {
  const port = Number(profile.address.split(':')[1]);
  const way = await startTcpProxy({ port: () => port });
  const idle = createConnection({ ...profile, address: `localhost:${way.port}` });
  const ask = () => idle.call('/test.Held/Prompt', Buffer.alloc(1), { deadlineMs: 20_000 });
  try {
    const first = await peerOf(ask());
    way.forget();
    laterBy(180_001);
    const { code, message } = await ask();
    expect([code, String(message) === first]).toEqual([0, false]);
  } finally {
    idle.close();
    await way.close();
  }
});

it('that was idle for long ends what is under way on it there', async () => {
  const first = await peerOf(call('Prompt'));
  const underWay = call('Held');
  await expect.poll(() => held.length).toBe(1);
  laterBy(120_000);
  expect(await peerOf(call('Prompt')), 'not yet').toBe(first);
  laterBy(180_001);
  expect(await peerOf(call('Prompt'))).not.toBe(first);
  held[0]?.();
  expect(await peerOf(underWay)).toBe(first);
});

it('that was closed opens none again', async () => {
  await call('Prompt');
  const silent = call('Held', 1_000);
  await expect.poll(() => held.length).toBe(1);
  connection.close();
  expect((await silent).code).toBe(4);
  await expect(call('Prompt')).rejects.toMatchObject({ reason: 'CLIENT_CLOSED' });
});

it('that was closed answers what was under way, and says of everything after that it is closed', async () => {
  await call('Prompt');
  const under = call('Held');
  await call('Prompt');
  connection.close();
  await expect(call('Prompt')).rejects.toMatchObject({ reason: 'CLIENT_CLOSED', exitCode: 130 });
  for (const answer of held) answer();
  expect(await under).toMatchObject({ code: 0 });
});
