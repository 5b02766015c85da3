import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeLegacy } from '../kit/decode/letters.test-support.ts';
import { workbookParts, writeZip } from '../kit/xlsx/workbook.test-support.ts';
import { type InspectOptions, inspectFile } from './inspect.ts';

const folder = mkdtempSync(join(tmpdir(), 'lt-table-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let number = 0;

const HEADER = ['STT', 'Số thuê bao', 'Số giấy tờ', 'Họ và tên', 'Ngày sinh'];
const NAMES = ['Nguyễn Văn Ấm', 'Trần Thị Bưởi', 'Đỗ Huỳnh Tuyết', 'Lê Ngọc Khuê'];
const ROWS = [
  HEADER,
  ...Array.from({ length: 40 }, (_, i) => [
    ...[String(i), `09${61_234_000 + i}`, `9${10_850_000_000 + i}`, NAMES[i % NAMES.length] ?? '', '27/03/1985'],
  ]),
];
const TABLE = `${ROWS.map((row) => row.join(',')).join('\n')}\n`;
const TITLE = 'CÔNG TY VIỄN THÔNG,,,,\n"Danh sách thuê bao,\ntháng 11",,,,\n';

function inspect(bytes: string | Uint8Array, options: Partial<InspectOptions> = {}) {
  const file = join(folder, `${number++}.csv`);
  writeFileSync(file, bytes);
  return inspectFile({ file, ...options });
}

describe('a table in a text is found below what stands above it', () => {
  it.each([
    ['UTF-8', (text: string) => Buffer.from(text)],
    ['UTF-8 with a mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 without a mark', (text: string) => Buffer.from(text, 'utf16le').swap16()],
    ['Windows-1258', (text: string) => writeLegacy(text, 'windows-1258')],
    ['TCVN3', (text: string) => writeLegacy(text, 'tcvn3')],
  ])('in %s', async (_name, written) => {
    const found = await inspect(written(TITLE + TABLE));
    expect(found).toMatchObject({ headerLine: 4, rows: 40, damage: [], mapping: { headerLine: 4 } });
    expect([found.proposal.missing, found.examples[0]?.line]).toEqual([[], 5]);
  });

  it.each([
    ['by the first line', TABLE, undefined],
    ['behind empty lines', `\n\n${TABLE}`, undefined],
    ['below a line that names the separator', `sep=,\n${TABLE}`, undefined],
    ['on the twentieth line', `${'x\n'.repeat(19)}${TABLE}`, 20],
    ['below a sentence about its columns', `Gồm số thuê bao, số giấy tờ, họ và tên\n\n${TABLE}`, 3],
    ['below a record in words', `số giấy tờ 901085000017,họ và tên An,ngày sinh 19850327,,\n${TABLE}`, 2],
    ['by its first header, where that stands there twice', `Tựa\n${TABLE}${TABLE}`, 2],
  ])('%s', async (_name, text, headerLine) => {
    expect((await inspect(text)).headerLine).toBe(headerLine);
  });

  it('by names that only the user knows, or on the line that the user says', async () => {
    const own = `Tựa\n${TABLE.replace('Số giấy tờ', 'X1').replace('Họ và tên', 'X2').replace('Ngày sinh', 'X3')}`;
    const columns = { id_number: 'X1', full_name: 'X2', date_of_birth: 'X3' };
    expect(await inspect(own, { columns })).toMatchObject({ headerLine: 2, rows: 40 });
    expect(await inspect(TITLE + TABLE, { headerLine: 4 })).toMatchObject({ headerLine: 4, rows: 40 });
    await expect(inspect(TITLE + TABLE, { headerLine: 1 })).rejects.toMatchObject({ reason: 'HEADER_ABSENT' });
  });
});

describe('a table in a workbook is found', () => {
  const cell = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
  const row = (cells: readonly string[], i: number): string => `<row r="${i}">${cells.map(cell).join('')}</row>`;
  const from = (first: number): string => ROWS.map((cells, i) => row(cells, i + first)).join('');
  const note = { name: 'Ghi chú', rows: row(['Liên hệ phòng nghiệp vụ'], 2) };
  async function inspectBook(sheets: { name: string; rows: string }[], options: Partial<InspectOptions> = {}) {
    const file = join(folder, `${number++}.xlsx`);
    await writeZip(file, workbookParts(sheets));
    return inspectFile({ file, ...options });
  }

  it('below a title that is merged over it', async () => {
    const found = await inspectBook([{ name: 'A', rows: row(['DANH SÁCH'], 1) + from(4) }]);
    expect(found).toMatchObject({ headerLine: 4, rows: 40, mapping: { sheet: 'A', headerLine: 4 } });
    expect([found.examples[0]?.line, found.proposal.unused]).toEqual([5, []]);
  });

  it('on another sheet than the first, there too below its title', async () => {
    const second = await inspectBook([note, { name: 'Hai', rows: from(1) }]);
    expect(second).toMatchObject({ sheet: 'Hai', headerLine: undefined, rows: 40, mapping: { sheet: 'Hai' } });
    const below = await inspectBook([{ name: 'Bìa', rows: '' }, note, { name: 'Ba', rows: row(['Tựa'], 1) + from(3) }]);
    expect(below).toMatchObject({ sheet: 'Ba', headerLine: 3, rows: 40 });
  });

  it('on the sheet that the user names and no other', async () => {
    const sheets = [
      { name: 'A', rows: from(1) },
      { name: 'B', rows: row(['Tựa'], 1) + from(2) },
    ];
    expect(await inspectBook(sheets, { sheet: 'b' })).toMatchObject({ sheet: 'B', headerLine: 2 });
    await expect(inspectBook([note, ...sheets], { sheet: 'Ghi chú' })).rejects.toMatchObject({ exitCode: 2 });
  });
});
