import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** `test/fault/kill.test.ts` at that many more moments: calls of one person beside a stream made by hand. What failed, if anything. */
export function playCalls(seed: number, rounds: number): Promise<string | undefined> {
  const launcher = join(ROOT, 'gateway', 'cli', 'launcher.mjs');
  const args = ['--exec', 'vitest', 'run', '--project', 'fault', 'test/fault/kill.test.ts'];
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LIENTHONG_SOAK_ROUNDS: String(rounds), LIENTHONG_SOAK_SEED: String(seed) },
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  return new Promise((resolve) => {
    child.once('close', (code) => resolve(code === 0 ? undefined : `kill.test.ts failed: ${said}`));
  });
}
