/** A fault that nobody catches ends a program in words of its own: Node's would quote whatever the error quotes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';

const GATEWAY = join(import.meta.dirname, '..', '..', 'gateway');
const NUMBER = '904812637495';
/** As of a parser that was given a person; not in the text of the program, whose name stands in the places of a fault. */
const FAULT = "Promise.reject(new SyntaxError('Unexpected token in personal_id ' + process.env.PLANTED))";
/** In front of a program: the fault comes as a signal does. */
const AT_SIGNAL = `process.on('SIGUSR2', () => void ${FAULT})`;
/** The same as soon as the program listens for a signal. */
const AT_ONCE = (signal: string) => `const { on } = process; process.on = function (event, ...rest) {
  if (event === '${signal}') setImmediate(() => void ${FAULT});
  return on.call(this, event, ...rest);
}`;

function start(before: string, program: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', `data:text/javascript,${encodeURIComponent(before)}`].concat(
      join(GATEWAY, program),
      args,
    ),
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LANG: 'C', LC_ALL: 'C', PLANTED: NUMBER, ...env } },
  );
  const [out, said] = [text(child.stdout), text(child.stderr)];
  const ended = once(child, 'exit').then(async ([code]) => ({ code, out: await out, said: await said }));
  return { child, ended };
}

const lastWords = {
  level: 60,
  time: expect.stringMatching(/^\d{4}-.*Z$/),
  event: 'a fault that nobody caught',
  fault: 'SyntaxError',
  at: expect.any(Array),
};

test('a gateway that serves: one line without a value, and its lease is given back', async () => {
  const gateway = await startTestGateway({ crowd: 0 });
  try {
    await gateway.process.stop();
    const { child, ended } = start(AT_SIGNAL, 'main.ts', ['--config', gateway.deployment.configPath]);
    await once(child.stdout, 'data');
    child.kill('SIGUSR2');
    const { code, said } = await ended;
    expect(code).toBe(1);
    const lines = said.trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual(lastWords);
    expect(lines.filter((line) => !line.startsWith('{'))).toEqual([]);
    expect(said).not.toContain(NUMBER);
    expect((await gateway.database.pool.query('SELECT FROM worker')).rowCount).toBe(0);
  } finally {
    await gateway.stop();
  }
});

test('a gateway that starts', async () => {
  const { code, said } = await start(AT_ONCE('SIGTERM'), 'main.ts', ['--config', '/dev/stdin']).ended;
  expect(JSON.parse(said.trim().split('\n')[0] ?? '')).toEqual(lastWords);
  expect(code).toBe(1);
  expect(said).not.toContain(NUMBER);
});

test('the command line, also where it is asked for the places of a fault', async () => {
  const env = { LIENTHONG_DEBUG: '1' };
  const { code, out, said } = await start(AT_ONCE('SIGHUP'), 'cli/main.ts', ['--help'], env).ended;
  const [happened, next, ...places] = said.trim().split('\n');
  expect(happened).toBe('A fault in lienthong itself: SyntaxError');
  expect(next).toContain('Run it again');
  for (const place of places) expect(place).toMatch(/^ {4}at /);
  expect([code, out]).toEqual([5, '']);
  expect(said).not.toContain(NUMBER);
});
