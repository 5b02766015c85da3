import { type ClientHttp2Session, connect, createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GET_INFO, type RpcHarness, startRpc } from '../../test/support/rpc-harness.ts';

const WINDOW = 3 * 1024 * 1024;
let rpc: RpcHarness;
beforeAll(async () => {
  rpc = await startRpc({ limits: { windowBytes: WINDOW } });
});
afterAll(() => rpc.stop());

async function afterOneStream(port: number): Promise<ClientHttp2Session> {
  const session = connect(`https://localhost:${port}`, { ca: rpc.authority.ca, ...rpc.agency });
  const stream = session.request({
    ':method': 'POST',
    ':path': GET_INFO,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  stream.resume();
  stream.end(Buffer.alloc(5));
  await new Promise((resolve) => stream.on('close', resolve));
  return session;
}

describe('the HTTP/2 windows', () => {
  it('of a connection and of its streams are raised at the first stream', async () => {
    const session = await afterOneStream(rpc.port);
    await expect.poll(() => session.remoteSettings.initialWindowSize).toBe(WINDOW);
    await expect.poll(() => session.state.remoteWindowSize ?? 0).toBeGreaterThan(WINDOW - 1000);
    session.destroy();
  });

  it("of another server in the same process stay as they are, also behind the same clients' certificates", async () => {
    const own = await rpc.authority.issue('localhost');
    const other = createSecureServer({ ...own, ca: rpc.authority.ca, requestCert: true }, (_, response) =>
      response.end(),
    );
    await new Promise<void>((resolve) => other.listen(0, resolve));
    const session = await afterOneStream((other.address() as AddressInfo).port);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(session.remoteSettings.initialWindowSize).toBe(65_535);
    session.destroy();
    other.close();
  });
});
