import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTinyGateway, type TinyGateway } from '../../../connectors/kit/tiny-gateway.test-support.ts';
import { ALL_COMMANDS } from '../all-commands.ts';
import { runCli } from '../run.ts';
import { runCaptured } from '../testing/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'lt-published-'));
const temporary = join(folder, 'tmp');
const file = join(folder, 'subscribers.csv');
const heard = join(folder, 'heard.json');
const result = { verdict: 4, id: 2, name: 3, birthDate: 3, notices: [], reasons: [], currentId: 0 } as const;
let gateway: TinyGateway;
beforeAll(async () => {
  mkdirSync(temporary);
  vi.stubEnv('TMPDIR', temporary);
  gateway = await createTinyGateway(folder, () => ({ ...result, nameScore: undefined, score: undefined }));
  await gateway.start();
  writeFileSync(file, 'row_id,msisdn,id_number,full_name,date_of_birth\n1,09,901085000017,Nguyễn Văn An,27/03/1985\n');
});
beforeEach(() => {
  gateway.faults = {};
  rmSync(heard, { force: true });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const args = (out: string, ...more: string[]): string[] => {
  const on = ['--out', out, '--profile', gateway.profileFolder, '--on-done', `cat > ${heard}`];
  return ['telco', 'verify', file, ...on, '--lang', 'en', ...more];
};
const env = { PATH: process.env.PATH ?? '' };
const verify = (out: string, ...more: string[]) => runCaptured(args(out, ...more), { env });
const told = () => JSON.parse(readFileSync(heard, 'utf8'));

describe('what is written last', () => {
  it.each([
    ['a receipt', (missing: string) => ['-', '--receipt', join(missing, 'r')]],
    ['a workbook', (missing: string) => [join(missing, 'results.csv'), '--excel']],
  ])('is looked at before anybody is asked: %s', async (_name, how) => {
    const starts = gateway.starts;
    const [out = '', ...more] = how(join(folder, 'missing'));
    const { code, stderr } = await verify(out, ...more);
    expect([code, gateway.starts - starts]).toEqual([2, 0]);
    expect(stderr).toMatch(/Cannot write .*missing.*ENOENT/s);
    expect(told()).toEqual({ status: 'failed', exit_code: 2, reason: 'OUTPUT_UNWRITABLE' });
  });

  it('leaves no trace of having been looked at where the run fails, and no change of what was there', async () => {
    gateway.faults = { refuse: () => ({ reason: 1 as never, signed: true }) };
    const [fresh, old] = [join(folder, 'fresh.receipt'), join(folder, 'old.receipt')];
    writeFileSync(old, 'old');
    expect((await verify('-', '--receipt', fresh)).code).not.toBe(0);
    expect((await verify('-', '--receipt', old)).code).not.toBe(0);
    expect((await verify(join(folder, 'none.csv'), '--excel')).code).not.toBe(0);
    expect([existsSync(fresh), readFileSync(old, 'utf8')]).toEqual([false, 'old']);
    expect(readdirSync(folder).filter((name) => name.startsWith('none.xlsx'))).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('replaces what is no receipt, and a whole one where that is said', async () => {
    const receipt = join(folder, 'again.csv.receipt');
    writeFileSync(receipt, 'x'.repeat(100_000));
    const once = await verify('-', '--receipt', receipt);
    expect(once.code).toBe(0);
    const kept = readFileSync(receipt, 'utf8');
    const starts = gateway.starts;
    expect(await verify('-', '--receipt', receipt)).toMatchObject({ code: 2, stdout: '' });
    expect(told()).toEqual({ status: 'failed', exit_code: 2, reason: 'OUTPUT_COMPLETE' });
    expect([readFileSync(receipt, 'utf8'), gateway.starts]).toEqual([kept, starts]);
    const results = join(folder, 'again.csv');
    writeFileSync(results, (await verify('-', '--receipt', receipt, '--replace')).stdout);
    expect((await runCaptured(['receipt', 'verify', results, '--profile', gateway.profileFolder])).code).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('a job that is complete', () => {
  it('is not written over, as a dry run foretells', async () => {
    const out = join(folder, 'twice.csv');
    expect((await verify(out)).code).toBe(0);
    for (const more of [['--dry-run'], []]) {
      const { code, stderr } = await verify(out, ...more);
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/twice\.csv holds job \S+ complete, 1 rows.*--replace/s),
      ]);
    }
    expect((await verify(out, '--replace')).code).toBe(0);
  });

  it('is kept where standard output does not take it, and said to be where it is', async () => {
    const said: string[] = [];
    const into = (work: (piece: string) => Error | undefined) =>
      new Writable({ write: (piece, _encoding, done) => done(work(String(piece))) });
    const full = () => Object.assign(new Error('no room'), { code: 'ENOSPC' });
    const code = await runCli(
      args('-'),
      {
        ...{ stdin: Readable.from([]), stdout: into(full), stderr: into((piece) => void said.push(piece)) },
        ...{ env, signal: new AbortController().signal },
      },
      ALL_COMMANDS,
    );
    expect(code).toBe(2);
    const [, results = '', receipt = ''] = /results from (\S+) and the receipt from (\S+):/.exec(said.join('')) ?? [];
    expect(readFileSync(results, 'utf8')).toContain('NOT_FOUND');
    expect(existsSync(receipt)).toBe(true);
    expect(told()).toMatchObject({ status: 'failed', reason: 'RESULTS_UNDELIVERED', rows: 1 });
    rmSync(join(results, '..'), { recursive: true });
  });

  it('is told as complete where its workbook cannot be written', async () => {
    const out = join(folder, 'whole.csv');
    // In the way only once the rows are answered.
    gateway.faults.beforeAnswer = () => {
      mkdirSync(join(folder, 'whole.xlsx'), { recursive: true });
      return 'go on';
    };
    const { code, stdout, stderr } = await verify(out, '--excel', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { rows: 1, files: { results: out } }]);
    expect(stderr).toMatch(/results are complete \(.*whole\.csv\), but the workbook .*whole\.xlsx/);
    expect(told()).toMatchObject({ status: 'complete', exit_code: 2, reason: 'WORKBOOK_UNWRITTEN', rows: 1 });
    expect(existsSync(out)).toBe(true);
  });
});
