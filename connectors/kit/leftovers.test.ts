import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leftoverPrefix, removeLeftovers } from './leftovers.ts';
import { ownMark, type ProcessMark } from './process-mark.ts';
import { spool } from './spool.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lt-left-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const GONE = { ...ownMark(), pid: 999_999_999 };
const ELSEWHERE = { ...ownMark(), place: 'another container' };
const OLD = new Date(Date.now() - 25 * 60 * 60 * 1_000);
function results(mark: ProcessMark, written?: Date): string {
  const name = `${leftoverPrefix('results', mark)}abcdef`;
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'results.csv.part'), 'personal');
  if (written !== undefined)
    for (const path of [join(name, 'results.csv.part'), name]) utimesSync(join(folder, path), written, written);
  return name;
}

describe('what a killed run left', () => {
  it('is removed where its process is gone, and stays where that lives', async () => {
    const mine = results(ownMark());
    const left = results(GONE);
    const input = `${leftoverPrefix('input', GONE)}abc.spool`;
    writeFileSync(join(folder, input), 'personal');
    await removeLeftovers(folder);
    expect(readdirSync(folder)).toEqual([mine]);
    expect(left).not.toBe(mine);
  });

  it('in another container is removed once nothing was written there for a day', async () => {
    const young = results(ELSEWHERE);
    await removeLeftovers(folder);
    expect(readdirSync(folder)).toEqual([young]);
    utimesSync(join(folder, young), OLD, OLD);
    await removeLeftovers(folder);
    expect(readdirSync(folder)).toEqual([young]);
    utimesSync(join(folder, young, 'results.csv.part'), OLD, OLD);
    await removeLeftovers(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is nothing of others: other names, complete results, links', async () => {
    const others = ['lienthong-complete-abcdef', 'lienthong-notes.x', 'results.csv'];
    for (const name of others) writeFileSync(join(folder, name), '');
    for (const name of others) utimesSync(join(folder, name), OLD, OLD);
    const link = `${leftoverPrefix('results', GONE)}abcdef`;
    symlinkSync(join(folder, 'results.csv'), join(folder, link));
    await removeLeftovers(folder);
    expect(readdirSync(folder).toSorted()).toEqual([...others, link].toSorted());
    await removeLeftovers(join(folder, 'none'));
  });
});

describe('a spool', () => {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('row 1\n');
    yield Buffer.from('row 2\n');
  }

  it('can be read again and again until it is removed, and removes what others left', async () => {
    results(GONE);
    const kept = await spool(pieces(), folder);
    expect(existsSync(join(folder, `${leftoverPrefix('results', GONE)}abcdef`))).toBe(false);
    for (let time = 0; time < 2; time++) expect(readFileSync(kept.path, 'utf8')).toBe('row 1\nrow 2\n');
    await kept.remove();
    await kept.remove();
    expect([existsSync(kept.path), readdirSync(folder)]).toEqual([false, []]);
  });

  it.runIf(process.platform === 'linux')('is gone with its process, however that ends', async () => {
    const program = `
      import { spool } from ${JSON.stringify(new URL('spool.ts', import.meta.url).href)};
      async function* endless() { yield Buffer.from('personal'); console.log('written'); setInterval(() => {}, 1e9); await new Promise(() => {}); }
      await spool(endless(), ${JSON.stringify(folder)});`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(readdirSync(folder)).toEqual([]);
  });
});
