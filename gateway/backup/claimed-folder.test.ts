import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimFolder, WRITING } from './claimed-folder.ts';
import { readManifest } from './manifest.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lienthong-claim-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('of two runs that begin together one has the folder, and the other takes nothing of it away', async () => {
  const folder = join(root, 'new', 'one');
  const runs = await Promise.allSettled([claimFolder(folder), claimFolder(folder)]);
  expect(runs.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(runs.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { reason: 'FOLDER' } });
  expect(readdirSync(folder)).toEqual([WRITING]);
});

test('a folder with anything in it is left as it was, one of a run that was cut off as well', async () => {
  writeFileSync(join(root, 'theirs'), '');
  await expect(claimFolder(root)).rejects.toMatchObject({ reason: 'FOLDER' });
  expect(readdirSync(root)).toEqual(['theirs']);

  const folder = join(root, 'cut-off');
  await claimFolder(folder);
  await expect(claimFolder(folder)).rejects.toMatchObject({ reason: 'FOLDER' });
  await expect(readManifest(folder, [])).rejects.toThrow(/not finished/);
});

test('what fails takes away what it made, and no file that came from elsewhere', async () => {
  const folder = await claimFolder(root);
  await (await folder.create('person.copy.gz')).close();
  await folder.place('manifest.json.sig', Buffer.from('signature'));
  writeFileSync(join(root, 'agency.copy.gz'), 'another');
  await expect(folder.create('agency.copy.gz')).rejects.toMatchObject({ code: 'EEXIST' });
  await folder.abandon();
  expect(readdirSync(root)).toEqual(['agency.copy.gz']);
});

test('what is finished keeps its files and no claim', async () => {
  const folder = await claimFolder(root);
  await folder.place('manifest.json', Buffer.from('{}'));
  await folder.sync();
  await folder.finish();
  expect(readdirSync(root)).toEqual(['manifest.json']);
});
