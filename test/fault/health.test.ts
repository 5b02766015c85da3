/** A gateway whose database is away says so to whoever asks, in each of its threads, and serves again by itself. */
import { Client, credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwnCluster, type OwnCluster } from '../support/database.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { callUnary } from '../support/rpc-harness.ts';

const [SERVING, NOT_SERVING] = [1, 2];
/** Connections: the kernel gives each to a thread, so that all of them go to one is as good as impossible. */
const CONNECTIONS = 16;
const soon = { timeout: 30_000, interval: 500 };

let cluster: OwnCluster;
let gateway: TestGateway;
let clients: Client[];
beforeAll(async () => {
  cluster = await createOwnCluster();
  const config = { limits: { ioThreads: 2 }, metrics: { port: 0 } };
  gateway = await startTestGateway({ database: cluster, crowd: 0, config });
  const { ca, key, certificate } = gateway.identity('viettel');
  const [root, own, chain] = [ca, key ?? '', certificate ?? ''].map((pem) => Buffer.from(pem));
  clients = Array.from({ length: CONNECTIONS }, (_, n) => {
    const alone = { 'grpc.use_local_subchannel_pool': 1, 'lienthong.n': n };
    return new Client(`localhost:${gateway.port}`, credentials.createSsl(root, own, chain), alone);
  });
});
afterAll(async () => {
  for (const client of clients ?? []) client.close();
  await gateway?.stop();
});

/** What health says, over all connections. */
async function told(): Promise<(number | undefined)[]> {
  const answers = await Promise.all(
    clients.map((client) => callUnary(client, '/grpc.health.v1.Health/Check', new Uint8Array())),
  );
  return [...new Set(answers.map(({ message }) => message?.[1]))];
}

async function state(): Promise<string | undefined> {
  const text = await (await fetch(`http://127.0.0.1:${gateway.process.metricsPort}/metrics`)).text();
  return /^lienthong_state\{state="([a-z_]+)"\} 1$/m.exec(text)?.[1];
}

test('health and the state follow the database', async () => {
  expect([await told(), await state()]).toEqual([[SERVING], 'serving']);
  process.kill(cluster.server.pid, 'SIGQUIT');
  await cluster.server.stop().catch(() => undefined);
  await expect.poll(told, soon).toEqual([NOT_SERVING]);
  expect(await state()).toBe('cut_off');
  await cluster.restart();
  await expect.poll(told, soon).toEqual([SERVING]);
  expect(await state()).toBe('serving');
  // That it drains is no trouble, and said once.
  await gateway.process.stop();
  const said = gateway.logged().filter((line) => line.includes('"health says'));
  expect(said.map((line) => JSON.parse(line).state)).toEqual(['cut_off', 'serving']);
});
