import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from './csv-read.ts';
import { guard, unguard, writeCell } from './csv-write.ts';

const nasty = fc.string({
  unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', "'", '1', '2', '.', ',', ' ', 'A', '"', '\n'),
  maxLength: 8,
});

describe('formula guard', () => {
  it.each([
    '=1+1',
    '+cmd',
    '-2+3',
    '@SUM(A1)',
    '\tx',
    '\rx',
    '=',
    '-',
    '+',
    '+84912A',
    "'=1",
    "''@x",
    '+1-1',
    '- 5',
  ])('puts an apostrophe before %j', (cell) => expect(guard(cell)).toBe(`'${cell}`));

  it.each([
    '0912345678',
    '+84912345678',
    '+84 912 345 678',
    '-5',
    '+1,5',
    '-1.25',
    'NGUYEN',
    '',
    "O'Brien",
    "'quoted'",
    ' =1',
  ])('leaves %j as it is', (cell) => expect(guard(cell)).toBe(cell));

  it('lets no cell out that begins like a formula and is no number or phone number', () => {
    fc.assert(
      fc.property(nasty, (cell) => {
        const written = guard(cell);
        if (/^[=+\-@\t\r]/.test(written)) expect(written).toMatch(/^[+-]\d[\d .,]*$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('is undone exactly, also for cells that began with apostrophes', () => {
    fc.assert(
      fc.property(nasty, (cell) => {
        expect(unguard(guard(cell))).toBe(cell);
      }),
      { numRuns: 1000 },
    );
  });
});

it('a written cell reads back as it was, beside its neighbours', async () => {
  const columns = ['a', 'b'].map((name) => ({ name, header: name }));
  await fc.assert(
    fc.asyncProperty(nasty, nasty, async (a, b) => {
      const bytes = Buffer.from(`a,b,end\n${writeCell(a)},${writeCell(b)},0\n`);
      async function* source(): AsyncGenerator<Uint8Array> {
        yield bytes;
      }
      const found: string[][] = [];
      for await (const { cells } of readCsv(source(), { columns, batchRows: 9 })) {
        found.push(cells.map((column) => unguard(column[0] as string)));
      }
      expect(found).toEqual([[a, b]]);
    }),
    { numRuns: 500 },
  );
});

/** As a spreadsheet cuts a line that takes commas, semicolons and tabs for separators at once, and quotes around a whole cell. */
function cutWidely(line: string): string[] {
  const cells = [''];
  let inside = false;
  for (let i = 0; i < line.length; i++) {
    const sign = line[i] as string;
    const cell = cells.at(-1) ?? '';
    if (inside && sign === '"' && line[i + 1] === '"') cells.splice(-1, 1, `${cell}${line[++i]}`);
    else if (sign === '"' && (inside || cell === '')) inside = !inside;
    else if (!inside && /[,;\t]/.test(sign)) cells.push('');
    else cells.splice(-1, 1, cell + sign);
  }
  return cells;
}

it('a written cell is one cell, and no formula, to a reader that takes several separators at once', () => {
  const wide = fc.string({ unit: fc.constantFrom(';', '\t', '=', '-', '1', 'A', '"', ',', ' '), maxLength: 8 });
  fc.assert(
    fc.property(wide, wide, (a, b) => {
      expect(cutWidely(`8,${writeCell(a)},${writeCell(b)},VERIFIED`)).toEqual(['8', guard(a), guard(b), 'VERIFIED']);
    }),
    { numRuns: 2000, examples: [["A;=cmd|' /C calc'!A0;", '']] },
  );
});
