import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPrivateFolder } from './folder.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'lienthong-folder-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

const mode = async (path: string) => (await stat(path)).mode & 0o777;

it('closes a folder that stood open before', async () => {
  await mkdir(join(base, 'open'));
  await chmod(join(base, 'open'), 0o755);
  await openPrivateFolder(join(base, 'open'));
  expect(await mode(join(base, 'open'))).toBe(0o700);
});

it('replaces a file in one step and leaves no draft, also where it was open to others', async () => {
  const folder = await openPrivateFolder(join(base, 'a', 'b'));
  await folder.write('inner/key', 'one');
  await chmod(join(folder.path, 'inner/key'), 0o644);
  await folder.write('inner/key', 'two');
  expect(await readFile(join(folder.path, 'inner/key'), 'utf8')).toBe('two');
  expect(await mode(join(folder.path, 'inner/key'))).toBe(0o600);
  expect(await readdir(join(folder.path, 'inner'))).toEqual(['key']);
});

it('makes a file once', async () => {
  const folder = await openPrivateFolder(base);
  expect(await folder.read('key')).toBeUndefined();
  expect(await folder.keep('key', () => 'made')).toBe('made');
  expect(await folder.keep('key', () => expect.fail('made again'))).toBe('made');
});
