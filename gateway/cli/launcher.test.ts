import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);
const launcher = fileURLToPath(new URL('launcher.mjs', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
/** Whatever Node the machine has itself; this test runs on the pinned one. */
const SYSTEM_NODES = ['/usr/bin/node', '/usr/local/bin/node'].filter((path) => existsSync(path));

/** Exit code and output, also of what fails. */
async function outcome(node: string, args: readonly string[]) {
  try {
    const { stdout, stderr } = await run(node, [launcher, ...args]);
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

describe.each([...new Set([process.execPath, ...SYSTEM_NODES])])('the launcher on %s', (node) => {
  test('runs the command line on Node 24 or later', async () => {
    expect(await outcome(node, ['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
    const script = fileURLToPath(new URL('testing/print-version.ts', import.meta.url));
    const { stdout } = await outcome(node, ['--run', script]);
    expect(Number(stdout.split('.')[0])).toBeGreaterThanOrEqual(24);
  });

  test.each([
    ['nonsense', 2],
    ['job list', 3],
  ])('passes on the exit code of %s', async (command, code) => {
    expect((await outcome(node, command.split(' '))).code).toBe(code);
  });
});
