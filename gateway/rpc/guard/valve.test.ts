import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { http2Frame, openAndReset, PREFACE, rawConnect, rawTls, SETTINGS } from '../../../test/support/raw-http2.ts';
import { createTestCa } from '../../../test/support/test-ca.ts';
import { valveOf } from './valve.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const WINDOW_UPDATE = 8;
const DATA = 0;
const RST_BYTES = 13;

/** An HTTP/2 server over TLS, without anything of ours but the valve of its one connection. */
async function setUp(answer = Buffer.alloc(0)) {
  const authority = await createTestCa();
  const [own, agency] = await Promise.all([authority.issue('localhost'), authority.issue('viettel')]);
  const server = createHttp2Server();
  let accepted: TLSSocket | undefined;
  const valve = () => valveOf(accepted as TLSSocket);
  const heard: ((bytes: number) => void)[] = [];
  const opened = new Promise<void>((resolve) => {
    server.on('session', (session) => session.on('error', () => undefined));
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      stream.on('data', (data: Buffer) => {
        for (const hear of heard) hear(data.length);
      });
      stream.respond();
      if (answer.length > 0) stream.write(answer);
      resolve();
    });
  });
  const door = createServer({ cert: own.cert, key: own.key, ALPNProtocols: ['h2'] }, (socket) => {
    accepted = socket;
    socket.on('error', () => undefined);
    server.emit('connection', socket);
  });
  await new Promise<void>((resolve) => door.listen(0, 'localhost', resolve));
  stops.push(
    () => door.close(),
    () => accepted?.destroy(),
  );
  const identity = { ca: authority.ca, ...agency };
  const read = () => accepted?.bytesRead ?? 0;
  return { port: (door.address() as AddressInfo).port, identity, opened, valve, heard, read, socket: () => accepted };
}

describe('a connection that is stopped', () => {
  it('stays unread although what is written lets Node read on, where it is stopped for what came', async () => {
    const { port, identity, opened, valve, heard, read } = await setUp();
    const { session } = rawConnect(port, identity);
    stops.push(() => session.destroy());
    const stream = session.request({ ':method': 'POST', ':path': '/' }, { endStream: false });
    const pump = (): void => {
      while (!stream.destroyed && stream.write(Buffer.alloc(16_384)));
    };
    stream.on('drain', pump).on('error', () => undefined);
    pump();
    await opened;
    await expect.poll(read).toBeGreaterThan(1_000_000);
    const own = valve();
    own.stop();
    heard.push(() => own.stop());
    const before = read();
    for (let i = 0; i < 20; i++) {
      session.ping(() => undefined);
      await sleep(10);
    }
    expect(read() - before).toBeLessThan(1_000_000);
    heard.length = 0;
    own.start();
    await expect.poll(() => read() - before).toBeGreaterThan(2_000_000);
  });

  it('is not read on while its peer takes no answer, and is once it does', async () => {
    const { port, identity, opened, valve, read, socket } = await setUp(Buffer.alloc(20_000_000));
    const peer = await rawTls(port, identity);
    stops.push(() => peer.destroy());
    peer.pause();
    const windows = [Buffer.from([0, 4, 0x7f, 0xff, 0xff, 0xff]), Buffer.from([0x7f, 0, 0, 0])] as const;
    peer.write(
      Buffer.concat([
        PREFACE,
        http2Frame(SETTINGS, 0, 0, windows[0]),
        http2Frame(WINDOW_UPDATE, 0, 0, windows[1]),
        openAndReset(1, '/').subarray(0, -RST_BYTES),
      ]),
    );
    await opened;
    await expect
      .poll(() => (socket() as never as { _handle: { writeQueueSize: number } })._handle.writeQueueSize)
      .toBeGreaterThan(0);
    peer.write(Buffer.concat(Array.from({ length: 50_000 }, () => http2Frame(DATA, 0, 1, Buffer.alloc(1)))));
    // By then Node has stopped reading.
    await sleep(300);
    const before = read();
    const own = valve();
    own.stop();
    own.start();
    await sleep(300);
    expect(read() - before).toBeLessThanOrEqual(65_536);
    peer.resume();
    await expect.poll(() => read() - before).toBe(500_000);
  });
});
