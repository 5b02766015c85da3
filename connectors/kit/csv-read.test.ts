import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { CELL_COUNTS, readCsv, type WantedColumn } from './csv-read.ts';
import { failure } from './failure.test-support.ts';

const columns = ['a', 'b', 'c'].map((name) => ({ name, header: name }));

async function* pieces(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

type Read = { line: number; cells: string[]; count: number }[];

async function read(
  text: string | Uint8Array,
  {
    wanted = columns,
    size = 7,
    batchRows = 2,
  }: { wanted?: readonly WantedColumn[]; size?: number; batchRows?: number } = {},
): Promise<Read> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const records: Read = [];
  for await (const batch of readCsv(pieces(bytes, size), { columns: wanted, batchRows })) {
    for (let i = 0; i < batch.count; i++) {
      const cells = batch.cells.map((column) => column[i] as string);
      records.push({ line: batch.lines[i] as number, cells, count: batch.cellCounts[i] as number });
    }
  }
  return records;
}

describe('records', () => {
  it('gives each once, with the line it starts on, whatever pieces the bytes come in', async () => {
    const text = 'a,b,c\n1,2,3\n"x\ny","""q""",z\n\n4,5,6';
    for (const size of [1, 2, 3, 5, 8, 100]) {
      expect(await read(text, { size })).toEqual([
        { line: 2, cells: ['1', '2', '3'], count: CELL_COUNTS.EXACT },
        { line: 3, cells: ['x\ny', '"q"', 'z'], count: CELL_COUNTS.EXACT },
        { line: 6, cells: ['4', '5', '6'], count: CELL_COUNTS.EXACT },
      ]);
    }
  });

  it('gives a row of hundreds of thousands of cells as one with too many, and the rows behind it', async () => {
    const wide = `"4",5,6${',x'.repeat(400_000)}`;
    const found = await read(`a,b,c\n1,2,3\n${wide}\n7,8,9`, { size: 1 << 16 });
    expect(found).toEqual([
      { line: 2, cells: ['1', '2', '3'], count: CELL_COUNTS.EXACT },
      { line: 3, cells: ['4', '5', '6'], count: CELL_COUNTS.TOO_MANY },
      { line: 4, cells: ['7', '8', '9'], count: CELL_COUNTS.EXACT },
    ]);
  });

  it.each([
    [',', 'a,b,c\r\n1,2,3\r\n'],
    [';', 'a;b;c\n1;2;3\n'],
    ['\t', 'a\tb\tc\n1\t2\t3'],
    ['|', '\ufeffa|b|c\r\n1|2|3'],
    ['quoted header', '"a",b,"c"\n1,2,3'],
    ['other columns, other order', 'x,c,a,y,b\n0,3,1,0,2'],
    ['case and spaces', ' A ,B,c \n1,2,3'],
    ['a line that names the separator above', 'sep=;\r\na;b;c\r\n1;2;3'],
    ['empty lines above', '\r\n\n a,b,c\n1,2,3'],
  ])('finds the columns: %s', async (_name, text) => {
    expect((await read(text)).map(({ cells }) => cells)).toEqual([['1', '2', '3']]);
  });

  it('counts a record with too few or too many cells as a record', async () => {
    expect(await read('a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n')).toEqual([
      { line: 2, cells: ['1', '2', ''], count: CELL_COUNTS.TOO_FEW },
      { line: 3, cells: ['1', '2', '3'], count: CELL_COUNTS.TOO_MANY },
      { line: 4, cells: ['1', '2', '3'], count: CELL_COUNTS.EXACT },
    ]);
  });

  it('keeps a stray quote in its cell where it opens none', async () => {
    const cells = (await read('a,b,c\n"x"y,5" disk,3\n1,2,3\n')).map((record) => record.cells);
    expect(cells).toEqual([
      ['xy', '5" disk', '3'],
      ['1', '2', '3'],
    ]);
  });

  it('counts the line breaks of a cell once, however many quotes stand before them', async () => {
    const text = 'a,b,c\n"""""""\n","x\r\ny"  ,3\n1,2,3\n';
    for (const size of [1, 4, 100]) {
      expect((await read(text, { size })).map(({ line, cells }) => [line, cells])).toEqual([
        [2, ['"""\n', 'x\r\ny', '3']],
        [5, ['1', '2', '3']],
      ]);
    }
  });

  it('gives two wanted columns from one column of the file', async () => {
    const wanted = [...columns, { name: 'd', header: 'b' }];
    expect((await read('a,b,c\n1,2,3\n4\n', { wanted })).map(({ cells }) => cells)).toEqual([
      ['1', '2', '3', '2'],
      ['4', '', '', ''],
    ]);
  });

  it('reads what papaparse reads of well-formed files', async () => {
    const cell = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', 'ễ', '😀', ';'), maxLength: 6 }),
      fc.constantFrom('', 'Nguyễn Văn Ân', '0912345678'),
    );
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 40 }),
        async (rows, newline, size) => {
          const text = Papa.unparse([['a', 'b', 'c'], ...rows], { newline, quotes: false });
          // An all-empty line is no record here; papaparse writes none for three empty cells.
          expect((await read(text, { size, batchRows: 3 })).map(({ cells }) => cells)).toEqual(rows);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('makes full batches and one rest', async () => {
    const counts: number[] = [];
    const text = `a,b,c\n${'1,2,3\n'.repeat(10)}`;
    for await (const batch of readCsv(pieces(Buffer.from(text), 9), { columns, batchRows: 4 }))
      counts.push(batch.count);
    expect(counts).toEqual([4, 4, 2]);
  });
});

describe('files that are refused', () => {
  it.each([
    ['nothing', '', 'FILE_EMPTY'],
    ['empty lines only', '\n\n', 'FILE_EMPTY'],
    ['another header', 'x,y\n1,2\n', 'HEADER_WRONG'],
    ['a column twice', 'a,b,c,B\n1,2,3,4\n', 'HEADER_TWICE'],
  ])('%s', async (_name, text, reason) => {
    expect((await failure(read(text))).reason).toBe(reason);
  });

  it('names what it found and what it needs, but repeats no row that stands in place of a header', async () => {
    expect((await failure(read('x;y;a\n1;2;3\n'))).facts).toMatchObject({ missing: 'b, c', found: 'x, y, a' });
    const noHeader = await failure(read('901085000017,NGUYEN VAN AN,1985\n'));
    expect(noHeader.message).not.toMatch(/9010|NGUYEN/);
  });

  it.each([
    ['last of all', 'a,b,c\n1,2,3\n4,"x\n', 3],
    ['in the second cell of a record of several lines', 'a,b,c\n"x\ny","z\n1,2,3\n', 3],
  ])('an unclosed quote names the line it opens in: %s', async (_name, text, line) => {
    const error = await failure(read(text));
    expect([error.reason, error.facts.line]).toEqual(['QUOTE_UNCLOSED', line]);
  });

  it('bytes that are not UTF-8 name their line, and UTF-16 its cure', async () => {
    const broken = Buffer.concat([Buffer.from('a,b,c\n1,2,3\n4,'), Buffer.of(0xd0), Buffer.from(',6\n7,8,9\n')]);
    for (const size of [1, 9, 1000]) {
      const error = await failure(read(broken, { size }));
      expect([error.reason, error.facts.line]).toEqual(['ENCODING_INVALID', 3]);
    }
    expect((await failure(read(Buffer.from('\ufeffa,b,c\n', 'utf16le')))).reason).toBe('ENCODING_UTF16');
  });

  it('a file whose last character is cut off is not UTF-8', async () => {
    const cut = Buffer.from('a,b,c\n1,2,ễ').subarray(0, -1);
    expect((await failure(read(cut))).facts.line).toBe(2);
  });

  it('stops reading a 100 MB line as soon as it is too long', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a,b,c\n1,2,3\n');
      for (; given < 100 << 20; given += 1 << 16) yield Buffer.alloc(1 << 16, 'x');
    }
    const records: number[] = [];
    const error = await failure(
      (async () => {
        for await (const batch of readCsv(endless(), { columns, batchRows: 1 })) records.push(...batch.lines);
      })(),
    );
    expect([error.reason, error.facts.line]).toEqual(['LINE_TOO_LONG', 3]);
    expect(records).toEqual([2]);
    expect(given).toBeLessThan(2 << 20);
  });

  it('a quote left open over 100 MB of lines stops after one', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a,b,c\n"');
      for (; given < 100 << 20; given += 1 << 16) yield Buffer.alloc(1 << 16, '1,2,3\n');
    }
    const error = await failure(
      (async () => {
        for await (const _ of readCsv(endless(), { columns, batchRows: 1 }));
      })(),
    );
    expect([error.reason, error.facts.line]).toEqual(['QUOTE_UNCLOSED', 2]);
    expect(given).toBeLessThan(3 << 20);
  });

  it('a chunk of very long rows is refused instead of kept', async () => {
    async function* large(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a,b,c\n');
      for (let i = 0; i < 200; i++) yield Buffer.concat([Buffer.alloc(900_000, 'x'), Buffer.from(',2,3\n')]);
    }
    const error = await failure(
      (async () => {
        for await (const _ of readCsv(large(), { columns, batchRows: 4096 }));
      })(),
    );
    expect(error.reason).toBe('ROWS_TOO_LARGE');
  });

  it('leaves out 16 MB of empty lines between two records of one batch', async () => {
    async function* sparse(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a,b,c\n1,2,3\n');
      for (let i = 0; i < 64; i++) yield Buffer.alloc(1 << 18, '\n');
      yield Buffer.from('4,5,6');
    }
    const records: (readonly [number, string | undefined])[] = [];
    for await (const { lines, cells } of readCsv(sparse(), { columns, batchRows: 4096 })) {
      for (const [i, line] of lines.entries()) records.push([line, cells[2]?.[i]]);
    }
    expect(records).toEqual([
      [2, '3'],
      [3 + (16 << 20), '6'],
    ]);
  });

  it('reads 100 MB of rows, and refuses a line of 100 MB, in a heap of 48 MB', () => {
    const program = `
      import { readCsv } from ${JSON.stringify(new URL('./csv-read.ts', import.meta.url).href)};
      const columns = ['a', 'b', 'c'].map((name) => ({ name, header: name }));
      async function* give(fill) { yield Buffer.from('a,b,c\\n'); for (let i = 0; i < 100; i++) yield Buffer.alloc(1 << 20, fill); }
      let rows = 0;
      for await (const batch of readCsv(give('1,2,3456789012345678901234567890123456789012345678901234567890\\n'), { columns, batchRows: 4096 })) rows += batch.count;
      let reason = '';
      try { for await (const batch of readCsv(give('x'), { columns, batchRows: 4096 })) rows += batch.count; } catch (error) { reason = error.reason; }
      console.log(rows > 1_000_000 ? 'rows' : rows, reason, process.memoryUsage().rss < 200e6 ? 'small' : 'large');`;
    const args = [
      '--disable-warning=ExperimentalWarning',
      '--max-old-space-size=48',
      '--input-type=module',
      '-e',
      program,
    ];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 25_000 });
    expect(`${stdout}${stderr}`.trim()).toBe('rows LINE_TOO_LONG small');
  });

  it('does not take time in proportion to the square of the file', async () => {
    // No separator in 300,000 lines: each look for one must not run to the end of the block.
    const text = `a,b,c\n${'x\n'.repeat(300_000)}`;
    const start = process.cpuUsage();
    expect((await read(text, { size: 1 << 18, batchRows: 4096 })).length).toBe(300_000);
    // Microseconds of this process: the clock would tell how busy the machine is.
    expect(process.cpuUsage(start).user).toBeLessThan(5_000_000);
  });
});
