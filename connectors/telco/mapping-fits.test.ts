import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Encoding } from '../kit/decode/encodings.ts';
import { writeLegacy } from '../kit/decode/letters.test-support.ts';
import { workbookParts, writeZip } from '../kit/xlsx/workbook.test-support.ts';
import { demandFits, type Said } from './mapping-fits.ts';

const folder = mkdtempSync(join(tmpdir(), 'lt-fits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'week.csv');

const NAMES = ['Nguyễn Văn Ấm', 'Trần Thị Bưởi', 'Đỗ Huỳnh Tuyết', 'Lê Ngọc Khuê'];
const textOf = (names: readonly string[]): string =>
  ['row_id,msisdn,id_number,full_name,date_of_birth']
    .concat(Array.from({ length: 40 }, (_, i) => `${i},09,001085000017,${names[i % names.length]},1985-03-27`))
    .join('\n');
const [UTF8, UTF8_MARK] = [Buffer.from(textOf(NAMES)), Buffer.from(`\ufeff${textOf(NAMES)}`)];
const UTF16 = Buffer.from(`\ufeff${textOf(NAMES)}`, 'utf16le');
const PLAIN = Buffer.from(textOf(['NGUYEN VAN AN']));
const legacy = (encoding: 'windows-1258' | 'tcvn3'): Buffer => writeLegacy(textOf(NAMES), encoding);

async function stale(bytes: Uint8Array, said: Said): Promise<unknown> {
  writeFileSync(file, bytes);
  try {
    await demandFits(file, said, 'week.csv.mapping.json');
    return undefined;
  } catch (error) {
    return (error as { reason?: string; facts?: { found?: string } }).facts?.found ?? error;
  }
}

describe('a mapping left of an earlier file of the same name', () => {
  test.each<[string, Buffer, Encoding, string]>([
    ['UTF-8 under Windows-1258', UTF8, 'windows-1258', 'UTF-8'],
    ['UTF-8 under TCVN3', UTF8, 'tcvn3', 'UTF-8'],
    ['UTF-8 under Windows-1252', UTF8, 'windows-1252', 'UTF-8'],
    ['UTF-8 under UTF-16', UTF8, 'utf-16le', 'UTF-8'],
    ['a byte order mark under VNI', UTF8_MARK, 'vni', 'UTF-8'],
    ['a byte order mark alone', Buffer.concat([Buffer.from('\ufeff'), PLAIN]), 'viscii', 'UTF-8'],
    ['UTF-16 under UTF-8', UTF16, 'utf-8', 'UTF-16'],
    ['Windows-1258 under UTF-8', legacy('windows-1258'), 'utf-8', 'Windows-1258'],
    ['TCVN3 under Windows-1258', legacy('tcvn3'), 'windows-1258', 'TCVN3 (ABC)'],
  ])('is found out: %s', async (_name, bytes, said, found) =>
    expect(await stale(bytes, { encoding: said })).toBe(found));

  test.each<[string, Buffer, Encoding | undefined]>([
    ['the same', UTF8, 'utf-8'],
    ['the same with a mark', UTF8_MARK, 'utf-8'],
    ['the same, of old', legacy('windows-1258'), 'windows-1258'],
    ['UTF-16 of the other order', UTF16, 'utf-16be'],
    ['no marks at all', PLAIN, 'windows-1258'],
    ['nothing said', UTF8, undefined],
    ['nothing in it', Buffer.alloc(0), 'windows-1258'],
  ])('is not suspected: %s', async (_name, bytes, said) =>
    expect(await stale(bytes, { encoding: said })).toBeUndefined());

  test('is not suspected for a workbook, or for a file that is not there', async () => {
    const sheet = { name: 'A', rows: '<row><c t="inlineStr"><is><t>Họ tên</t></is></c></row>' };
    await writeZip(file, workbookParts([sheet]));
    await demandFits(file, { encoding: 'windows-1258', dateOrder: 'day-first', birthColumn: 'x' }, 'm');
    await demandFits(join(folder, 'none.csv'), { encoding: 'windows-1258' }, 'm');
  });

  test('is named with both encodings and what to do', async () => {
    writeFileSync(file, UTF8);
    const work = demandFits(file, { encoding: 'windows-1258' }, 'm.json');
    await expect(work).rejects.toMatchObject({ reason: 'MAPPING_STALE', exitCode: 2 });
    await expect(work).rejects.toThrow(/Windows-1258.*UTF-8.*inspect .* --out m\.json.*--no-mapping/);
  });
});

describe('an order of dates that a mapping says', () => {
  const dated = (rows: number, dateOf: (i: number) => string, header = 'Ngày sinh'): Buffer =>
    Buffer.from(`row_id,${header}\n${Array.from({ length: rows }, (_, i) => `${i},${dateOf(i)}`).join('\n')}`);
  const dayFirst = (i: number): string => `${(i % 28) + 1}/${(i % 12) + 1}/1985`;
  const monthFirst = (i: number): string => `${(i % 12) + 1}/${(i % 28) + 1}/1985`;
  const birthColumn = 'ngày sinh';

  test.each<[string, Buffer, 'day-first' | 'month-first', string]>([
    ['month first under day first', dated(60, monthFirst), 'day-first', 'month-first'],
    ['day first under month first', dated(60, dayFirst), 'month-first', 'day-first'],
    ['in another encoding', writeLegacy(dated(60, monthFirst).toString(), 'tcvn3'), 'day-first', 'month-first'],
  ])('is found out: %s', async (_name, bytes, dateOrder, found) => {
    const readAs = bytes.includes('à') ? undefined : 'tcvn3';
    expect(await stale(bytes, { dateOrder, birthColumn, readAs })).toBe(found);
  });

  test.each<[string, Buffer, 'day-first' | 'month-first']>([
    ['the same', dated(60, dayFirst), 'day-first'],
    ['the same, month first', dated(60, monthFirst), 'month-first'],
    ['too few to say so', dated(15, monthFirst), 'day-first'],
    ['dates of both orders', dated(120, (i) => (i % 3 === 0 ? dayFirst(i) : monthFirst(i))), 'day-first'],
    ['dates that show nothing', dated(60, () => '1985-03-27'), 'month-first'],
    ['another column', dated(60, monthFirst, 'Ngày cấp'), 'day-first'],
  ])('is not suspected: %s', async (_name, bytes, dateOrder) =>
    expect(await stale(bytes, { dateOrder, birthColumn })).toBeUndefined());
});
