import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callUnary, GET_INFO, GET_PERSON, type RpcHarness, startRpc } from '../../test/support/rpc-harness.ts';
import { createTestCa, type TestCertificate } from '../../test/support/test-ca.ts';
import { HANDSHAKE_FAULTS, type HandshakeFault, NOTHING_HELD } from '../telemetry/edge-usage.ts';
import { createListener, type Sharing, splitAddress } from './listener.ts';

let rpc: RpcHarness;
let calls = 0;
beforeAll(async () => {
  const count = async ({ message }: { message: Uint8Array }) => {
    calls += 1;
    return { message, signature: 's' };
  };
  rpc = await startRpc({ unary: count, open: count });
});
afterAll(() => rpc.stop());

const HOUR = 3_600_000;

/** Connects without gRPC; resolves once the server has let the connection live for a moment, or ended it. */
function dial(options: ConnectionOptions): Promise<{ alive: boolean; socket: TLSSocket }> {
  const { cert, key } = rpc.agency;
  return new Promise((resolve) => {
    const base = { host: 'localhost', port: rpc.port, ca: rpc.authority.ca, cert, key, ALPNProtocols: ['h2'] };
    const socket: TLSSocket = connect({ ...base, ...options });
    const settle = (alive: boolean) => resolve({ alive, socket });
    socket.on('error', () => settle(false));
    socket.on('close', () => settle(false));
    socket.on('secureConnect', () => setTimeout(() => settle(true), 150));
    socket.resume();
  });
}

/** Says that much and no more; resolves when the server has ended it. */
function spoken(port: number, text: string): Promise<void> {
  const socket = connectPlain({ host: 'localhost', port }).on('error', () => undefined);
  socket.resume().write(text);
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

describe('a connection', () => {
  it.each([
    ['no certificate', async () => undefined],
    ['a certificate of a foreign CA', async () => (await createTestCa()).issue('viettel')],
    ['a certificate of a foreign CA of the same name', async () => (await createTestCa('Test CA')).issue('viettel')],
    [
      'an expired certificate',
      () =>
        rpc.authority.issue('viettel', {
          notBefore: new Date(Date.now() - HOUR),
          notAfter: new Date(Date.now() - 1000),
        }),
    ],
    [
      'a certificate that is not yet valid',
      () =>
        rpc.authority.issue('viettel', {
          notBefore: new Date(Date.now() + HOUR),
          notAfter: new Date(Date.now() + 2 * HOUR),
        }),
    ],
  ])('with %s gets no call through, and the refusal is logged by its code', async (_, make) => {
    const before = calls;
    rpc.logged.length = 0;
    const client = rpc.connect({ certificate: await make() });
    for (const path of [GET_PERSON, GET_INFO, '/grpc.health.v1.Health/Check']) {
      const { error } = await callUnary(client, path, Buffer.alloc(0), { deadline: 3000 });
      expect(error?.code).toBe(14);
    }
    expect(calls).toBe(before);
    expect(rpc.logged.length).toBeGreaterThan(0);
    expect(rpc.logged.join()).toMatch(/a TLS handshake was refused/);
    expect(rpc.logged.join()).not.toMatch(/viettel/);
  });

  it('whose handshake takes too long is ended, and is none of those that there may be', async () => {
    // The good handshake below has no longer.
    const other = await startRpc({ limits: { handshakeMs: 2_000, connections: 2 } });
    await Promise.all([spoken(other.port, ''), spoken(other.port, '')]);
    const { alive, socket } = await dial({ port: other.port, ca: other.authority.ca, ...other.agency });
    expect(alive).toBe(true);
    socket.destroy();
    await other.stop();
  });

  it('that comes to nothing is counted by why, once, and its line says so', async () => {
    const other = await startRpc({ limits: { handshakeMs: 2_000 } });
    const { ca, issue } = other.authority;
    const own = { port: other.port, ca };
    const counted = () => other.server.edge().refusedHandshakes;
    expect(counted()).toEqual(NOTHING_HELD.refusedHandshakes);
    const hours = (from: number, to: number) => ({
      notBefore: new Date(Date.now() + from * HOUR),
      notAfter: new Date(Date.now() + to * HOUR),
    });
    const foreign = await (await createTestCa('Other CA')).issue('viettel');
    const namesake = await (await createTestCa('Test CA')).issue('viettel');
    let refused = 0;
    const shown = async (certificate: TestCertificate, options: ConnectionOptions = {}) => {
      const { cert, key } = certificate;
      const { socket } = await dial({ ...own, cert, key, ...options });
      refused += 1;
      // Not before it was looked at.
      await expect.poll(() => Object.values(counted()).reduce((sum, each) => sum + each)).toBe(refused);
      socket.destroy();
    };
    await shown({ cert: '', key: '', fingerprint: '' });
    await shown(foreign);
    await shown(namesake);
    await shown(await issue('viettel', hours(-2, -1)));
    await shown(await issue('viettel', hours(1, 2)));
    await shown(other.agency, { maxVersion: 'TLSv1.2' });
    await shown(other.agency, { ALPNProtocols: ['http/1.1'] });
    await Promise.all([spoken(other.port, 'GET / HTTP/1.1\r\n\r\n'), spoken(other.port, '')]);
    const probe = connectPlain({ host: 'localhost', port: other.port });
    await once(probe, 'connect');
    probe.destroy();
    // Who is let in counts nowhere here.
    const good = await dial({ ...own, ...other.agency });
    expect(good.alive).toBe(true);
    good.socket.destroy();
    await expect.poll(counted).toEqual({
      ...NOTHING_HELD.refusedHandshakes,
      ...{ NO_CERTIFICATE: 1, UNKNOWN_AUTHORITY: 2, EXPIRED: 1, NOT_YET_VALID: 1, PROTOCOL: 3, TIMEOUT: 1, LEFT: 1 },
    });
    const whys = other.logged.map((line) => JSON.parse(line).why as HandshakeFault);
    expect(whys.toSorted()).toEqual(
      HANDSHAKE_FAULTS.flatMap((why) => Array.from({ length: counted()[why] }, () => why)).toSorted(),
    );
    await other.stop();
  });

  it('that strangers open in numbers fills no log: a few lines a second, which count them all', async () => {
    // Of its own: clients that were refused before try on.
    const other = await startRpc();
    const refused = () => dial({ maxVersion: 'TLSv1.2', port: other.port, ca: other.authority.ca });
    await Promise.all(Array.from({ length: 60 }, refused));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await refused();
    const counts = () => other.logged.map((line) => Number(JSON.parse(line).count));
    await expect.poll(() => counts().reduce((sum, count) => sum + count, 0)).toBe(61);
    expect(counts().length).toBeLessThan(61);
    await other.stop();
  });

  it('does not talk to a client that trusts another CA', async () => {
    const client = rpc.connect({ ca: (await createTestCa()).ca });
    expect((await callUnary(client, GET_INFO, Buffer.alloc(0), { deadline: 3000 })).error?.code).toBe(14);
  });

  it('lives with TLS 1.3 and h2 only', async () => {
    const good = await dial({});
    expect([good.alive, good.socket.getProtocol(), good.socket.alpnProtocol]).toEqual([true, 'TLSv1.3', 'h2']);
    good.socket.destroy();
    expect((await dial({ maxVersion: 'TLSv1.2' })).alive).toBe(false);
    expect((await dial({ ALPNProtocols: ['http/1.1'] })).alive).toBe(false);
  });

  it('is never resumed without its certificate', async () => {
    const sessions: Buffer[] = [];
    const first = await dial({});
    first.socket.on('session', (session) => sessions.push(session));
    const { socket } = await dial({ session: first.socket.getSession() });
    expect(socket.isSessionReused()).toBe(false);
    first.socket.destroy();
    socket.destroy();
  });

  it('that says nothing harms nobody', async () => {
    const silent = await Promise.all(Array.from({ length: 20 }, () => dial({})));
    expect((await callUnary(rpc.connect(), GET_INFO, Buffer.from('x'))).message?.toString()).toBe('x');
    for (const { socket } of silent) socket.destroy();
  });
});

describe('listening', () => {
  const at = (port: number, sharing: Sharing, host = 'localhost') =>
    createListener({
      address: `${host}:${port}`,
      tls: { ca: rpc.authority.ca, ...rpc.agency },
      handshakeMs: 1000,
      connections: 10,
      sharing,
      accept: () => {},
      busy: () => false,
      onTurnedAway: () => {},
      onRefused: () => {},
      handshakes: 10,
      handshakesPerAddress: 10,
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });

  it('fails where another server has the port, and leaves that one alone', async () => {
    for (const sharing of ['none', 'first', 'joining'] as const) {
      await expect(at(rpc.port, sharing).listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    }
    expect((await callUnary(rpc.connect(), GET_INFO, Buffer.from('x'))).message?.toString()).toBe('x');
  });

  it('fails by its code at an address that is not of this machine', async () => {
    await expect(at(0, 'none', '192.0.2.1').listen()).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });

  it('at a port that is shared is for those who join, and for no second one that would be the first', async () => {
    const first = at(0, 'first');
    const port = await first.listen();
    const joined = at(port, 'joining');
    expect(await joined.listen()).toBe(port);
    await expect(at(port, 'first').listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    for (const listener of [first, joined]) listener.close();
  });
});

describe('an address', () => {
  it('is host and port', () => {
    expect(splitAddress('localhost:7443')).toEqual({ host: 'localhost', port: 7443 });
    expect(splitAddress('[::1]:0')).toEqual({ host: '::1', port: 0 });
    expect(splitAddress('0.0.0.0:65535')).toEqual({ host: '0.0.0.0', port: 65_535 });
    for (const bad of ['', 'localhost', ':1', 'localhost:', 'localhost:65536', '::1:1', 'a:b', 'localhost:7443/']) {
      expect(() => splitAddress(bad)).toThrow('host:port');
    }
  });
});
