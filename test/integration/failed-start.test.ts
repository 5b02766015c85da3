/** A gateway that cannot start says in one line which member is to be changed, and ends with a code that a service acts on. */
import { spawn } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'gateway', 'main.ts');

let gateway: TestGateway;
let path: string;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0, config: { metrics: { port: 0 } } });
  const folder = dirname(gateway.deployment.configPath);
  path = join(folder, 'second.json');
  copyFileSync(join(folder, 'heads'), join(folder, 'second-heads'));
});
afterAll(() => gateway?.stop());

/** Starts a second one, with other members or another text; what it says last, and its exit code. */
async function start(changed: object | string) {
  const config = JSON.parse(readFileSync(gateway.deployment.configPath, 'utf8'));
  const log = { ...config.log, heads: 'file:second-heads' };
  const content = typeof changed === 'string' ? changed : JSON.stringify({ ...config, log, ...changed });
  writeFileSync(path, content, { mode: 0o600 });
  const child = spawn(process.execPath, [MAIN, '--config', path], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const lines = (await text(child.stderr)).trim().split('\n');
  return { code: await ended, said: JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

const sentence = (message: string) => ({
  level: 60,
  time: expect.stringMatching(/^\d{4}-.*Z$/),
  event: 'the gateway did not start',
  message: expect.stringContaining(message),
  next: expect.stringMatching(/\.$/),
});

test('beside another process at its port', async () => {
  const { code, said } = await start({ listen: { port: gateway.port }, metrics: undefined });
  expect(said).toEqual(sentence(`listen.port: ${gateway.port} is in use`));
  expect(code).toBe(5);
  // The lease that it had taken is given back: nobody waits for one that never served.
  expect((await gateway.database.pool.query('SELECT FROM worker')).rowCount).toBe(1);
});

test('beside another process at the port of its metrics', async () => {
  const port = gateway.process.metricsPort;
  const { code, said } = await start({ listen: { port: 0 }, metrics: { port } });
  expect(said).toEqual(sentence(`metrics.port: ${port} is in use`));
  expect(code).toBe(5);
});

test('with a kept head that cannot be read', async () => {
  const { log } = JSON.parse(readFileSync(gateway.deployment.configPath, 'utf8'));
  const { code, said } = await start({ listen: { port: 0 }, log: { ...log, heads: 'file:second.json/heads' } });
  expect(said).toEqual(sentence('log.heads: the file cannot be read and replaced there (ENOTDIR)'));
  expect(code).toBe(2);
});

test('with a config that is not JSON: file, line and column, and nothing of what stands there', async () => {
  const { code, said } = await start('{\n  // comment\n\n  // another\n  "version": 1\n  "secret": "hunter2"\n}');
  expect(said).toEqual(sentence(`${path} is not JSON: line 6, column 3`));
  expect(JSON.stringify(said)).not.toContain('hunter2');
  expect(code).toBe(2);
});

test('says it whole where a pipe has no room for all of it', async () => {
  const long = 'x'.repeat(100_000);
  // The shell's own pipe: what Node opens for a child holds more than one argument can.
  const script = '{ "$@" 2>&1; echo $?; } | cat';
  const child = spawn('sh', ['-c', script, 'sh', process.execPath, MAIN, '--config', long]);
  const [said, code] = (await text(child.stdout)).trim().split('\n').slice(-2);
  expect(JSON.parse(said ?? '')).toEqual(sentence(long));
  expect(code).toBe('2');
});
