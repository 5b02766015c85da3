import { execFile } from 'node:child_process';
import { getPriority } from 'node:os';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Has a process of its own yield, and say how it stands with each of its threads. */
async function priorities(call: string): Promise<ReadonlyMap<string, readonly number[]>> {
  const program = `
    import { readdirSync, readFileSync } from 'node:fs';
    import { getPriority } from 'node:os';
    import { helpersYieldToCalls, yieldToCalls } from ${JSON.stringify(new URL('yield-to-calls.ts', import.meta.url).href)};
    ${call};
    const threads = readdirSync('/proc/self/task').map((id) => [
      readFileSync('/proc/self/task/' + id + '/comm', 'utf8').trim(),
      getPriority(Number(id)),
    ]);
    console.log(JSON.stringify(threads));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  const found = new Map<string, number[]>();
  for (const [name, niceness] of JSON.parse(stdout) as [string, number][]) {
    found.set(name, [...(found.get(name) ?? []), niceness]);
  }
  return found;
}

test.skipIf(process.platform !== 'linux')('V8’s helper threads yield, and no thread that runs a program', async () => {
  const found = await priorities('helpersYieldToCalls(10)');
  expect(new Set(found.get('V8Worker'))).toEqual(new Set([10]));
  expect(found.get('MainThread')).toEqual([getPriority()]);
});

test.skipIf(process.platform !== 'linux')('a thread yields alone', async () => {
  const found = await priorities('yieldToCalls(7)');
  expect(found.get('MainThread')).toEqual([7]);
  expect(new Set(found.get('V8Worker'))).toEqual(new Set([getPriority()]));
});
