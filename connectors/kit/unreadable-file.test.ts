import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { failure } from './failure.test-support.ts';
import { openInput } from './input-file.ts';
import { unreadableFile } from './unreadable-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(`${tmpdir()}/lt-unreadable-`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a folder in the place of a file is said to be one, and no wrong path', async () => {
  const error = await failure(openInput(folder));
  expect(error).toMatchObject({ reason: 'FILE_IS_FOLDER', exitCode: 2, facts: { file: folder } });
});

it.each([
  ['EACCES', 'FILE_FORBIDDEN'],
  ['EPERM', 'FILE_FORBIDDEN'],
  ['EISDIR', 'FILE_IS_FOLDER'],
  ['ENOTDIR', 'FILE_MISSING'],
])('%s is %s', (code, reason) => {
  expect(unreadableFile('a.csv', Object.assign(new Error(code), { code }))).toMatchObject({ reason, exitCode: 2 });
});

it('what is not there is FILE_MISSING, with its cause', async () => {
  const cause: unknown = await readFile(`${folder}/none`).catch((error: unknown) => error);
  expect(unreadableFile('none', cause)).toMatchObject({ reason: 'FILE_MISSING', cause });
});
