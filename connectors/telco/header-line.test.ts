import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeLegacy } from '../kit/decode/letters.test-support.ts';
import { loadProfile } from '../kit/profile.ts';
import { verifyReceipt } from '../kit/receipt-verify.ts';
import type { Fate, TinyRow } from '../kit/tiny-gateway.test-support.ts';
import { workbookParts, writeZip } from '../kit/xlsx/workbook.test-support.ts';
import { dryRun } from './dry-run.ts';
import { ALL_AGREE, CHUNK, openTinyTelco, type TinyTelco } from './tiny-telco.test-support.ts';
import type { VerifyOptions } from './verify.ts';

/** A table that something stands above, by the line of its header. */

const HEADER = 'row_id,msisdn,id_number,full_name,date_of_birth';
/** A title of one line, one of two lines in quotes, an empty line: the header is line 5. */
const ABOVE = 'DANH SÁCH THUÊ BAO\n"Cửa hàng số 3, Đà Nẵng\nTháng 11, 2026",,,,\n\n';
const NAMES = ['Nguyễn Văn Ấm', 'Trần Thị Bưởi', 'Đỗ Huỳnh Tuyết', 'Lê Ngọc Khuê'];
const cellsOf = (i: number): string[] => [
  ...[`r${i}`, `09${10_000_000 + i}`, `9${10_850_000_000 + i}`, NAMES[i % NAMES.length] ?? '', '1985-03-27'],
];
const table = (rows: number): string =>
  `${[HEADER, ...Array.from({ length: rows }, (_, i) => cellsOf(i).join(','))].join('\n')}\n`;

let sent: TinyRow[];
let tiny: TinyTelco;
beforeEach(async () => {
  sent = [];
  tiny = await openTinyTelco((row) => {
    sent.push(row);
    return ALL_AGREE;
  });
});
afterEach(() => tiny.close());

const run = (options: Partial<VerifyOptions> = {}) => tiny.run({ headerLine: 5, ...options });
const resultLines = (): number[] =>
  readFileSync(tiny.out, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',')[0]));
const from = (first: number, rows: number): number[] => Array.from({ length: rows }, (_, i) => first + i);
const proven = async () => verifyReceipt(tiny.out, (await loadProfile(tiny.gateway.profileFolder)).keySetRoot);

describe('a file whose header stands further down', () => {
  it.each([
    ['utf-8', (text: string) => Buffer.from(text)],
    ['utf-8', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['utf-16le', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['windows-1258', (text: string) => writeLegacy(text, 'windows-1258')],
  ])('in %s has a result for each row, by its line in the file', async (encoding, written) => {
    writeFileSync(tiny.file, written(ABOVE + table(300)));
    expect(await run()).toMatchObject({ rows: 300, headerLine: 5, learnt: { encoding: { value: encoding } } });
    expect(resultLines()).toEqual(from(6, 300));
    expect(sent.slice(0, 4).map(({ name }) => name.normalize('NFC'))).toEqual(NAMES);
    expect(await proven()).toMatchObject({ ok: true, rows: 300 });
  });

  it('is read as far down in a large file, of which a sample is learnt from', async () => {
    const rows = 40_000;
    writeFileSync(tiny.file, `DANH SÁCH\n${table(rows)}`);
    const found = await dryRun({ file: tiny.file, profile: tiny.gateway.profileFolder, headerLine: 2 });
    expect(found).toMatchObject({ rows, slimRows: rows, headerLine: 2 });
  });

  it('is gone on with after an interruption as the same job; by another line it is another job', async () => {
    const rows = CHUNK * 6 + 17;
    writeFileSync(tiny.file, ABOVE + table(rows));
    tiny.gateway.faults.beforeAnswer = async (num): Promise<Fate> => {
      if (num === 4) await tiny.gateway.stop();
      return 'go on';
    };
    await expect(run({ inFlight: 1, giveUpMs: 200 })).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
    tiny.gateway.faults = {};
    await tiny.gateway.start(tiny.port);
    writeFileSync(`${tiny.file}2`, table(rows));
    await expect(run({ headerLine: undefined, file: `${tiny.file}2` })).rejects.toMatchObject({
      facts: { differs: 'fileDigest, headerLine' },
    });
    const { resumedRows, rows: all } = await run();
    expect([tiny.gateway.starts, all, resumedRows > 0]).toEqual([1, rows, true]);
    expect(resultLines()).toEqual(from(6, rows));
  });

  it.each([
    [1, 'HEADER_WRONG'],
    [4, 'HEADER_LINE_WRONG'],
    [6, 'HEADER_WRONG'],
    [400, 'HEADER_LINE_WRONG'],
  ])('is refused by line %i, which is named, and asks nobody', async (headerLine, reason) => {
    writeFileSync(tiny.file, ABOVE + table(300));
    await expect(run({ headerLine })).rejects.toMatchObject({ reason, facts: { line: headerLine }, exitCode: 2 });
    expect(tiny.gateway.starts).toBe(0);
  });

  it('is refused where the header is beyond what each reading sees', async () => {
    writeFileSync(tiny.file, `${'x'.repeat(300_000)}\n${table(30)}`);
    await expect(run({ headerLine: 2 })).rejects.toMatchObject({ reason: 'HEADER_LINE_WRONG' });
  });
});

it('a sheet is as wide as its header, whatever its title is, and results have its row numbers', async () => {
  const cell = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
  const row = (cells: readonly string[], i: number): string => `<row r="${i}">${cells.map(cell).join('')}</row>`;
  const rows = [HEADER.split(','), ...Array.from({ length: 30 }, (_, i) => cellsOf(i))];
  const xml = row(['DANH SÁCH THUÊ BAO'], 1) + rows.map((cells, i) => row(cells, i + 4)).join('');
  await writeZip(tiny.file, workbookParts([{ name: 'A', rows: xml }]));
  await expect(run({ headerLine: undefined })).rejects.toMatchObject({
    ...{ reason: 'HEADER_WRONG', message: expect.stringContaining('lienthong telco inspect') },
  });
  await expect(run({ headerLine: 3 })).rejects.toMatchObject({ reason: 'HEADER_LINE_WRONG' });
  expect(await run({ headerLine: 4 })).toMatchObject({ rows: 30, sheet: 'A' });
  expect(resultLines()).toEqual(from(5, 30));
});
