import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fillDisk } from '../../test/support/faults/fill-disk.ts';
import { atFolderSyncs } from '../../test/support/folder-syncs.ts';
import { KitError } from './kit-error.ts';
import { openPart, partOf, publish } from './part-file.ts';
import { spool } from './spool.ts';
import { readState, writeState } from './state-file.ts';

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
    await publish(path, 'state', 3);
    await publish(path, 'state', 3);
    expect(readFileSync(path, 'utf8')).toBe('áb');
  });

  it('has its name on the disk once it is published', async () => {
    writeFileSync(partOf(path), 'whole');
    const seen = await atFolderSyncs(
      folder,
      () => readdirSync(folder),
      () => publish(path, 'state'),
    );
    expect(seen).toEqual([['out.csv']]);
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

  it.each([
    ['of neither name', []],
    ['cut short', ['out.csv.part']],
    ['of another run under the name, and gone under the other,', ['out.csv']],
  ])('%s is not published as if it were whole', async (_, names) => {
    for (const name of names) writeFileSync(join(folder, name), '01');
    await expect(publish(path, 'state', 3)).rejects.toMatchObject({
      reason: 'STATE_DAMAGED',
      facts: { file: 'state' },
    });
    expect(readdirSync(folder)).toEqual(names);
  });

  it('that cannot be made says so', async () => {
    await expect(openPart(join(folder, 'no', 'out'), 0, 'state')).rejects.toBeInstanceOf(KitError);
  });
});

describe('a state', () => {
  it('that is not there is none; one that cannot be read, or is no JSON, is not taken for none', async () => {
    expect(await readState(path)).toBeUndefined();
    await expect(readState(folder)).rejects.toMatchObject({ reason: 'STATE_UNREADABLE', facts: { problem: 'EISDIR' } });
    writeFileSync(path, '{"jobKey":"secret');
    const error = (await readState(path).catch((caught: unknown) => caught)) as KitError;
    expect(error).toMatchObject({ reason: 'STATE_UNREADABLE', facts: { file: path, problem: 'NOT_JSON' } });
    expect(inspect(error), 'nothing of what it holds').not.toContain('secret');
  });

  it('has its new name on the disk once it is written', async () => {
    await writeState(path, { done: 1 });
    const seen = await atFolderSyncs(
      folder,
      () => readState(path),
      () => writeState(path, { done: 2 }),
    );
    expect(seen).toEqual([{ done: 2 }]);
  });
});

describe('a disk without room', () => {
  it('stops a part file for good: what comes behind the bytes that were lost is never kept as if they were there', async () => {
    const file = await openPart(path, 0, 'state');
    await file.append('first');
    await file.sync();
    const makeRoom = await fillDisk({ path: partOf(path), afterBytes: 2 });
    await file.append('lost');
    await expect(file.sync()).rejects.toMatchObject({ reason: 'DISK_FULL', exitCode: 5 });
    makeRoom();
    await expect(file.sync()).rejects.toMatchObject({ reason: 'DISK_FULL' });
    await expect(file.append('behind')).rejects.toMatchObject({ reason: 'DISK_FULL' });
    await file.close();

    const again = await openPart(path, 5, 'state');
    await again.append(' second');
    await again.sync();
    await again.close();
    expect(readFileSync(partOf(path), 'utf8')).toBe('first second');
  });

  it('leaves a state as it was, and no draft of the new one', async () => {
    await writeState(path, { done: 1 });
    const makeRoom = await fillDisk({ path, afterBytes: 4 });
    await expect(writeState(path, { done: 2 })).rejects.toMatchObject({ reason: 'DISK_FULL', exitCode: 5 });
    makeRoom();
    expect(await readState(path)).toEqual({ done: 1 });
    expect(readdirSync(folder)).toEqual(['out.csv']);
  });

  it('spools nothing of what was read so far', async () => {
    const makeRoom = await fillDisk({ path: folder, afterBytes: 4 });
    const pieces = (async function* () {
      yield Buffer.from('subscribers');
    })();
    await expect(spool(pieces, folder)).rejects.toMatchObject({ reason: 'DISK_FULL' });
    makeRoom();
    expect(readdirSync(folder)).toEqual([]);
  });
});
