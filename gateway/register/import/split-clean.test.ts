import fc from 'fast-check';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { parseBlock, splitClean } from './parse-block.ts';

const piece = fc.constantFrom('a', 'Nguyễn', ' ', ',', '"', '""', '\r', '', '0901', 'x"y');
const line = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));

test('what it splits, the library splits alike; the rest it leaves alone', () => {
  let split = 0;
  fc.assert(
    fc.property(line, (text) => {
      const cells = splitClean(text);
      if (cells === undefined || text === '') return;
      split++;
      const { data } = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n', header: false });
      expect([cells]).toEqual(data);
    }),
    { numRuns: 5000 },
  );
  expect(split).toBeGreaterThan(1000);
});

test('cells as an export writes them', () => {
  expect(splitClean('1,"Số 5, phố Huế",x')).toEqual(['1', 'Số 5, phố Huế', 'x']);
  expect(splitClean('2,"",')).toEqual(['2', '', '']);
  expect(splitClean('3,"a","b"')).toEqual(['3', 'a', 'b']);
});

test('a quoted last cell before a carriage return is no wrong quote, whatever stands in other lines', () => {
  const bytes = Buffer.from('1,"a""b"\r\n2,"c"\r\n3,"d"\r');
  const block = { bytes, firstLine: 2, firstRecord: 1, records: 3 };
  for (const multiline of [false, true]) {
    const { rows, broken } = parseBlock({ ...block, multiline });
    expect(rows).toEqual([
      ['1', 'a"b'],
      ['2', 'c'],
      ['3', 'd'],
    ]);
    expect(broken.size).toBe(0);
  }
});

test.each(['1,"a""b"', '1,a"b', '1,"a"b', '1,"a', '"'])('%s is left to the library', (text) => {
  expect(splitClean(text)).toBeUndefined();
});
