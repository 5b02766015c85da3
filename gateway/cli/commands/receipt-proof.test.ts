import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeSignedResults } from '../../../connectors/kit/signed-receipt.test-support.ts';
import { textWidth } from '../layout.ts';
import { runCaptured } from '../testing/terminal.ts';

let folder: string;
let results: string;
let rootPath: string;
let proof: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lt-receipt-proof-'));
  const rows = Array.from({ length: 3 }, (_, i) => ({ rowId: `A\u001b[2J${i}`, msisdn: `096123450${i}`, result: {} }));
  const dead = { rowId: 'dead', msisdn: '0961', result: { notices: [0], reasons: [] } };
  ({ results, rootPath } = await writeSignedResults(folder, [...rows, dead]));
  proof = join(folder, 'proof.json');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const prove = (...args: string[]) => runCaptured(['receipt', 'prove', results, ...args]);
const check = (file: string, ...args: string[]) => runCaptured(['receipt', 'check', file, '--root', rootPath, ...args]);

describe('receipt prove', () => {
  test('writes a file for its owner alone, or standard output, the same both ways', async () => {
    const { code, stdout } = await prove('--row', '5', '--out', proof);
    expect([code, stdout]).toEqual([0, expect.stringContaining(proof)]);
    expect(statSync(proof).mode & 0o777).toBe(0o600);
    expect((await prove('--row', '5')).stdout).toBe(readFileSync(proof, 'utf8'));
    const told = await prove('--row', '5', '--out', proof, '--json');
    expect(JSON.parse(told.stdout)).toMatchObject({ proof, line: 5, index: 3, rows: 4 });
  });

  test.each([
    [['--row', '6'], /has no row for line 6/],
    [['--row', 'x'], /--row must be a whole number/],
    [[], /required option '--row <n>'/],
    [['--row', '5', '--receipt', 'none'], /Cannot read none/],
  ])('%j ends with 2', async (args, said) => {
    const { code, stdout, stderr } = await prove(...args);
    expect(stderr).toMatch(said);
    expect([code, stdout]).toEqual([2, '']);
  });
});

describe('receipt check', () => {
  test('says what the proof proves and what not, in both languages, no sign of the file steering the terminal', async () => {
    await prove('--row', '5', '--out', proof);
    for (const [language, said] of [
      ['en', ['It does not prove', 'DECEASED: the person has died', 'line 5 of the file, number 4 of 4']],
      ['vi', ['Không chứng minh', 'DECEASED: người này đã chết', 'dòng 5 của tệp, thứ 4 trong 4']],
    ] as const) {
      const { code, stdout } = await check(proof, '--lang', language);
      expect(code).toBe(0);
      for (const text of said) expect(stdout).toContain(text);
      expect(stdout).toContain('test-deployment/log/main, 7');
      expect(Math.max(...stdout.split('\n').map(textWidth))).toBeLessThanOrEqual(120);
    }
    await prove('--row', '2', '--out', proof);
    const { stdout } = await check(proof);
    expect(stdout).toContain('A⟨U+001B⟩[2J0');
    expect(stdout).not.toContain('\u001b');
  });

  test('says what the row was judged under, and what the job was closed under where that is another or all that is known', async () => {
    await prove('--row', '5', '--out', proof);
    expect((await check(proof)).stdout).toMatch(
      /Versions +matching profile lt-vn-2:2\.0\.0, field vocabulary 1, policy p/,
    );
    expect((await check(proof)).stdout).not.toContain('When the job closed');
    const old = join(folder, 'format-1.json');
    const { answer: _, ...rest } = JSON.parse(readFileSync(proof, 'utf8')) as Record<string, unknown>;
    writeFileSync(old, `${JSON.stringify({ ...rest, format: 'lienthong-row-proof/1' })}\n`);
    const told = (await check(old)).stdout;
    expect(told).toMatch(/When the job closed +matching profile lt-vn-2:2\.0\.0/);
    expect(told).toContain('under which versions this row was judged');
    const own = mkdtempSync(join(folder, 'crossed-'));
    const rows = [{ rowId: 'a', msisdn: 'b', result: {} }];
    const crossed = await writeSignedResults(own, rows, { profileOf: () => 'lt-vn-2:1.9.0' });
    const { stdout: text } = await runCaptured(['receipt', 'prove', crossed.results, '--row', '2']);
    writeFileSync(join(own, 'proof.json'), text);
    const both = (await runCaptured(['receipt', 'check', join(own, 'proof.json'), '--root', crossed.rootPath])).stdout;
    expect(both).toMatch(/Versions +matching profile lt-vn-2:1\.9\.0, policy p, agreement a:1/);
    expect(both).toMatch(/When the job closed +matching profile lt-vn-2:2\.0\.0/);
    expect(both).not.toContain('under which versions this row was judged');
  });

  test('names what is wrong, ends with 2, and with --json gives one object', async () => {
    await prove('--row', '5', '--out', proof);
    const changed = join(folder, 'changed.json');
    writeFileSync(changed, readFileSync(proof, 'utf8').replace('"VERIFIED"', '"NOT_FOUND"'));
    const { code, stderr } = await check(changed);
    expect([code, stderr]).toEqual([2, expect.stringContaining('does not lead to the signed root')]);
    const json = await check(changed, '--json');
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([2, { ok: false, problem: 'ROW' }]);
    expect((await check(results)).stderr).toContain('not the one layout');
    expect((await check(join(folder, 'none.json'))).code).toBe(2);
    expect((await runCaptured(['receipt', 'check', proof])).code).toBe(3);
  });
});
