import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listenForScrapes, type MetricsListener } from './metrics-listener.ts';

let listener: MetricsListener;
let silent: Socket[];
beforeEach(async () => {
  silent = [];
  const metrics = { text: async () => 'lienthong_state 1\n', contentType: 'text/plain; version=0.0.4' };
  listener = await listenForScrapes({ host: '127.0.0.1', port: 0 }, metrics, () => undefined);
});
afterEach(async () => {
  for (const socket of silent) socket.destroy();
  await listener.close();
});

const ask = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${listener.port}${path}`, { method });

test('GET /metrics and nothing else is answered', async () => {
  const answer = await ask('/metrics');
  expect([answer.status, await answer.text()]).toEqual([200, 'lienthong_state 1\n']);
  expect(answer.headers.get('connection')).toBe('close');
  expect([(await ask('/')).status, (await ask('/metrics', 'POST')).status]).toEqual([404, 405]);
});

test('connections that say nothing keep scrapes out for a moment only', async () => {
  for (let n = 0; n < 16; n += 1) silent.push(connect(listener.port, '127.0.0.1').on('error', () => undefined));
  const scraped = () =>
    ask('/metrics').then(
      ({ status }) => status,
      () => 0,
    );
  await expect.poll(scraped, { timeout: 10_000, interval: 250 }).toBe(200);
});
