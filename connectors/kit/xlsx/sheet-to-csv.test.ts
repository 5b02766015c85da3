import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openInput } from '../input-file.ts';
import { sheetToCsv } from './sheet-to-csv.ts';
import { workbookParts, writeZip } from './workbook.test-support.ts';
import { writeWorkbook } from './write-workbook.ts';

const folder = mkdtempSync(join(tmpdir(), 'lt-xlsx-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let number = 0;
const next = (): string => join(folder, `${number++}.xlsx`);

async function csvOf(parts: Record<string, string>, sheet?: string): Promise<string> {
  const path = next();
  await writeZip(path, parts);
  return text((await sheetToCsv(path, { sheet })).pieces);
}
const inline = (...cells: string[]): string =>
  cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('');
const one = (rows: string, more = {}) => workbookParts([{ name: 'A', rows }], more);

describe('a sheet', () => {
  it('is its shared, inline and computed texts, numbers, dates, truths and errors', async () => {
    const strings =
      '<si><t>Nguyễn Văn An</t></si><si><r><t xml:space="preserve">Trần </t></r><r><t>Thị, B</t></r><rPh><t>x</t></rPh></si>';
    const rows = `<row r="1">${inline('row_id', 'name', 'born', 'phone', 'more')}</row>
      <row r="2"><c r="A2"><v>1</v></c><c r="B2" t="s"><v>0</v></c><c r="C2" s="1"><v>31133</v></c><c r="D2" s="2"><v>912345678</v></c><c r="E2" t="b"><v>1</v></c></row>
      <row r="3"><c r="A3" t="str"><f>A2+1</f><v>2</v></c><c r="B3" t="s"><v>1</v></c><c r="C3" t="d"><v>1985-03-27T00:00:00</v></c><c r="D3" t="inlineStr"><is><t>="x"</t></is></c><c r="E3" t="e"><v>#N/A</v></c></row>`;
    expect(await csvOf(one(rows, { strings, formats: [14, '0#########'] }))).toBe(
      [
        'row_id,name,born,phone,more',
        '1,Nguyễn Văn An,1985-03-27,0912345678,TRUE',
        '2,"Trần Thị, B",1985-03-27,"=""x""",#N/A',
        '',
      ].join('\n'),
    );
  });

  it('keeps its row numbers as line numbers, whatever is empty, and its columns in their places', async () => {
    const rows = `<row r="2">${inline('a', 'b', 'c')}</row><row r="3"><c r="A3" s="1"/></row><row r="5"><c r="C5" t="inlineStr"><is><t>x&#10;y</t></is></c><c r="D5"><v>9</v></c></row><row r="6"><c r="A6"><v>1</v></c></row>`;
    expect(await csvOf(one(rows))).toBe('\na,b,c\n\n\n,,x y\n1,,\n');
  });

  it('is read where nothing says which row or column a cell is', async () => {
    expect(await csvOf(one(`<row>${inline('a', 'b')}</row><row><c><v>1</v></c><c/></row>`))).toBe('a,b\n1,\n');
  });

  it('is the first that is visible, or the one named', async () => {
    const parts = workbookParts([
      { name: 'Ẩn', rows: `<row>${inline('hidden')}</row>`, hidden: true },
      { name: 'Một', rows: `<row>${inline('one')}</row>` },
      { name: 'Hai', rows: `<row>${inline('two')}</row>` },
    ]);
    expect([await csvOf(parts), await csvOf(parts, ' hai')]).toEqual(['one\n', 'two\n']);
    await expect(csvOf(parts, 'Ẩn')).rejects.toMatchObject({ reason: 'SHEET_MISSING', facts: { found: 'Một, Hai' } });
  });

  it('counts days from 1904 where its workbook does', async () => {
    const rows = `<row>${inline('d')}</row><row><c s="1"><v>29671</v></c></row>`;
    expect(await csvOf(one(rows, { formats: ['dd/mm/yyyy'], from1904: true }))).toBe('d\n1985-03-27\n');
  });
});

describe('a workbook that is none', () => {
  const sound = one(`<row>${inline('a')}</row>`);
  it.each<[string, Record<string, string>]>([
    ['has no content types', { 'a.txt': 'x' }],
    ['has no workbook', { '[Content_Types].xml': '<Types/>' }],
    ['has no sheet part', { ...sound, 'xl/worksheets/sheet1.xml': '' }],
    ['has entities of its own', { ...sound, 'xl/worksheets/sheet1.xml': '<!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>' }],
    ['has broken XML', { ...sound, 'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row></sheetData>' }],
    ['has rows that go back', one(`<row r="3">${inline('a')}</row><row r="2">${inline('b')}</row>`)],
    ['has a row beyond the last', one(`<row r="1048577">${inline('a')}</row>`)],
    ['has a text longer than a cell can be', one(`<row>${inline('a'.repeat(70_000))}</row>`)],
    [
      'has a row that grows by what its cells refer to',
      one(`<row>${'<c t="s"><v>0</v></c>'.repeat(60)}</row>`, { strings: `<si><t>${'a'.repeat(32_000)}</t></si>` }),
    ],
    ['has a shared text longer than a cell can be', one('', { strings: `<si><t>${'a'.repeat(70_000)}</t></si>` })],
    ['has a column beyond the last', one('<row><c r="ZZZZ1"><v>1</v></c></row>')],
  ])('%s', async (_name, parts) => {
    await expect(csvOf(parts)).rejects.toMatchObject({ reason: 'XLSX_WRONG', exitCode: 2 });
  });

  it('is cut off', async () => {
    const path = next();
    await writeZip(path, one(`<row>${inline('a')}</row>`));
    writeFileSync(path, readFileSync(path).subarray(0, -40));
    await expect(sheetToCsv(path)).rejects.toMatchObject({ reason: 'XLSX_WRONG' });
  });
});

describe('a file opened by what it begins with', () => {
  const spools = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.spool'));
  beforeAll(() => void vi.stubEnv('TMPDIR', folder));
  afterAll(() => void vi.unstubAllEnvs());

  it('is itself where it is text, and a private CSV of a workbook, with the digest of that', async () => {
    const csv = join(folder, 'plain.xlsx');
    writeFileSync(csv, 'a,b\n');
    expect(await openInput(csv)).toMatchObject({ path: csv });
    const book = join(folder, 'book.csv');
    await writeZip(book, one(`<row>${inline('a')}</row>`));
    const [first, second] = [await openInput(book), await openInput(book)];
    expect(readFileSync(first.path, 'utf8')).toBe('a\n');
    expect(first.original?.digest.digest.equals(second.original?.digest.digest ?? Buffer.alloc(0))).toBe(true);
    expect([first.original?.sheet, first.original?.digest.bytes]).toEqual(['A', readFileSync(book).length]);
    expect(first.path).not.toBe(second.path);
    await Promise.all([first.remove(), second.remove()]);
    expect(spools()).toEqual([]);
  });

  it('is refused where it is of the old format, is broken, or has no such sheet; and nothing is left', async () => {
    const old = join(folder, 'old.xls');
    writeFileSync(old, Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]));
    await expect(openInput(old)).rejects.toMatchObject({ reason: 'XLSX_OLD' });
    await expect(openInput(join(folder, 'none'))).rejects.toMatchObject({ reason: 'FILE_MISSING' });
    const csv = join(folder, 'plain.csv');
    writeFileSync(csv, 'a,b\n');
    await expect(openInput(csv, { sheet: 'A' })).rejects.toMatchObject({ reason: 'SHEET_MISSING' });
    const broken = next();
    await writeZip(broken, {
      ...one(''),
      'xl/worksheets/sheet1.xml': `<worksheet><sheetData><row>${inline('a')}</row>`,
    });
    await expect(openInput(broken)).rejects.toMatchObject({ reason: 'XLSX_WRONG' });
    expect(spools()).toEqual([]);
  });
});

describe('a workbook that is written', () => {
  async function* blocks(rows: readonly (readonly string[])[], size: number) {
    for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
  }
  const write = async (rows: readonly (readonly string[])[], perSheet?: number) => {
    const path = next();
    const made = await writeWorkbook(
      path,
      { title: 'Kết quả', header: ['a', 'b'], widths: [9, 9], rows: blocks(rows, 3) },
      perSheet,
    );
    return { path, made };
  };

  it('is read back as the same texts, formulas, escapes and control characters among them', async () => {
    const rows = [
      ['=1+1', '0912345678'],
      ['<&">', '_x000D_ \u0001 \u200d'],
      ['', 'Nguyễn  Văn An '],
    ];
    const { path, made } = await write(rows);
    expect(made).toEqual({ rows: 3, sheets: 1 });
    expect(await text((await sheetToCsv(path)).pieces)).toBe(
      'a,b\n=1+1,0912345678\n"<&"">",_x000D_ \u0001 \u200d\n,Nguyễn  Văn An \n',
    );
  });

  it.each([
    [0, 1],
    [4, 1],
    [5, 2],
    [8, 2],
    [9, 3],
  ])('of %i rows at four a sheet has %i sheets, each with the header', async (count, sheets) => {
    const { path, made } = await write(
      Array.from({ length: count }, (_, i) => [String(i), 'x']),
      4,
    );
    expect(made).toEqual({ rows: count, sheets });
    const all: string[] = [];
    for (let n = 1; n <= sheets; n++) {
      const csv = await text((await sheetToCsv(path, { sheet: sheets === 1 ? 'Kết quả' : `Kết quả ${n}` })).pieces);
      const [header, ...lines] = csv.trimEnd().split('\n');
      expect(header).toBe('a,b');
      all.push(...lines);
    }
    expect(all).toEqual(Array.from({ length: count }, (_, i) => `${i},x`));
  });

  it('fails as its rows fail, or where it cannot be written', async () => {
    async function* failing(): AsyncGenerator<string[][]> {
      yield [['1', 'x']];
      throw new RangeError('no more');
    }
    const what = { title: 't', header: ['a'], widths: [9] };
    await expect(writeWorkbook(next(), { ...what, rows: failing() })).rejects.toThrow('no more');
    await expect(writeWorkbook(join(folder, 'none', 'x'), { ...what, rows: blocks([], 1) })).rejects.toThrow('ENOENT');
  });
});
