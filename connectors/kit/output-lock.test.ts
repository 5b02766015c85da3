import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processStartOf } from '../../gateway/place/own-place.ts';
import { lockOutput } from './output-lock.ts';
import { ownMark, type ProcessMark } from './process-mark.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lt-lock-'));
  path = join(folder, 'out.csv');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FAST = { beatMs: 20, deadMs: 1_500 };
const ELSEWHERE = { place: 'another container' };
const OLD = new Date(Date.now() - 61_000);
function leave(mark: Partial<ProcessMark>, written = new Date()): void {
  writeFileSync(`${path}.lock`, JSON.stringify({ ...ownMark(), ...mark, id: 'x' }));
  utimesSync(`${path}.lock`, written, written);
}
const busy = { reason: 'OUTPUT_BUSY', exitCode: 2 };

describe('the lock of an output', () => {
  it('is held by one, and leaves nothing', async () => {
    const release = await lockOutput(path);
    await expect(lockOutput(path)).rejects.toMatchObject(busy);
    await release();
    await (await lockOutput(path))();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['a process that is gone', () => leave({ pid: 999_999_999 })],
    ['an earlier process with our number', () => leave({ start: '1' })],
    ['a process of another container, a while ago', () => leave(ELSEWHERE, OLD)],
    [
      'nobody',
      () => {
        writeFileSync(`${path}.lock`, 'nonsense');
        utimesSync(`${path}.lock`, OLD, OLD);
      },
    ],
  ])('left by %s is taken over', async (_name, left) => {
    left();
    await (await lockOutput(path))();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('held by a process that lives is respected', async () => {
    const { ppid: pid } = process;
    leave({ pid, start: processStartOf(pid) ?? '' }, OLD);
    await expect(lockOutput(path)).rejects.toMatchObject({ ...busy, facts: { pid } });
  });

  it.each([
    ['the same number', { ...ELSEWHERE }],
    ['a number that nobody has here', { ...ELSEWHERE, pid: 999_999_999 }],
  ])('held in another container by a process with %s is respected while it is written anew', async (_name, mark) => {
    leave(mark);
    const beat = setInterval(() => leave(mark, new Date()), 20);
    await expect(lockOutput(path, undefined, FAST)).rejects.toMatchObject(busy);
    clearInterval(beat);
  });

  it('is written anew by its holder, as long as it holds it', async () => {
    const release = await lockOutput(path, undefined, FAST);
    utimesSync(`${path}.lock`, OLD, OLD);
    await expect.poll(() => statSync(`${path}.lock`).mtimeMs > OLD.getTime()).toBe(true);
    await release();
  });

  it('of another container that fell silent is taken over once it is old enough, unless the run is interrupted', async () => {
    leave(ELSEWHERE);
    await expect(lockOutput(path, AbortSignal.abort())).rejects.toMatchObject({ reason: 'INTERRUPTED' });
    await (await lockOutput(path, undefined, FAST))();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of another is not taken away by a release', async () => {
    const release = await lockOutput(path);
    leave(ELSEWHERE);
    await release();
    expect(existsSync(`${path}.lock`)).toBe(true);
  });

  it('that was left goes to one of many', async () => {
    for (let round = 0; round < 20; round++) {
      leave({ pid: 999_999_999 });
      const all = await Promise.allSettled(Array.from({ length: 8 }, () => lockOutput(path)));
      const held = all.filter((one) => one.status === 'fulfilled');
      expect(held).toHaveLength(1);
      await held[0]?.value();
      expect(readdirSync(folder)).toEqual([]);
    }
  });
});
