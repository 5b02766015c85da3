import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { workbookParts, writeZip } from '../../../connectors/kit/xlsx/workbook.test-support.ts';
import { ALL_AGREE, openTinyTelco, type TinyTelco } from '../../../connectors/telco/tiny-telco.test-support.ts';
import { runCaptured } from '../testing/terminal.ts';

let tiny: TinyTelco;
beforeEach(async () => {
  tiny = await openTinyTelco(() => ALL_AGREE);
});
afterEach(() => tiny.close());

test('a workbook with a title, merged numbers and totals is inspected, then verified by what that left', async () => {
  const header = ['STT', 'Số thuê bao', 'Số GTTT', 'Họ và tên', 'Ngày sinh'];
  const rows = Array.from({ length: 12 }, (_, i) => [
    ...[String(i), `09${10_000_000 + i}`, i % 3 === 0 ? `9${10_850_000_000 + i}` : '', 'Nguyễn Văn Ấm', '27/03/1985'],
  ]);
  const cells = [header, ...rows, ['Tổng cộng', '', '12', '', '']];
  const cell = (text: string): string => (text === '' ? '<c/>' : `<c t="inlineStr"><is><t>${text}</t></is></c>`);
  const row = (texts: readonly string[], r: number): string => `<row r="${r}">${texts.map(cell).join('')}</row>`;
  const xml = row(['DANH SÁCH'], 1) + cells.map((texts, i) => row(texts, i + 4)).join('');
  const merges = ['A1:E1', 'C5:C7', 'C8:C10', 'C11:C13', 'C14:C16'];
  const file = join(tiny.folder, 'subscribers.xlsx');
  await writeZip(
    file,
    workbookParts([
      { name: 'Bìa', rows: '' },
      { name: 'Thuê bao', rows: xml, merges },
    ]),
  );

  const hidden = 'Merged cells hide 8 cells of "Số GTTT" (id_number; lines 6, 7, 9, …)';
  const totals = '1 rows look like a line of totals (lines 17)';
  const inspected = await runCaptured(['telco', 'inspect', file]);
  for (const said of ['Sheet "Thuê bao"', 'The table begins on line 4', hidden, totals])
    expect(inspected.stdout).toContain(said);
  const profile = ['--profile', tiny.gateway.profileFolder];
  const verified = await runCaptured(['telco', 'verify', file, '--out', tiny.out, ...profile]);
  expect([verified.code, verified.stderr]).toEqual([0, expect.stringContaining(hidden)]);
  for (const said of ['Sheet "Thuê bao".', 'The table begins on line 4; lines 1 to 3 are not read.', totals])
    expect(verified.stdout).toContain(said);
  const explain = ['telco', 'explain', file, '--results', tiny.out, '--row', '5', '--json'];
  expect(JSON.parse((await runCaptured(explain)).stdout)).toMatchObject({ row: { line: 5, rowId: '0' } });
  const again = await runCaptured(['telco', 'report', tiny.out, '--file', file, '--out', '-', '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({ rows: 13, file_rows: 13, sheet: 'Thuê bao', headerLine: 4 });
});
