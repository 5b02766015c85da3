import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { readCsv } from './csv-read.ts';
import { failure } from './failure.test-support.ts';

const NAMES = ['row_id', 'msisdn', 'id_number', 'full_name', 'date_of_birth', 'note'];
const columns = NAMES.map((name) => ({ name, header: name }));
const HEADER = NAMES.join(',');

const rowOf = (i: number, name = 'Nguyễn Văn An', note = ''): string =>
  `${i},09612${10_000 + i},9010850${10_000 + i},${name},1985-03-27,${note}`;
const rows = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => rowOf(from + i));

type Read = { line: number; cells: string[] };

async function read(text: string, size = 1 << 18): Promise<Read[]> {
  const bytes = Buffer.from(text);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const found: Read[] = [];
  for await (const { count, lines, cells } of readCsv(pieces(), { columns, batchRows: 64 })) {
    for (let i = 0; i < count; i++)
      found.push({ line: lines[i] as number, cells: cells.map((column) => column[i] as string) });
  }
  return found;
}

const fileOf = (lines: readonly string[], end = '\n'): string => `${[HEADER, ...lines].join(end)}${end}`;

describe('a stray quote that opens a cell and is closed rows below', () => {
  const open = rowOf(101, '"Nguyễn Văn An');
  it.each([
    ['by the end of a name', rowOf(600, 'Trần Thị Bình"')],
    ['by the end of a line', `${rowOf(600)}"`],
    ['by the beginning of a name', rowOf(600, '"Trần Thị Bình')],
    ['by a quoted cell', rowOf(600, '"Trần, Bình"')],
    ['by a quoted cell that begins with the separator', rowOf(600, '", Bình"')],
    ['in another column', `${rowOf(600).replace(',', '",')}`],
  ])('%s is refused with its line', async (_name, closing) => {
    for (const end of ['\n', '\r\n']) {
      const text = fileOf([...rows(1, 100), open, ...rows(102, 599), closing, ...rows(601, 700)], end);
      for (const size of [50, 1000, 1 << 18]) {
        const error = await failure(read(text, size));
        expect([error.reason, error.facts.line]).toEqual(['QUOTE_UNCLOSED', 102]);
      }
    }
  });

  it.each([
    ['the end of a name', rowOf(102, 'Trần Thị Bình"')],
    ['a quoted cell that begins with the separator', rowOf(102, '", Bình"')],
    ['a quoted cell that begins with a line break', rowOf(102, '"\nBình"')],
  ])('in the next row, by %s, is refused with its line', async (_name, closing) => {
    const text = fileOf([...rows(1, 100), open, closing, ...rows(103, 200)]);
    for (const size of [3, 50, 1000, 1 << 18]) {
      const error = await failure(read(text, size));
      expect([error.reason, error.facts.line]).toEqual(['QUOTE_UNCLOSED', 102]);
    }
  });

  it('is refused in the last row as well, whose line does not end', async () => {
    const text = `${HEADER}\n${rowOf(1, '"An')}\n${rowOf(2, 'Bình"')}`;
    expect((await failure(read(text))).facts.line).toBe(2);
  });
});

describe('a text of several lines is no row', () => {
  it.each([
    ['two lines', 'Số 5, ngõ 3\nPhường Láng, Hà Nội'],
    ['commas at the end', 'Ấp 3, xã A, huyện B\n, , ,\nx'],
    ['telephones', 'Gọi 0912345678, 0987654321\nhoặc 0911111111, sau 18h\n\n0922222222'],
    ['as many commas as a row', 'Chủ cũ:\nSố 5, ngõ 3, tổ 2, khu A, phường B, Hà Nội\nđã chuyển'],
    ['quotes and line breaks alone', '"\n\n"\n'],
    ['thirty lines', 'Ghi chú, ngày 3/5\n'.repeat(30)],
  ])('%s', async (_name, note) => {
    const quoted = `"${note.replaceAll('"', '""')}"`;
    const lines = [...rows(1, 3), rowOf(4, 'An', quoted), rowOf(5, quoted, quoted), ...rows(6, 8)];
    for (const size of [3, 1000]) {
      const found = await read(fileOf(lines), size);
      expect(found.map(({ cells }) => cells[0])).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
      expect(found[4]?.cells.slice(3)).toEqual([note, '1985-03-27', note]);
    }
  });
});

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join(''));
const name = fc.constantFrom('Nguyễn Văn An', 'TRAN THI BINH', 'Lê, Khuê', 'Phạm "Tí" Như', '', ', Đỗ', 'Vũ\nĐức');
const note = fc.oneof(
  fc.constantFrom('', '', 'cũ', 'Số 5, ngõ 3', '\n', 'a\nb', '"x"', ' '),
  fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', 'ễ'), maxLength: 8 }),
);
const record = fc.tuple(
  ...[fc.constant(''), digits(9), digits(12), name],
  fc.constantFrom('1985-03-27', '1990', '"1/2/1970"', ''),
  note,
);

describe('a well-formed file', () => {
  const table = fc
    .array(record, { minLength: 1, maxLength: 14 })
    .map((all) => all.map((row, i) => row.with(0, `r${i}`)));
  const written = {
    newline: fc.constantFrom('\n', '\r\n'),
    quotes: fc.boolean(),
    size: fc.integer({ min: 1, max: 200 }),
  };
  const recordsOf = (all: string[][], newline: string, quotes: boolean): string[] =>
    all.map((row) => `${Papa.unparse([row], { newline, quotes })}${newline}`);

  it('is read, whatever lines its cells have', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.record(written), async (all, { newline, quotes, size }) => {
        const found = await read(`${HEADER}${newline}${recordsOf(all, newline, quotes).join('')}`, size);
        expect(found.map(({ cells }) => cells)).toEqual(all);
      }),
      { numRuns: 300 },
    );
  });

  it('with one or two stray quotes is refused with a line, or loses no row that has none of them', async () => {
    const strays = fc.array(fc.nat(), { minLength: 1, maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(table, strays, fc.record(written), async (all, at, { newline, quotes, size }) => {
        const records = recordsOf(all, newline, quotes);
        const length = records.join('').length;
        const damaged = new Set<number>();
        for (const place of at) {
          let [rest, k] = [place % length, 0];
          while (rest >= (records[k] ?? '').length) rest -= (records[k++] ?? '').length;
          const text = records[k] as string;
          records[k] = `${text.slice(0, rest)}"${text.slice(rest)}`;
          damaged.add(k);
        }
        let found: Read[];
        try {
          found = await read(`${HEADER}${newline}${records.join('')}`, size);
        } catch (error) {
          expect(error).toMatchObject({ reason: 'QUOTE_UNCLOSED', facts: { line: expect.any(Number) } });
          return;
        }
        const texts = found.map(({ cells }) => JSON.stringify(cells));
        for (const [i, row] of all.entries()) if (!damaged.has(i)) expect(texts).toContain(JSON.stringify(row));
      }),
      { numRuns: 1000 },
    );
  });
});
