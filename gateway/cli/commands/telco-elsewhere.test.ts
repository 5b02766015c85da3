import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { workbookParts, writeZip } from '../../../connectors/kit/xlsx/workbook.test-support.ts';
import { mappingPathOf, writeMapping } from '../../../connectors/telco/mapping-file.ts';
import { runCaptured } from '../testing/terminal.ts';

/** Files whose table begins elsewhere than they are read from, through the commands that read a file. */

const folder = mkdtempSync(join(tmpdir(), 'lt-elsewhere-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const columns = { row_id: 'STT', msisdn: 'SĐT', id_number: 'Số GTTT', full_name: 'Họ tên', date_of_birth: 'Ngày sinh' };
const HEADER = Object.values(columns);
const ROWS = Array.from({ length: 30 }, (_, i) => [
  ...[String(i), `09${61_234_000 + i}`, `9${10_850_000_000 + i}`, 'Nguyễn Văn Ấm', '27/03/1985'],
]);
const TABLE = `${[HEADER, ...ROWS].map((row) => row.join(',')).join('\n')}\n`;
const TITLE = 'DANH SÁCH\n"Tháng\n11",,,,\n';

/** Of a file that was read: what is missing are the results. */
const NO_RESULTS = 'Cannot read r.csv.';

const reads = (file: string, ...more: string[]) => [
  ['telco', 'explain', file, '--results', 'r.csv', '--row', '5', ...more],
  ['telco', 'report', 'r.csv', '--file', file, '--out', '-', ...more],
];
function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('without a mapping', () => {
  test('the table is named with its line and the command that helps', async () => {
    const file = fileOf('title.csv', TITLE + TABLE);
    for (const args of reads(file)) {
      const { code, stderr } = await runCaptured(args);
      expect([code, stderr]).toEqual([2, expect.stringContaining('(--header-line 4)')]);
      expect(stderr).toContain(`lienthong telco inspect ${file}, `);
    }
    const { code, stderr } = await runCaptured([
      'telco',
      'explain',
      file,
      '--results',
      'r.csv',
      '--row',
      '5',
      '--lang',
      'vi',
    ]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Bảng trong')]);
  });

  test('or with its sheet, also where the first one is empty', async () => {
    const cell = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
    const rows = [HEADER, ...ROWS].map((row) => `<row>${row.map(cell).join('')}</row>`).join('');
    const book = join(folder, 'book.xlsx');
    for (const first of ['', `<row>${cell('Ghi chú')}</row>`]) {
      await writeZip(
        book,
        workbookParts([
          { name: 'Bìa', rows: first },
          { name: 'Thuê bao', rows },
        ]),
      );
      const [args = []] = reads(book, '--json');
      expect(JSON.parse((await runCaptured(args)).stdout)).toMatchObject({
        error: { reason: 'TABLE_ELSEWHERE', happened: expect.stringContaining('(--sheet "Thuê bao")') },
      });
    }
  });

  test('a file that merely has other columns is told of as before', async () => {
    const [args = []] = reads(fileOf('other.csv', TABLE), '--json');
    expect(JSON.parse((await runCaptured(args)).stdout)).toMatchObject({ error: { reason: 'HEADER_WRONG' } });
  });
});

describe('inspect', () => {
  test('says where the table begins, in both languages, and writes it down', async () => {
    const file = fileOf('inspected.csv', TITLE + TABLE);
    const { stdout } = await runCaptured(['telco', 'inspect', file]);
    expect(stdout).toContain('The table begins on line 4; lines 1 to 3 are not read.');
    const said = await runCaptured(['telco', 'inspect', file, '--lang', 'vi']);
    expect(said.stdout).toContain('Bảng bắt đầu ở dòng 4; các dòng 1 đến 3 không được đọc.');
    const alone = await runCaptured(['telco', 'inspect', file, '--out', '-']);
    expect(JSON.parse(alone.stdout)).toMatchObject({ header_line: 4 });
    // Read by it from there on: what is missing is the results.
    const [args = []] = reads(file, '--json');
    expect(JSON.parse((await runCaptured(args)).stdout)).toMatchObject({ error: { happened: NO_RESULTS } });
  });
});

describe('a mapping of a file whose header is elsewhere', () => {
  const readBy = async (file: string, headerLine: number | undefined, ...more: string[]) => {
    await writeMapping(mappingPathOf(file), { columns, headerLine, stated: {} });
    const [args = []] = reads(file, '--json', ...more);
    return JSON.parse((await runCaptured(args)).stdout).error;
  };

  test.each([
    ['further down', `DANH SÁCH\n${TITLE}${TABLE}`, 4, 'header_line 4', 'header_line 5'],
    ['further up', TABLE, 4, 'header_line 4', 'header_line 1'],
    ['below a title that it knows nothing of', TITLE + TABLE, undefined, 'header_line null', 'header_line 4'],
    [
      'further up too, and where it says',
      `${TABLE.split('\n', 3).join('\n')}\n${TABLE}`,
      4,
      'header_line 4',
      'header_line 1',
    ],
  ])('is refused with both lines: %s', async (name, text, headerLine, said, found) => {
    const file = fileOf(`${name}.csv`, text);
    expect(await readBy(file, headerLine)).toMatchObject({
      reason: 'MAPPING_STALE',
      happened: expect.stringContaining(`${mappingPathOf(file)} says ${said}, but ${file} shows ${found},`),
    });
  });

  test('is believed where the line is said beside it', async () => {
    const file = fileOf('said.csv', TITLE + TABLE);
    expect(await readBy(file, 2, '--header-line', '4')).toMatchObject({ happened: NO_RESULTS });
  });
});
