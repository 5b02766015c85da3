import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { runCaptured } from '../testing/terminal.ts';

/** No profile is at hand: what is refused here was refused before anything was asked for. */

const folder = mkdtempSync(join(tmpdir(), 'lt-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const kept = ['a.csv', 'm.json', 'r.csv', 'r.csv.asked', 'r.csv.receipt', 'subs.xlsx', 'x.csv.part'];

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(at('dir'), { recursive: true });
  for (const name of kept) writeFileSync(at(name), `${name}: row_id,msisdn,id_number,full_name,date_of_birth\n`);
  const columns = { row_id: 'a', msisdn: 'b', id_number: 'c', full_name: 'd', date_of_birth: 'e' };
  writeFileSync(at('m.json'), JSON.stringify({ format: 'lienthong-telco-mapping/1', columns }));
});

describe('a file that is read is not written over', () => {
  test.each<[string[], string]>([
    [['telco', 'verify', 'a.csv', '--out', 'a.csv'], 'a.csv'],
    [['telco', 'verify', 'a.csv', '--out', 'dir/../a.csv'], 'a.csv'],
    [['telco', 'verify', 'a.csv', '--out', 'm.json', '--mapping', 'm.json'], 'm.json'],
    [['telco', 'verify', 'a.csv', '--out', '-', '--receipt', 'a.csv'], 'a.csv'],
    [['telco', 'verify', 'subs.xlsx', '--out', 'subs.csv', '--excel'], 'subs.xlsx'],
    [['telco', 'verify', 'subs.xlsx', '--out', 'subs.csv', '--excel-all'], 'subs.xlsx'],
    [['telco', 'verify', 'r.csv.receipt', '--out', 'r.csv'], 'r.csv.receipt'],
    [['telco', 'verify', 'x.csv.part', '--out', 'x.csv'], 'x.csv.part'],
    [['telco', 'verify', 'a.csv', '--changed-since', 'r.csv', '--out', 'r.csv.receipt'], 'r.csv.receipt'],
    [['telco', 'report', 'r.csv', '--out', 'r.csv'], 'r.csv'],
    [['telco', 'report', 'r.csv', '--out', 'r.csv.receipt'], 'r.csv.receipt'],
    [['telco', 'report', 'r.csv', '--file', 'a.csv', '--out', 'a.csv'], 'a.csv'],
    [['telco', 'inspect', 'a.csv', '--out', 'a.csv'], 'a.csv'],
    [['receipt', 'prove', 'r.csv', '--row', '2', '--out', 'r.csv'], 'r.csv'],
    [['receipt', 'prove', 'r.csv', '--row', '2', '--receipt', 'm.json', '--out', 'm.json'], 'm.json'],
  ])('%j', async (args, name) => {
    const before = readFileSync(at(name), 'utf8');
    const placed = args.map((arg) => (/^(dir|[a-z]+\.)/.test(arg) ? `${folder}/${arg}` : arg));
    const { code, stdout } = await runCaptured([...placed, '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { error: { reason: 'OUTPUT_IS_INPUT' } }]);
    expect(readFileSync(at(name), 'utf8')).toBe(before);
    expect(readdirSync(folder)).toEqual([...kept, 'dir'].toSorted());
  });
});

test('a folder is refused before anything is read, in both languages', async () => {
  const verify = ['telco', 'verify', at('a.csv'), '--out', at('dir')];
  expect(await runCaptured(verify)).toMatchObject({
    code: 2,
    stderr: `${at('dir')} is a folder.\nName a file in it.\n`,
  });
  expect((await runCaptured([...verify, '--lang', 'vi'])).stderr).toContain('là thư mục');
  for (const args of [
    ['telco', 'report', at('r.csv')],
    ['telco', 'inspect', at('a.csv')],
    ['receipt', 'prove', at('r.csv'), '--row', '2'],
  ])
    expect(await runCaptured([...args, '--out', at('dir')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is a folder'),
    });
});

test('no results are made without a name', async () => {
  const { code, stderr } = await runCaptured(['telco', 'verify', at('a.csv'), '--out', '']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--out must be')]);
});
