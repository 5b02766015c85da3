import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

let server: Server;
let proxy: TcpProxy;
/** What the far side got, and the connections it has. */
let got: Buffer;
let far: Socket[];
beforeEach(async () => {
  got = Buffer.alloc(0);
  far = [];
  server = createServer({ allowHalfOpen: true }, (socket) => {
    far.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      got = Buffer.concat([got, bytes]);
      socket.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startTcpProxy({ port: () => (server.address() as { port: number }).port });
});
afterEach(async () => {
  await proxy.close();
  for (const socket of far) socket.destroy();
  server.close();
});

function near() {
  const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  const state = { back: Buffer.alloc(0), error: undefined as NodeJS.ErrnoException | undefined, ended: false };
  socket.on('data', (bytes: Buffer) => {
    state.back = Buffer.concat([state.back, bytes]);
  });
  socket.on('error', (error) => {
    state.error = error;
  });
  socket.on('end', () => {
    state.ended = true;
  });
  return { socket, state };
}
const until = async (done: () => boolean) => {
  while (!done()) await new Promise((next) => setTimeout(next, 5));
};

describe('a proxy', () => {
  it('carries what passes, both ways, and counts it', async () => {
    const { socket, state } = near();
    socket.write(Buffer.alloc(100_000, 1));
    await until(() => state.back.length === 100_000);
    expect(proxy.passed).toEqual({ up: 100_000, down: 100_000 });
    expect(proxy.struck).toBe(false);
  });

  it('forgets the connections of now, and tells neither side; later ones are carried', async () => {
    const old = near();
    old.socket.write('a');
    await until(() => old.state.back.length === 1);
    proxy.forget();
    old.socket.end('lost');
    const { socket, state } = near();
    socket.write('b');
    await until(() => state.back.length === 1);
    expect([got.toString(), old.state]).toEqual(['ab', { back: Buffer.from('a'), error: undefined, ended: false }]);
  });

  it('cuts at its byte: that many came through and no more, and both sides are reset', async () => {
    proxy.set({ kind: 'cut', direction: 'up', afterBytes: 777 });
    const { socket, state } = near();
    socket.write(Buffer.alloc(5000));
    await until(() => state.error !== undefined);
    expect([state.error?.code, proxy.struck]).toEqual(['ECONNRESET', true]);
    expect(got.length).toBeLessThanOrEqual(777);
    const next = near();
    next.socket.write('again');
    await until(() => next.state.back.length === 5);
  });

  it('stalls, and goes on with not a byte lost', async () => {
    proxy.set({ kind: 'stall', direction: 'down', afterBytes: 10, ms: 50 });
    const { socket, state } = near();
    socket.write('0123456789abcdef');
    await until(() => state.back.length === 16);
    expect(state.back.toString()).toBe('0123456789abcdef');
    expect(proxy.struck).toBe(true);
  });

  it('closes one half: the far side sees an end, and may still speak', async () => {
    proxy.set({ kind: 'half-close', direction: 'up', afterBytes: 4 });
    const { socket, state } = near();
    socket.write('01234567');
    await until(() => got.length === 4);
    far[0]?.write('still here');
    await until(() => state.back.toString().endsWith('still here'));
    expect(got.toString()).toBe('0123');
  });

  it('slows, and nothing is lost', async () => {
    proxy.set({ kind: 'slow', direction: 'up', afterBytes: 1, bytesPerSecond: 1_000_000 });
    const { socket, state } = near();
    socket.write(Buffer.alloc(50_000));
    await until(() => state.back.length === 50_000);
    expect(proxy.struck).toBe(true);
  });

  it('keeps two sides apart until it no longer does', async () => {
    proxy.partition(true);
    const { state } = near();
    await until(() => state.error !== undefined);
    proxy.partition(false);
    const { socket, state: later } = near();
    socket.write('hello');
    await until(() => later.back.length === 5);
  });
});
