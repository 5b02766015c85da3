import fc from 'fast-check';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { type Block, createFramer, MAX_RECORD } from './frame.ts';
import { parseBlock } from './parse-block.ts';

function frame(text: Buffer, cuts: readonly number[]): Block[] {
  const framer = createFramer();
  const blocks: Block[] = [];
  const take = (block: Block | undefined) => {
    if (block !== undefined) blocks.push({ ...block, bytes: Buffer.from(block.bytes) });
  };
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    const to = Math.min(cut, text.length);
    if (to > from) take(framer.push(text.subarray(from, to)));
    from = Math.max(from, to);
  }
  take(framer.push(text.subarray(from)));
  take(framer.end());
  return blocks;
}

const cell = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('', 'Nguyễn', 'a,b', 'hai\ndòng', '"', 'x"y', ' '));
const quote = (value: string) => (/[",\n\r]/.test(value) || value === '' ? `"${value.replaceAll('"', '""')}"` : value);

test('however a file is cut into pieces, each record comes once, whole, with its line', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(300), { maxLength: 6 }),
      fc.constantFrom('', '\n'),
      (rows, cuts, end) => {
        const records = rows.map((row) => row.map(quote).join(','));
        const blocks = frame(Buffer.from(records.join('\n') + end), cuts);
        const lines: number[] = [];
        let line = 1;
        for (const record of records) {
          lines.push(line);
          line += record.split('\n').length;
        }
        const parsed = blocks.map((block) => parseBlock(block));
        expect(parsed.flatMap((one) => one.rows.map((row) => [...row]))).toEqual(rows);
        expect(parsed.flatMap((one) => one.rows.map((_, index) => one.lineOf(index)))).toEqual(lines);
        expect(blocks.map((block) => block.records).reduce((a, b) => a + b, 0)).toBe(rows.length);
      },
    ),
    { numRuns: 500 },
  );
});

test('any text at all keeps its records apart: none is swallowed by a wrong quote of another', () => {
  const piece = fc.constantFrom('a', '"', ',', '\n', 'é', '\r', ' ');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(40), { maxLength: 4 }), (pieces, cuts) => {
      const text = pieces.join('');
      const whole = frame(Buffer.from(text), []);
      const parts = frame(Buffer.from(text), cuts);
      const count = (blocks: Block[]) => blocks.reduce((sum, block) => sum + block.records, 0);
      expect(count(parts)).toBe(count(whole));
      for (const block of parts) expect(parseBlock(block).rows.length).toBe(block.records);
    }),
    { numRuns: 1000 },
  );
});

test('agrees with the library on files that are well formed', () => {
  const text = 'a,"b ""c"", d",e\r\n1,2,3\r\n"x\ny",,z\r\n';
  const rows = frame(Buffer.from(text), [3, 9, 20]).flatMap((block) => parseBlock(block).rows);
  expect(rows).toEqual(Papa.parse<string[]>(text.trimEnd(), { newline: '\r\n' }).data);
});

test('a record without end is refused with the line it begins in, in bounded memory', () => {
  const framer = createFramer();
  framer.push(Buffer.from('h\na,b\n"open,'));
  expect(() => {
    for (let i = 0; i < 40; i++) framer.push(Buffer.alloc(MAX_RECORD / 8, 'x\n'));
  }).toThrow(/line 3 is longer than 1 MiB/);
});
