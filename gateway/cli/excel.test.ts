import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';
import { RESULT_HEADER } from '../../connectors/kit/result-lines.ts';
import { sheetToCsv } from '../../connectors/kit/xlsx/sheet-to-csv.ts';
import { excelPathOf, writeExcel } from './excel.ts';

const folder = mkdtempSync(join(tmpdir(), 'lt-excel-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const results = join(folder, 'results.csv');
writeFileSync(
  results,
  [
    RESULT_HEADER.join(','),
    '2,1,0961234501,VERIFIED,KEEP,TRUE,TRUE,TRUE,,,,,,2026-11-28T10:00:00Z,,0:0',
    '3,2,84961234502,VERIFIED,STOP,TRUE,TRUE,TRUE,,,,DECEASED,,2026-11-28T10:00:00Z,,0:1',
    '4,3,961234503,PROBABLE,REVIEW,TRUE,FALSE,TRUE,93,81,TONE_DIFFERS|PARTIAL_DATE,,,2026-11-28T10:00:00Z,,0:2',
    "5,'=6,+1,NOT_FOUND,CONTACT,FALSE,NOT_AVAILABLE,NOT_AVAILABLE,,,ID_NOT_FOUND,,,2026-11-28T20:00:00Z,,0:3",
    '',
  ].join('\n'),
);
const read = async (path: string) => (await text((await sheetToCsv(path)).pieces)).trimEnd().split('\n');

describe('a workbook of results', () => {
  test('has the rows that need work, in words, phones as they are dialled, nothing that runs', async () => {
    const path = excelPathOf(results);
    expect(path).toBe(join(folder, 'results.xlsx'));
    expect(await writeExcel(results, path, { language: 'vi', all: false })).toEqual({ rows: 3, sheets: 1 });
    const [header, ...rows] = await read(path);
    expect(header).toContain('Dòng,Mã bản ghi,Số thuê bao,Kết luận');
    expect(header).toContain('Dữ liệu lúc (+07:00)');
    expect(rows.map((row) => row.split(',').slice(0, 4))).toEqual([
      ['3', '2', '0961234502', 'VERIFIED'],
      ['4', '3', '0961234503', 'PROBABLE'],
      ['5', '=6', '+1', 'NOT_FOUND'],
    ]);
    expect(rows[0]).toContain('ngừng cung cấp dịch vụ: chủ thuê bao đã chết');
    expect(rows[0]).toContain('người này đã chết');
    // Vietnamese time: the evening of one day in Greenwich is the next.
    expect(rows[0]).toContain('28/11/2026 17:00');
    expect(rows[2]).toContain('29/11/2026 03:00');
  });

  test('has all rows where asked for, in English where spoken', async () => {
    const path = join(folder, 'all.xlsx');
    expect(await writeExcel(results, path, { language: 'en', all: true })).toEqual({ rows: 4, sheets: 1 });
    const [header, first] = await read(path);
    expect(header).toContain('Line,Record,Subscription,Verdict');
    expect(first).toContain('keep the subscription');
  });

  test('is not there where it could not be written whole', async () => {
    const path = join(folder, 'none.xlsx');
    const stop = AbortSignal.abort();
    await expect(writeExcel(results, path, { language: 'en', all: true, signal: stop })).rejects.toMatchObject({
      reason: 'INTERRUPTED',
    });
    await expect(
      writeExcel(results, join(folder, 'no', 'x.xlsx'), { language: 'en', all: true }),
    ).rejects.toMatchObject({
      reason: 'OUTPUT_UNWRITABLE',
    });
    expect([existsSync(path), readdirSync(folder).filter((name) => name.endsWith('.part'))]).toEqual([false, []]);
  });
});
