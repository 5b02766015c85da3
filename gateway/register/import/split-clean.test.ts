import fc from 'fast-check';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { splitClean } from './parse-block.ts';

const piece = fc.constantFrom('a', 'Nguyễn', ' ', ',', '"', '""', '\r', '', '0901', 'x"y');
const line = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));

test('what it splits, the library splits alike; the rest it leaves alone', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
      const text = lines.join('\n');
      const rows = splitClean(text);
      fc.pre(rows !== undefined && !text.includes('\r') && text !== '' && !text.endsWith('\n'));
      // The library drops nothing and knows no blank line here: an empty line is one empty cell for both.
      const { data } = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n', header: false });
      expect(rows).toEqual(data);
    }),
    { numRuns: 3000 },
  );
});

test('cells as an export writes them', () => {
  expect(splitClean('1,"Số 5, phố Huế",x\r\n2,"",\n3,"a","b"')).toEqual([
    ['1', 'Số 5, phố Huế', 'x'],
    ['2', '', ''],
    ['3', 'a', 'b'],
  ]);
});

test.each(['1,"a""b"', '1,a"b', '1,"a"b', '1,"a', '"'])('%s is left to the library', (text) => {
  expect(splitClean(text)).toBeUndefined();
});
