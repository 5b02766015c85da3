import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KitError } from './kit-error.ts';
import { lockOutput } from './output-lock.ts';
import { openPart, partOf, publish } from './part-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lt-part-'));
  path = join(folder, 'out.csv');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a part file', () => {
  it('gets its name only when it is published, and publishing again does nothing', async () => {
    const file = await openPart(path, 0, 'state');
    await file.append('á');
    await file.append(Buffer.from('b'));
    expect(file.length).toBe(3);
    await file.sync();
    await file.close();
    expect(existsSync(path)).toBe(false);
    expect(statSync(partOf(path)).mode & 0o077).toBe(0);
    await publish(path);
    await publish(path);
    expect(readFileSync(path, 'utf8')).toBe('áb');
  });

  it('goes on behind what is known to be written, whatever was written after that', async () => {
    writeFileSync(partOf(path), '0123456789');
    const file = await openPart(path, 4, 'state');
    await file.append('x'.repeat(300_000));
    await file.append('end');
    await file.sync();
    await file.close();
    expect(readFileSync(partOf(path), 'utf8')).toBe(`0123${'x'.repeat(300_000)}end`);
  });

  it.each([['shorter'], ['gone']])('that is %s than it was is damage, not a beginning', async (how) => {
    if (how === 'shorter') writeFileSync(partOf(path), '012');
    await expect(openPart(path, 4, 'state')).rejects.toMatchObject({ reason: 'STATE_DAMAGED' });
  });

  it('that cannot be made says so', async () => {
    await expect(openPart(join(folder, 'no', 'out'), 0, 'state')).rejects.toBeInstanceOf(KitError);
  });
});

describe('the lock of an output', () => {
  it('is held by one', () => {
    const release = lockOutput(path);
    expect(() => lockOutput(path)).toThrow(KitError);
    release();
    lockOutput(path)();
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it.each([
    ['a process that is gone', '999999999 1'],
    ['an earlier process with our number', `${process.pid} 1`],
    ['nobody', 'nonsense'],
  ])('left by %s is taken over', (_name, content) => {
    writeFileSync(`${path}.lock`, content);
    lockOutput(path)();
  });

  it('held by a process that lives is respected', () => {
    writeFileSync(`${path}.lock`, `${process.ppid} 1`);
    expect(() => lockOutput(path)).toThrow(KitError);
  });
});
