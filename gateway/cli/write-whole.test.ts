import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeWhole } from './write-whole.ts';

const folder = mkdtempSync(join(tmpdir(), 'lt-write-whole-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('writes a file of the mode given, and nothing beside it', async () => {
  const path = join(folder, 'proof.json');
  await writeWhole(path, 'one', 0o600);
  await writeWhole(path, 'two', 0o600);
  expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777, readdirSync(folder)]).toEqual([
    ...['two', 0o600, ['proof.json']],
  ]);
});

test('a disk without room is told of as that, with the file’s name', async () => {
  await expect(writeWhole('/dev/full', 'x')).rejects.toMatchObject({
    reason: 'DISK_FULL',
    facts: { file: '/dev/full' },
  });
});
