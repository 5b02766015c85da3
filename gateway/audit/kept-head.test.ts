import { generateKeyPairSync } from 'node:crypto';
import { chown, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { signCheckpoint } from '../proof/checkpoint.ts';
import { createHeads } from './heads.ts';
import { readKeptHead, writeKeptHead } from './kept-head.ts';

const ORIGIN = 'example/log';
const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KEYS = { key, publicKey, known: [] };
const noteOf = (size: number) =>
  signCheckpoint({ origin: ORIGIN, size, root: Buffer.alloc(32) }, ORIGIN, key, publicKey);

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-head-'));
  path = join(folder, 'heads');
});
afterAll(() => rm(folder, { recursive: true }));

test.runIf(process.getuid?.() === 0)("what root writes is the gateway's, whose the folder or the file is", async () => {
  const owned = await mkdtemp(join(tmpdir(), 'kept-head-owned-'));
  const file = join(owned, 'heads');
  const ownerOf = async () => {
    const { uid, gid, mode } = await stat(file);
    return [uid, gid, mode & 0o777];
  };
  await chown(owned, 4711, 4712);
  await writeKeptHead(file, noteOf(1));
  expect(await ownerOf()).toEqual([4711, 4712, 0o600]);
  await chown(file, 4713, 4714);
  await writeKeptHead(file, noteOf(2));
  expect(await ownerOf()).toEqual([4713, 4714, 0o600]);
  await rm(owned, { recursive: true });
});

test('what is written stands on disk before it takes the place of the one before, and its name before anybody relies on it', async () => {
  await writeKeptHead(path, noteOf(1));
  const probe = await open(path, 'r');
  const handles = Object.getPrototypeOf(probe) as typeof probe;
  await probe.close();
  const seen: [string, string[]][] = [];
  const sync = vi.spyOn(handles, 'sync').mockImplementation(async () => {
    seen.push([(await readFile(path, 'utf8')).split('\n')[1] ?? '', (await readdir(folder)).sort()]);
  });
  await writeKeptHead(path, noteOf(2));
  sync.mockRestore();
  expect(seen).toEqual([
    ['1', ['heads', `heads.${process.pid}.new`]],
    ['2', ['heads']],
  ]);
  expect(await readKeptHead(path, ORIGIN, KEYS)).toMatchObject({ head: { size: 2 }, current: true });
});

test('a disk that fails is told, whichever of the two it fails at; a file system that flushes no folders serves', async () => {
  const probe = await open(path, 'r');
  const handles = Object.getPrototypeOf(probe) as typeof probe;
  await probe.close();
  const failing = (code: string, at: number) => {
    let hit = 0;
    const fail = async () => {
      hit += 1;
      if (hit === at) throw Object.assign(new Error(code), { code });
    };
    return vi.spyOn(handles, 'sync').mockImplementation(fail);
  };
  for (const [code, at, fails] of [
    ['EIO', 1, true],
    ['EINVAL', 1, true],
    ['EIO', 2, true],
    ['EINVAL', 2, false],
  ] as const) {
    const sync = failing(code, at);
    const failure = await writeKeptHead(path, noteOf(3)).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    );
    sync.mockRestore();
    expect([code, at, failure]).toEqual([code, at, fails ? code : undefined]);
  }
});

test.each([
  ['empty', '', 'SHAPE at note'],
  ['torn', noteOf(5).slice(0, 40), 'SHAPE at note'],
  ['of nothing but zeros', '\0'.repeat(200), 'SHAPE at note'],
  ['of another log', noteOf(5).replaceAll(ORIGIN, 'example/other'), 'UNSIGNED at note'],
])('a file that is %s is named as what it is, and never taken for none', async (_name, text, problem) => {
  await writeFile(path, text);
  const query = vi.fn(async () => ({ rows: [{ size: 5, root: Buffer.alloc(32) }] }));
  const heads = createHeads({ db: { query } as never, origin: ORIGIN, keys: KEYS, path });
  const unreadable = { name: 'KeptHeadUnreadable', file: path, problem };
  await expect(heads.check()).rejects.toMatchObject(unreadable);
  await expect(heads.keep()).rejects.toMatchObject(unreadable);
  await expect(heads.accept({ size: 5, root: Buffer.alloc(32) })).rejects.toThrow();
  // It stands there as it was, for whoever looks.
  expect(await readFile(path, 'utf8')).toBe(text);
});

test('no file is no head', async () => {
  expect(await readKeptHead(join(folder, 'none'), ORIGIN, KEYS)).toBeUndefined();
});
