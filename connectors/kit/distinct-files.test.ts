import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { demandOther } from './distinct-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'lt-distinct-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
writeFileSync(at('a.csv'), 'a');
writeFileSync(at('old.csv'), 'old');
linkSync(at('a.csv'), at('hard.csv'));
mkdirSync(at('dir'));
symlinkSync(folder, at('same-folder'));

describe('what is written', () => {
  test.each([
    ['by the same path', at('a.csv')],
    ['by a path that goes round', `${folder}/dir/../a.csv`],
    ['by a relative one', relative(process.cwd(), at('a.csv'))],
    ['through another folder', at('same-folder/a.csv')],
    ['by another name of it', at('hard.csv')],
  ])('is not what is read, %s', async (_how, path) => {
    const work = demandOther([at('new.csv'), path], [at('other'), at('a.csv')]);
    await expect(work).rejects.toMatchObject({ reason: 'OUTPUT_IS_INPUT', exitCode: 2, facts: { file: path } });
  });

  test('is not what standard input was opened from', async () => {
    const fd = openSync(at('a.csv'), 'r');
    await expect(demandOther([at('a.csv')], [fd])).rejects.toMatchObject({ facts: { input: '-' } });
    await demandOther([at('old.csv')], [fd]);
  });

  test('is not what is yet to be, where that is to be read', async () => {
    const work = demandOther([at('same-folder/x.csv')], [at('x.csv')]);
    await expect(work).rejects.toMatchObject({ reason: 'OUTPUT_IS_INPUT' });
  });

  test('may be a file that is there, and one that is not', () =>
    demandOther([at('old.csv'), at('new.csv'), at('none/new.csv')], [at('a.csv'), at('none.csv')]));

  test.skipIf(process.platform === 'win32')('is no folder, no pipe and no link', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    symlinkSync(at('old.csv'), at('link'));
    symlinkSync(at('nowhere'), at('dangling'));
    const reason = (name: string, devices = false) =>
      demandOther([at(name)], [], { devices }).then(
        () => undefined,
        (error) => error.reason,
      );
    expect(await reason('dir')).toBe('OUTPUT_IS_FOLDER');
    expect(await reason('pipe')).toBe('OUTPUT_IS_SPECIAL');
    expect([await reason('link'), await reason('dangling')]).toEqual(['OUTPUT_IS_LINK', 'OUTPUT_IS_LINK']);
    expect([await reason('pipe', true), await reason('dir', true)]).toEqual([undefined, 'OUTPUT_IS_FOLDER']);
  });
});
