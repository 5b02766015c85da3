import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { copyToCache } from './pg-binaries.ts';

let folder: string;
let root: string;
let temporary: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-copies-'));
  root = join(folder, 'package');
  temporary = join(folder, 'tmp');
  mkdirSync(join(root, 'native', 'bin'), { recursive: true });
  writeFileSync(join(root, 'native', 'bin', 'postgres'), 'ours');
  writeFileSync(join(root, 'native', 'pg-symlinks.json'), '[]');
  mkdirSync(temporary);
  vi.stubEnv('TMPDIR', temporary);
  vi.stubEnv('TEMP', temporary);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const programIn = (home: string) => readFileSync(join(home, 'native', 'bin', 'postgres'), 'utf8');

test('the programs are copied once, and used again', async () => {
  const home = await copyToCache(root, '1.0');
  expect(home.startsWith(temporary)).toBe(true);
  expect(programIn(home)).toBe('ours');
  writeFileSync(join(root, 'native', 'bin', 'postgres'), 'later');
  expect(await copyToCache(root, '1.0')).toBe(home);
  expect(programIn(home)).toBe('ours');
});

test('a link that somebody laid in the place of the copy is not followed, to whichever folder of this user it leads', async () => {
  const home = await copyToCache(root, '1.0');
  rmSync(home, { recursive: true });
  // As the temporary folder itself is: this user's own, and all may write to it.
  const planted = join(folder, 'planted');
  mkdirSync(join(planted, 'native', 'bin'), { recursive: true });
  writeFileSync(join(planted, 'native', 'bin', 'postgres'), 'theirs');
  writeFileSync(join(planted, '.complete'), '');
  symlinkSync(planted, home, 'dir');
  await expect(copyToCache(root, '1.0')).rejects.toThrow('could not be copied');
  expect(programIn(planted)).toBe('theirs');
  rmSync(home);
  expect(programIn(await copyToCache(root, '1.0'))).toBe('ours');
  expect(existsSync(join(planted, '.complete'))).toBe(true);
});
