import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeLegacy } from './decode/letters.test-support.ts';
import { type FileRow, findFileRow, findResultRow, type WantedRow } from './find-row.ts';
import { RESULT_HEADER } from './result-lines.ts';

const HEADER = 'MA;row_id;msisdn;id_number;full_name;date_of_birth';
const LINES = [
  HEADER,
  'a;1;0961;901085000017;Nguyễn Văn An;1985-03-27',
  'b;2;0962;902190000025;"Trần; Thị\nBình";1990',
  'c;=3;0963;903075000033;Lê Hoàng Cường;1975;one too many',
  'd;4;0964;904188000041',
  'e;2;0965;905095000058;Phạm Minh Đức;1995',
];
const columns = ['row_id', 'msisdn', 'id_number', 'full_name', 'date_of_birth'].map((name) => ({ name, header: name }));

let folder: string;
let path: string;
let results: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lt-find-row-'));
  [path, results] = [join(folder, 'file.csv'), join(folder, 'results.csv')];
  writeFileSync(path, LINES.join('\n'));
  writeResults([
    [2, '1', '0961'],
    [3, '2', '0962'],
    [5, "'=3", '0963'],
    [6, '4', '0964'],
    [7, '2', '0965'],
  ]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function writeResults(rows: readonly (readonly [number, string, string])[]): void {
  const lines = rows.map((cells) => [...cells, 'VERIFIED', 'KEEP', ...new Array(11).fill('')].join(','));
  writeFileSync(results, `${[RESULT_HEADER.join(','), ...lines].join('\n')}\n`);
}

const find = (wanted: WantedRow) => findFileRow({ path, columns, encoding: 'utf-8' }, wanted);
const reasonOf = (work: Promise<unknown>) => work.then(undefined, ({ reason, exitCode }) => [reason, exitCode]);

describe('a record of a file', () => {
  it('is found by the line that it starts on, as it was sent', async () => {
    expect(await find({ line: 3 })).toEqual({
      ...{ line: 3, rowId: '2', msisdn: '0962', idNumber: '902190000025' },
      ...{ fullName: 'Trần; Thị\nBình', dateOfBirth: '1990', misshapen: false },
    });
    expect(await find({ line: 5 })).toMatchObject({ rowId: '=3', misshapen: true });
    expect(await find({ line: 6 })).toMatchObject({ fullName: '', dateOfBirth: '', misshapen: false });
  });

  it('is found by its own key, where only one has that', async () => {
    expect((await find({ rowId: '4' })).line).toBe(6);
    expect(await reasonOf(find({ rowId: '2' }))).toEqual(['ROW_ID_TWICE', 2]);
    expect(await reasonOf(find({ rowId: '99' }))).toEqual(['ROW_ID_MISSING', 2]);
  });

  it.each([1, 4, 8, 999])('is none on line %i: the header, within a record, behind the end', async (line) => {
    expect(await reasonOf(find({ line }))).toEqual(['ROW_MISSING', 2]);
  });

  it('is decoded', async () => {
    const old = join(folder, 'old.csv');
    writeFileSync(old, writeLegacy(LINES.join('\n'), 'windows-1258'));
    const found = await findFileRow({ path: old, columns, encoding: 'windows-1258' }, { line: 2 });
    expect(found.fullName.normalize('NFC')).toBe('Nguyễn Văn An');
  });
});

describe('what it was answered', () => {
  it('is the line of its number, guard and all, in results of any order', async () => {
    const row = await find({ line: 5 });
    expect(await findResultRow(results, path, row)).toMatchObject({ line: '5', row_id: "'=3", verdict: 'VERIFIED' });
  });

  it('is refused where the results are of another file, or of another row', async () => {
    const row = await find({ line: 2 });
    const other: FileRow = { ...row, msisdn: '0999' };
    expect(await reasonOf(findResultRow(results, path, other))).toEqual(['RESULTS_OTHER_FILE', 2]);
    expect(await reasonOf(findResultRow(results, path, { ...row, rowId: '7' }))).toEqual(['RESULTS_OTHER_FILE', 2]);
    expect(await reasonOf(findResultRow(results, path, { ...row, line: 99 }))).toEqual(['RESULTS_WITHOUT_ROW', 2]);
    expect(await reasonOf(findResultRow(path, path, row))).toEqual(['RESULTS_HEADER_WRONG', 2]);
  });
});
