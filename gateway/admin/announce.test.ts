import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { createPool } from '../storage/pool.ts';
import { createAnnouncer } from './announce.ts';

test('a database that is away is told of once, however often it is looked at', async () => {
  let looks = 0;
  const away = createServer((socket) => {
    looks += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(away, 'listening');
  const { port } = away.address() as AddressInfo;
  const pool = createPool({ url: `postgresql://nobody@127.0.0.1:${port}/none`, max: 1 });
  const told: string[] = [];
  const announcer = createAnnouncer({ pool, onFailure: (error) => told.push(String(Object(error).code)) });
  announcer.start();
  announcer.soon();
  await expect.poll(() => looks, { timeout: 10_000 }).toBeGreaterThan(6);
  await announcer.stop();
  await pool.end();
  away.close();
  expect(told.length).toBeGreaterThan(0);
  expect(told).toEqual([...new Set(told)]);
});
