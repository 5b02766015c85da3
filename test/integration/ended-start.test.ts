/** A gateway that ends before it listens leaves no lease behind: withdrawals would wait for whoever holds one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../gateway/storage/pool.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'gateway', 'main.ts');

let gateway: TestGateway;
const locks: Connection[] = [];
const children: ChildProcess[] = [];
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0 });
  await gateway.process.stop();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const lock of locks.splice(0)) lock.release(true);
});
afterAll(() => gateway?.stop());

const query = (statement: string) => gateway.database.pool.query(statement);

/** Whoever wants to write the table, or by default to read it too, waits until the connection is released. */
async function hold(table: string, mode = 'ACCESS EXCLUSIVE'): Promise<Connection> {
  const connection = await gateway.database.pool.connect();
  locks.push(connection);
  await connection.query('BEGIN');
  await connection.query(`LOCK TABLE ${table} IN ${mode} MODE`);
  return connection;
}

function start(stdio: 'held' | 'alone' = 'alone') {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN, '--config', gateway.deployment.configPath],
    {
      stdio: ['ignore', 'ignore', 'pipe', ...(stdio === 'held' ? (['ipc'] as const) : [])],
      env: { ...process.env, LIENTHONG_LOG_LEVEL: 'error' },
    },
  );
  children.push(child);
  const { stderr } = child;
  if (stderr === null) throw new Error('a process without pipes');
  const said = text(stderr);
  const ended = once(child, 'exit').then(async ([code, signal]) => ({ code, signal, said: await said }));
  return { child, ended };
}

const hasLease = () =>
  expect.poll(async () => (await query('SELECT FROM worker')).rowCount, { timeout: 30_000 }).toBe(1);

test('as SIGTERM asks, in the middle of its start', async () => {
  await hold('agreement');
  const { child, ended } = start();
  await hasLease();
  child.kill('SIGTERM');
  expect(await ended).toEqual({ code: 0, signal: null, said: '' });
  expect((await query('SELECT FROM worker')).rowCount).toBe(0);
});

test('because whoever started it is gone', async () => {
  await hold('agreement');
  const { child, ended } = start('held');
  await hasLease();
  child.disconnect();
  expect(await ended).toEqual({ code: 0, signal: null, said: '' });
  expect((await query('SELECT FROM worker')).rowCount).toBe(0);
});

test('as SIGTERM asks, while its lease is being taken', async () => {
  const lock = await hold('worker', 'SHARE');
  const { child, ended } = start();
  const waiting = () =>
    query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO worker%'");
  await expect.poll(async () => (await waiting()).rowCount, { timeout: 30_000 }).toBeGreaterThan(0);
  child.kill('SIGTERM');
  await lock.query('ROLLBACK');
  expect(await ended).toEqual({ code: 0, signal: null, said: '' });
  expect((await query('SELECT FROM worker')).rowCount).toBe(0);
});

test('because another gateway struck it off', async () => {
  await hold('agreement');
  const { ended } = start();
  await hasLease();
  await query('DELETE FROM worker');
  const { said, ...how } = await ended;
  expect(how).toEqual({ code: 1, signal: null });
  expect(
    said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([expect.objectContaining({ level: 50, event: 'this worker was fenced off: it drains and ends' })]);
});
