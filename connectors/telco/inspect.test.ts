import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { NO_HABITS } from '../../gateway/matching/index.ts';
import { writeLegacy } from '../kit/decode/letters.test-support.ts';
import { workbookParts, writeZip } from '../kit/xlsx/workbook.test-support.ts';
import { createDamageTally } from './damage.ts';
import { type InspectOptions, inspectFile } from './inspect.ts';

const folder = mkdtempSync(join(tmpdir(), 'lt-inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let number = 0;

const NAMES = ['Nguyễn Văn Ấm', 'TRẦN THỊ Ưng', 'Đỗ Huỳnh Tuyết', 'Lê Ngọc Khuê', 'Phạm Quỳnh Như', 'Vũ Đức Hữu'];
const HEADER = ['Số thứ tự', 'Số thuê bao', 'Số giấy tờ', 'Họ và tên', 'Ngày sinh', 'Ngày cấp'];
const COLUMNS = {
  row_id: 'Số thứ tự',
  msisdn: 'Số thuê bao',
  id_number: 'Số giấy tờ',
  full_name: 'Họ và tên',
  date_of_birth: 'Ngày sinh',
};
const rowOf = (i: number): string[] => [
  ...[String(i), `09${61_234_000 + i}`, `9${10_850_000_000 + i}`, NAMES[i % NAMES.length] ?? ''],
  ...[`${String((i % 28) + 1).padStart(2, '0')}/03/1985`, '01/02/2022'],
];
const rowsOf = (rows: number): string[][] => [HEADER, ...Array.from({ length: rows }, (_, i) => rowOf(i))];
const textOf = (rows: readonly string[][], separator = ',', end = '\n'): string =>
  `${rows.map((row) => row.join(separator)).join(end)}${end}`;

function inspect(bytes: string | Uint8Array, options: Partial<InspectOptions> = {}) {
  const file = join(folder, `${number++}.csv`);
  writeFileSync(file, bytes);
  return inspectFile({ file, ...options });
}

describe('a file is found out', () => {
  it.each([
    [',', '\n'],
    [';', '\r\n'],
    ['\t', '\n'],
    ['|', '\r\n'],
  ])('separated by %j, lines ending in %j', async (separator, end) => {
    const found = await inspect(textOf(rowsOf(60), separator, end));
    expect(found).toMatchObject({
      form: { separator, lineEnd: end === '\n' ? 'LF' : 'CRLF', quotes: false, byteOrderMark: false },
      ...{ rows: 60, looked: 60, damage: [], tooFew: { rows: 0 }, tooMany: { rows: 0 } },
      mapping: { columns: COLUMNS, stated: { encoding: 'utf-8', dateOrder: 'day-first' } },
    });
    expect(found.proposal.unused).toEqual(['Ngày cấp']);
    expect(found.examples[1]).toEqual({ line: 3, cells: rowOf(1).slice(0, 5) });
  });

  it.each([
    ['utf-8', true, (text: string) => Buffer.from(`\ufeff${text}`)],
    ['utf-16le', true, (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['utf-16be', false, (text: string) => Buffer.from(text, 'utf16le').swap16()],
    ['tcvn3', false, (text: string) => writeLegacy(text, 'tcvn3')],
    ['vni', false, (text: string) => writeLegacy(text, 'vni')],
    ['windows-1258', false, (text: string) => writeLegacy(text, 'windows-1258')],
    ['viscii', false, (text: string) => writeLegacy(text, 'viscii')],
  ] as const)('written in %s, its header too', async (encoding, byteOrderMark, written) => {
    const found = await inspect(written(textOf(rowsOf(400))));
    expect(found).toMatchObject({ form: { byteOrderMark }, rows: 400, learnt: { encoding: { value: encoding } } });
    const { columns, stated } = found.mapping;
    expect(stated.encoding).toBe(encoding);
    expect(Object.values(columns).map((name) => name.normalize('NFC'))).toEqual(Object.values(COLUMNS));
  });

  it('that is a workbook, by its sheet', async () => {
    const file = join(folder, 'book.xlsx');
    const xml = rowsOf(30).map(
      (row) => `<row>${row.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`,
    );
    await writeZip(
      file,
      workbookParts([
        { name: 'Một', rows: '' },
        { name: 'Hai', rows: xml.join('') },
      ]),
    );
    const found = await inspectFile({ file, sheet: 'hai' });
    expect(found).toMatchObject({ rows: 30, form: undefined, mapping: { sheet: 'Hai', columns: COLUMNS } });
    expect(found.mapping.stated.encoding).toBeUndefined();
  });

  it('with month before day, or with nothing that shows it', async () => {
    const other = rowsOf(60).map(([a, b, c, d, date = '', ...rest]) => [
      ...[a, b, c, d, date.replace(/^(\d\d)\/(\d\d)/, '$2/$1'), ...rest],
    ]) as string[][];
    expect((await inspect(textOf(other))).mapping.stated.dateOrder).toBe('month-first');
    // Too few to be read so, yet all that there are say it: nothing is written that would hold against a longer file.
    expect((await inspect(textOf(other.slice(0, 24)))).mapping.stated.dateOrder).toBeUndefined();
    const mixed = other.map((row, i) => (i < 40 ? row : (rowsOf(60)[i] ?? row)));
    expect((await inspect(textOf(mixed))).mapping.stated.dateOrder).toBeUndefined();
    const iso = rowsOf(60).map((row, i) => (i === 0 ? row : row.with(4, '1985-03-27')));
    expect((await inspect(textOf(iso))).mapping.stated.dateOrder).toBeUndefined();
  });
});

describe('what looks damaged', () => {
  it('is counted by reason, with the first lines; rows of another shape beside it', async () => {
    const rows = rowsOf(200);
    for (const at of [10, 20, 30, 40]) rows[at] = (rows[at] ?? []).with(2, '9.01E+11');
    rows[50] = (rows[50] ?? []).with(4, '31/02/1985');
    rows[60] = [...(rows[60] ?? []), 'more'];
    rows[61] = (rows[61] ?? []).slice(0, 4);
    const found = await inspect(textOf(rows));
    expect(found.damage.slice(0, 1)).toEqual([
      { reason: 'ID_DIGITS_LOST', field: 'id', kind: 'problem', rows: 4, lines: [11, 21, 31] },
    ]);
    expect(found.damage).toContainEqual(
      expect.objectContaining({ reason: 'BIRTH_DATE_NOT_IN_CALENDAR', rows: 1, lines: [51] }),
    );
    expect(found).toMatchObject({
      rows: 200,
      looked: 199,
      tooMany: { rows: 1, lines: [61] },
      tooFew: { rows: 1, lines: [62] },
    });
  });

  it('of a name is told by what was done to it on its way', () => {
    const tally = createDamageTally(NO_HABITS);
    const misread = Buffer.from('Nguyễn Văn An').toString('latin1');
    const names = ['Nguyễn Văn An', 'NguyÔn V¨n An', misread, 'Nguyen Van An', 'Nguye?n Van An', ''];
    for (const [line, name] of names.entries())
      tally.add({ line, idNumber: '901085000017', name, birthDate: '1985-03-27' });
    const found = Object.fromEntries(tally.found().map(({ reason, lines }) => [reason, lines]));
    expect(found).toMatchObject({ LEGACY_ENCODING: [1], ENCODING_MISREAD: [2], MARKS_MISSING: [3], NAME_MISSING: [5] });
    expect(Object.values(found).flat()).not.toContain(0);
  });
});

describe('rows that may be a mistake', () => {
  it('are told of: the same ones twice, a second header, control characters, a last line cut off', async () => {
    const rows = rowsOf(30);
    rows[5] = (rows[5] ?? []).with(3, 'Lê\u001b[31m Khuê');
    const text = `${textOf(rows)}${textOf(rowsOf(10))}31,0961234,90108`;
    expect((await inspect(text)).oddities).toEqual({
      repeatedIds: { rows: 10, lines: [33, 34, 35] },
      repeatedHeaders: { rows: 1, lines: [32] },
      columnNumbers: { rows: 0, lines: [] },
      totals: { rows: 0, lines: [] },
      controls: { rows: 1, lines: [6] },
      several: { rows: 0, lines: [] },
      cutLine: 43,
    });
  });

  it('are told of where they span several lines, with the longest', async () => {
    const rows = rowsOf(30);
    rows[5] = (rows[5] ?? []).with(5, '"a\nb"');
    rows[9] = (rows[9] ?? []).with(5, '"a\n\nb\n"');
    expect((await inspect(textOf(rows))).oddities).toMatchObject({
      repeatedIds: { rows: 0 },
      several: { rows: 2, lines: [6, 11], longest: { line: 11, lines: 4 } },
    });
    expect(await inspect(textOf(rowsOf(30)).trimEnd())).not.toHaveProperty('oddities.cutLine');
  });
});

describe('what cannot be found out', () => {
  it('is a column: it is named, and the user may say it', async () => {
    const rows = rowsOf(20).map((row) => row.toSpliced(3, 1, 'x'));
    await expect(inspect(textOf(rows))).rejects.toMatchObject({
      reason: 'COLUMNS_NOT_FOUND',
      facts: { missing: 'full_name' },
      exitCode: 2,
    });
    const said = await inspect(textOf(rows), { columns: { full_name: 'X' } });
    expect(said.mapping.columns.full_name).toBe('x');
    await expect(inspect(textOf(rows), { columns: { sex: 'X' } })).rejects.toMatchObject({ reason: 'COLUMN_UNKNOWN' });
  });

  it('is a name that stands in two columns: which they are is said', async () => {
    const rows = rowsOf(20).map((row) => row.toSpliced(3, 1, 'Nguyễn Văn', 'An'));
    const parts = [HEADER.toSpliced(3, 1, 'Họ và tên đệm', 'Tên'), ...rows.slice(1)];
    await expect(inspect(textOf(parts))).rejects.toMatchObject({
      ...{ reason: 'NAME_IN_PARTS', facts: { parts: 'Họ và tên đệm, Tên' }, exitCode: 2 },
    });
    const said = await inspect(textOf(parts), { columns: { full_name: 'Tên' } });
    expect(said.mapping.columns.full_name).toBe('Tên');
  });

  it.each([
    ['a header that is a row', textOf(rowsOf(20).slice(1)), 'HEADER_ABSENT'],
    ['a title above a header that is not known', `DANH SÁCH THUÊ BAO\nA,B,C\n1,2,3\n`, 'HEADER_ABSENT'],
    ['a header beyond the twentieth line', `${'x\n'.repeat(20)}${textOf(rowsOf(20))}`, 'HEADER_ABSENT'],
    ['nothing', '', 'FILE_EMPTY'],
    ['no row', textOf([HEADER]), 'NO_RECORDS'],
    ['cells with another sign between them', textOf(rowsOf(20), '^'), 'SEPARATOR_UNKNOWN'],
    ['lines that end in CR alone', textOf(rowsOf(20), ',', '\r'), 'LINE_ENDS_CR'],
    ['a web page under the name of a workbook', `\ufeff\n<html><body><table><tr><td>x</td></tr></table>`, 'FILE_HTML'],
    ['a quote that is never closed', `${textOf(rowsOf(20))}"x,1\n`, 'QUOTE_UNCLOSED'],
  ])('is %s', async (_name, text, reason) => {
    await expect(inspect(text)).rejects.toMatchObject({ reason, exitCode: 2 });
  });
});

describe('what stands in front of the header or around the file', () => {
  it('may be a line that names the separator, for a spreadsheet program', async () => {
    for (const [line, separator] of [
      ['sep=;', ';'],
      ['"sep=|"', '|'],
      ['SEP=\t', '\t'],
    ] as const) {
      const found = await inspect(`\ufeff${line}\r\n${textOf(rowsOf(30), separator, '\r\n')}`);
      expect(found).toMatchObject({ rows: 30, form: { separator }, mapping: { columns: COLUMNS } });
      expect(found.examples[0]?.line).toBe(3);
    }
  });

  it.each([
    ['gzip', 'zcat', gzipSync(textOf(rowsOf(20)))],
    ['zstd', 'zstdcat', Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0x04, 0, 0x0a)],
    ['bzip2', 'bzcat', Buffer.from('BZh91AY&SY\n')],
  ])('may be compression by %s, which is named with its cure; nothing of it is shown', async (form, unpack, bytes) => {
    const refused = inspect(bytes);
    await expect(refused).rejects.toMatchObject({ reason: 'FILE_COMPRESSED', facts: { form, unpack }, exitCode: 2 });
  });
});

it('names that are plain are seen at a glance as they are seen closely', () => {
  const words = fc.constantFrom(...NAMES.flatMap((name) => name.split(' ')), 'Hoà', 'Qui', 'AN', 'Xqz', 'ngân', 'An.');
  const names = fc.array(words, { minLength: 1, maxLength: 4 }).map((all) => all.join(' '));
  fc.assert(
    fc.property(names, (name) => {
      const seen = (text: string) => {
        const tally = createDamageTally(NO_HABITS);
        tally.add({ line: 2, idNumber: '901085000017', name: text, birthDate: '1985-03-27' });
        return tally.found().map(({ reason }) => reason);
      };
      // A space behind it is undone, and makes the name one to look at closely.
      expect(seen(name)).toEqual(seen(`${name} `).filter((reason) => reason !== 'SPACING'));
    }),
    { numRuns: 500 },
  );
});
