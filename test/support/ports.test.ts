import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { atPort, BLOCK, firstPort, rangeGiven, testPort } from './ports.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listenAt(port: number): Promise<number> {
  const server = createServer();
  open.push(server);
  server.listen(port, '127.0.0.1');
  // Rejects where it is taken.
  await once(server, 'listening');
  return port;
}

test('a port lies below those that the machine gives, and can be listened at', async () => {
  const port = await listenAt(await testPort());
  const given = Number(rangeGiven().split(/\s+/)[0] || Number.NaN);
  // Where the machine gives nearly all ports there is no room below.
  if (given > 12_000) expect(port).toBeLessThan(given);
  expect(port).toBeGreaterThan(1024);
});

test.each([
  ['32768\t60999\n', 22_768],
  ['49152\t65535\n', 22_768],
  ['15000\t65000\n', 5000],
  ['1024\t65535\n', 22_768],
  ['', 22_768],
])('of a machine that gives from %j the blocks begin at %i', (range, first) => {
  expect(firstPort(range)).toBe(first);
});

test('one at which somebody listens is passed over, and none is given twice in a round', async () => {
  const before = await testPort();
  const first = Math.floor((before - firstPort(rangeGiven())) / BLOCK) * BLOCK + firstPort(rangeGiven());
  const next = before + 1 < first + BLOCK ? before + 1 : first + 1;
  await listenAt(next);
  const round = [before];
  for (let n = 0; n < BLOCK - 3; n++) round.push(await testPort());
  expect(new Set(round).size).toBe(BLOCK - 2);
  expect(round).not.toContain(next);
  // The block's own first port, by which it is held.
  expect(round).not.toContain(first);
});

test('processes beside each other have blocks of their own', async () => {
  const program = `
    import { testPort } from ${JSON.stringify(join(import.meta.dirname, 'ports.ts'))};
    process.stdout.write(String(await testPort()) + '\\n');
    process.stdin.resume();`;
  const children = [0, 1, 2].map(() =>
    spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  // All of them have theirs before the first one ends.
  const said = await Promise.all(children.map(async ({ stdout }) => Number(String((await once(stdout, 'data'))[0]))));
  const ended = children.map(({ stdout, stdin }) => {
    stdin.end();
    return text(stdout);
  });
  await Promise.all(ended);
  const blocks = [...said, await testPort()].map((port) => Math.floor((port - firstPort(rangeGiven())) / BLOCK));
  expect(new Set(blocks).size).toBe(4);
});

test.each([
  'listen.port: 22800 is in use by another process',
  'The embedded PostgreSQL did not start in /tmp/x:\nLOG:  could not bind IPv4 address "127.0.0.1": Address already in use',
])('where another was quicker it is tried once more, at another port: %s', async (message) => {
  const tried: number[] = [];
  const told = await atPort(async (port) => {
    tried.push(port);
    if (tried.length === 1) throw new Error(message);
    return port;
  });
  expect(tried).toHaveLength(2);
  expect(told).toBe(tried[1]);
  expect(tried[0]).not.toBe(tried[1]);
  await expect(atPort(() => Promise.reject(new Error(message)))).rejects.toThrow(message);
});

test('what fails otherwise is not tried again', async () => {
  let tries = 0;
  const failed = atPort(async () => {
    tries += 1;
    throw new Error('The data folder /tmp/x is in use by process 7: stop that one first, or take another folder.');
  });
  await expect(failed).rejects.toThrow('is in use by process 7');
  expect(tries).toBe(1);
});
