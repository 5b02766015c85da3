import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { atPort, testPort } from '../../test/support/ports.ts';
import { startEmbedded } from './embedded.ts';
import { createPool } from './pool.ts';
import { isAlive, until } from './server-process.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-embedded-'));
  // For all tests that need no new one: making a cluster takes longer than any of them.
  await (await start('keep')).stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SMALL = { shared_buffers: '32MB' };
const start = (name: string) =>
  atPort((port) => startEmbedded({ dataDir: join(folder, name), durable: true, port, settings: SMALL }));

async function run(url: string, sql: string): Promise<unknown[]> {
  const pool = createPool({ url, max: 1 });
  try {
    return (await pool.query(sql)).rows;
  } finally {
    await pool.end();
  }
}

test('keeps its data and its password across restarts, and says when the folder is in use', async () => {
  const first = await start('keep');
  await run(first.url, 'CREATE TABLE kept AS SELECT 7 AS x');
  await expect(start('keep')).rejects.toThrow(/in use by process/);
  await expect(start('keep')).rejects.toMatchObject({
    words: { vi: expect.stringContaining(`đang được tiến trình ${process.pid} sử dụng`) },
  });
  const secret = join(folder, 'keep', 'superuser-password');
  expect(statSync(secret).mode & 0o777).toBe(0o600);
  await first.stop();
  await first.stop();
  const second = await start('keep');
  expect(await run(second.url, 'SELECT x FROM kept')).toEqual([{ x: 7 }]);
  // Another password does not open it, even from loopback.
  await expect(run(second.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow();
  await second.stop();
});

test('a lock left by a process that is no more does not stop the start', async () => {
  // This test's own process id: alive, and no server.
  const lock = [process.pid, join(folder, 'keep', 'cluster'), 1, 5432, '', '127.0.0.1', '0 0', 'ready', ''].join('\n');
  writeFileSync(join(folder, 'keep', 'cluster', 'postmaster.pid'), lock);
  const second = await start('keep');
  expect(await run(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await second.stop();
});

test.skipIf(process.platform === 'win32')(
  'the server ends when its process is killed, and the folder can be used again',
  async () => {
    const program = `
    import { startEmbedded } from ${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))};
    const s = await startEmbedded({ dataDir: ${JSON.stringify(join(folder, 'killed'))}, durable: true, port: ${await testPort()}, settings: { shared_buffers: '32MB' } });
    process.stdout.write(String(s.pid) + '\\n');
    setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((done) => child.stdout.once('data', (text) => done(Number(String(text)))));
    expect(isAlive(pid)).toBe(true);
    // The signal is only on its way when kill returns: the folder is its owner's until that one has gone.
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    const again = await start('killed');
    expect(again.pid).not.toBe(pid);
    expect(isAlive(pid)).toBe(false);
    await again.stop();
  },
);

test.skipIf(process.platform === 'win32')('works below a folder that only its owner may enter', async () => {
  const closed = join(folder, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o700);
  for (let round = 0; round < 2; round++) {
    const server = await start('closed/db');
    await run(server.url, 'CREATE TABLE IF NOT EXISTS t AS SELECT 1 AS x');
    await run(server.url, 'CHECKPOINT');
    await server.stop();
  }
});

test('without a port it takes one that is free', async () => {
  const server = await atPort(() => startEmbedded({ dataDir: join(folder, 'keep'), durable: true, settings: SMALL }));
  expect(await run(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await server.stop();
});

test('a port that is taken is said, with the server log', async () => {
  const first = await start('keep');
  const second = startEmbedded({ dataDir: join(folder, 'other'), durable: true, port: first.port, settings: SMALL });
  await expect(second).rejects.toThrow(/did not start.*(in use|bind)/s);
  await expect(second).rejects.toMatchObject({
    words: { vi: expect.stringMatching(/^PostgreSQL nhúng không khởi động/) },
  });
  await first.stop();
});

test('no value of a statement reaches the server log', async () => {
  const server = await start('keep');
  const canary = 'CANARYVALUE';
  await run(server.url, `SELECT '${canary}'::int`).catch(() => {});
  await run(server.url, `CREATE TABLE u (x text PRIMARY KEY); INSERT INTO u VALUES ('${canary}')`);
  await run(server.url, `INSERT INTO u VALUES ('${canary}')`).catch(() => {});
  await server.stop();
  await until(() => false, 50);
  expect(readFileSync(join(folder, 'keep', 'postgres.log'), 'utf8')).not.toContain(canary);
});
