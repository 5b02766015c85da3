import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { RESULT_HEADER } from '../../../connectors/kit/result-lines.ts';
import { workbookParts, writeZip } from '../../../connectors/kit/xlsx/workbook.test-support.ts';
import { mappingPathOf, writeMapping } from '../../../connectors/telco/mapping-file.ts';
import { runCaptured } from '../testing/terminal.ts';

/** `telco report` with the file that was verified, in whatever way that was read. */

const folder = mkdtempSync(join(tmpdir(), 'lt-report-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const [file, results] = [join(folder, 'subscribers.csv'), join(folder, 'results.csv')];
const ROWS = Array.from({ length: 6 }, (_, i) => [`S${i}`, `0961${i}`, `00108500001${i}`, 'An', '1985-03-10'] as const);
const HEADER = ['row_id', 'msisdn', 'SO_GTTT', 'full_name', 'date_of_birth'];
writeFileSync(file, `${[HEADER, ...ROWS].map((cells) => cells.join()).join('\n')}\n`);
writeResults(results, ROWS.length);

function writeResults(path: string, rows: number): void {
  const answer = 'VERIFIED,KEEP,TRUE,TRUE,TRUE,,,,,,2026-11-28T00:00:00Z,';
  const lines = ROWS.slice(0, rows).map(([id, phone], i) => [i + 2, id, phone, answer, `0:${i}`].join());
  writeFileSync(path, `${[RESULT_HEADER.join(), ...lines].join('\n')}\n`);
}

const report = (...args: string[]) => runCaptured(['telco', 'report', results, ...args]);

test('what is no file of results is told of as that, and not as columns that have other names', async () => {
  const wrong = (language: string) => runCaptured(['telco', 'report', file, '--lang', language]);
  const { code, stderr } = await wrong('vi');
  expect([code, stderr]).toEqual([2, expect.stringContaining('Đây không phải tệp kết quả của chương trình này')]);
  for (const text of [stderr, (await wrong('en')).stderr]) expect(text).not.toContain('--columns');
});

test('a report for which the disk has no room is told of as that', async () => {
  const { code, stderr } = await report('--out', '/dev/full', '--lang', 'vi');
  expect([code, stderr]).toEqual([5, expect.stringContaining('Đĩa không còn chỗ cho /dev/full.')]);
});

describe('reads a file as it was verified', () => {
  const columns = { row_id: 'row_id', msisdn: 'msisdn', full_name: 'full_name', date_of_birth: 'date_of_birth' };
  const mapping = { columns: { ...columns, id_number: 'SO_GTTT' }, stated: {} };
  const counts = async (...args: string[]) => {
    const { code, stdout } = await report('--out', '-', '--json', ...args);
    const { provinces, mapping: by, sheet } = JSON.parse(stdout);
    return { code, provinces, by, sheet };
  };

  test('by the mapping beside it or another, which is named', async () => {
    const plain = await counts('--file', file, '--columns', 'id_number=SO_GTTT');
    const named = join(folder, 'named.json');
    await writeMapping(named, mapping);
    expect(await counts('--file', file, '--mapping', named)).toEqual({ ...plain, by: named });
    const beside = mappingPathOf(file);
    await writeMapping(beside, mapping);
    expect(await counts('--file', file)).toEqual({ ...plain, by: beside });
    const said = await report('--file', file, '--out', join(folder, 'by.html'));
    expect(said.stdout).toContain(`Columns by ${beside}.`);
    expect((await report('--file', file, '--no-mapping')).code).toBe(2);
    rmSync(beside);
    const over = await report('--file', file, '--mapping', named, '--out', named, '--json');
    expect(JSON.parse(over.stdout)).toMatchObject({ error: { reason: 'OUTPUT_IS_INPUT' } });
  });

  test('from a sheet of a workbook', async () => {
    const cell = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
    const row = (cells: readonly string[]): string => `<row>${cells.map(cell).join('')}</row>`;
    const header = ['row_id', 'msisdn', 'id_number', 'full_name', 'date_of_birth'];
    const rows = [header, ...ROWS.slice(0, 5)].map(row).join('');
    const book = join(folder, 'book.xlsx');
    await writeZip(
      book,
      workbookParts([
        { name: 'A', rows: row(['x']) },
        { name: 'B', rows },
      ]),
    );
    const few = join(folder, 'few.csv');
    writeResults(few, 5);
    const args = ['telco', 'report', few, '--file', book, '--out', '-', '--json'];
    const { code, stdout } = await runCaptured([...args, '--sheet', 'B']);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { sheet: 'B', provinces: { '001': { rows: 5 } } }]);
    const short = await report('--file', book, '--sheet', 'B', '--out', '-');
    expect([short.code, short.stderr]).toEqual([2, expect.stringContaining(`line 7 of ${book}`)]);
  });

  test('and shows nothing of one that cannot be', async () => {
    const wrong = join(folder, 'wrong.csv');
    writeFileSync(wrong, Buffer.from('S1,09,Nguyễn Văn An,\u001b[2J\u0007\n'));
    const { code, stderr } = await report('--file', wrong);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Found: 4 cells')]);
    expect(stderr).not.toContain('Nguyễn');
    expect(JSON.stringify(JSON.parse((await report('--file', wrong, '--json')).stdout))).not.toContain('Nguyễn');
    writeFileSync(wrong, Buffer.from('row_id,msisdn,Họ\u001b[2J\u009b\u202etên,x\n1,2,3,4\n'));
    const some = await report('--file', wrong);
    expect(some.stderr).toContain('Found: row_id, msisdn, Họ\ufffd[2J\ufffd\ufffdtên, x.');
  });
});
