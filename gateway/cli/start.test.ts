/** Processes of their own with readers that are slow, gone or stuck: only there an end can come before what was said is out. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const PROGRAM = path('testing/say-much.ts');
const STARTS = { directly: [PROGRAM], 'by the launcher': [path('launcher.mjs'), '--run', PROGRAM] };

const ROWS = Array.from({ length: 100_000 }, (_, i) => `row ${String(i).padStart(6, '0')}`);
const TEXT = `${ROWS.join('\n')}\n`;
/** What a failed test prints is not a megabyte. */
const short = (text: string) => text.replace(TEXT, 'all of it, ');

const env = { ...process.env, LANG: 'C', LC_ALL: 'C' };
const start = (args: readonly string[], stdout: 'pipe' | number = 'pipe') =>
  spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    stdio: ['ignore', stdout, 'pipe'],
    env,
  });

/** The pipe is full whenever its reader looks. */
async function readSlowly(stream: Readable | null): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream ?? []) {
    pieces.push(piece as Buffer);
    await sleep(5);
  }
  return Buffer.concat(pieces).toString();
}

async function outcome(child: ChildProcess) {
  const ended = once(child, 'exit');
  const [out, said, [code]] = await Promise.all([readSlowly(child.stdout), readSlowly(child.stderr), ended]);
  return { code, out: short(out), said: short(said) };
}

describe.each(Object.entries(STARTS))('a command started %s loses nothing to a slow reader', (_name, program) => {
  test('of a result, for people and for programs', async () => {
    expect(await outcome(start([...program, 'list']))).toEqual({ code: 0, out: 'all of it, ', said: '' });
    const { code, out } = await outcome(start([...program, 'list', '--json']));
    expect(code).toBe(0);
    expect(out.length).toBeGreaterThan(1_000_000);
    expect(JSON.parse(out).rows.length).toBe(ROWS.length);
  }, 60_000);

  test('of its progress, and of the result behind it', async () => {
    expect(await outcome(start([...program, 'long-run']))).toEqual({
      code: 10,
      out: 'all of it, ',
      said: 'all of it, ',
    });
  }, 60_000);

  test('of why it failed', async () => {
    const { code, out, said } = await outcome(start([...program, 'fail', '--json']));
    expect(code).toBe(3);
    expect(said).toMatch(/^all of it, No profile was named\.\n.*\.\n$/);
    expect(JSON.parse(out)).toMatchObject({ error: { reason: 'PROFILE_NEEDED' } });
  }, 60_000);

  test('of what it said before a fault that nobody caught', async () => {
    const { code, out, said } = await outcome(start([...program, 'break']));
    expect({ code, out }).toEqual({ code: 5, out: 'all of it, ' });
    expect(said).toContain('A fault in lienthong itself: nobody catches this\n');
  }, 60_000);

  test('of what it said when it was interrupted', async () => {
    const child = start([...program, 'tidy']);
    await once(child.stderr ?? child, 'readable');
    child.kill('SIGTERM');
    const { code, out, said } = await outcome(child);
    expect({ code, out }).toEqual({ code: 130, out: 'all of it, ' });
    expect(said).toMatch(/^begun\nInterrupted/);
  }, 60_000);
});

describe('a command whose reader takes no more', () => {
  test('ends quietly where the pipe is closed', async () => {
    const child = start([PROGRAM, 'list']);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const [said, [code]] = await Promise.all([readSlowly(child.stderr), once(child, 'exit')]);
    expect({ code, said }).toEqual({ code: 0, said: '' });
  }, 60_000);

  test('is ended by one Ctrl-C once nothing but its output is left', async () => {
    const child = start([PROGRAM, 'list']);
    const ended = once(child, 'exit');
    // The first of it is there: all of it was said in one piece, and the pipe is full.
    await once(child.stdout ?? child, 'readable');
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
  }, 60_000);

  test('is ended by a second Ctrl-C where the first one ended the command', async () => {
    const child = start([PROGRAM, 'tidy']);
    const ended = once(child, 'exit');
    await once(child.stderr ?? child, 'readable');
    child.kill('SIGINT');
    await once(child.stdout ?? child, 'readable');
    const more = setInterval(() => child.kill('SIGINT'), 100);
    expect(await ended).toEqual([130, null]);
    clearInterval(more);
  }, 60_000);
});

test.skipIf(!existsSync('/dev/full'))(
  'a result that the disk has no room for is no success',
  async () => {
    const full = openSync('/dev/full', 'w');
    const { code, said } = await outcome(start([PROGRAM, 'list'], full));
    closeSync(full);
    expect(code).toBe(2);
    expect(said).toContain('Cannot write stdout (ENOSPC).\n');
  },
  60_000,
);
