import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listReasons, normaliseName, possibleNames } from './index.ts';

const reasonsOf = (word1: number) => listReasons({ word0: 0, word1, word2: 0 });

describe('what a damaged name may have been, by the row alone', () => {
  test.each([
    ['NguyÔn V¨n An', 'Nguyễn Văn An', 'LEGACY_ENCODING'],
    ['Nguyá»…n VÄƒn An', 'Nguyễn Văn An', 'ENCODING_MISREAD'],
    ['Nguyeenx Vawn An', 'nguyễn văn an', 'KEYBOARD_CODES'],
    ['Nguy&#7877;n V&#259;n An', 'Nguyễn Văn An', 'ESCAPED_TEXT'],
    ['H0àng Văn An', 'Hoàng Văn An', 'NAME_MISREAD'],
    ['Nguyễn Văn An (đã mất)', 'Nguyễn Văn An', 'NAME_NOTE'],
  ])('%s: first %s', (row, name, reason) => {
    const [first] = possibleNames(row);
    expect(first?.text).toBe(name);
    expect(reasonsOf(first?.reasons ?? 0)).toContain(reason);
  });

  test.each([
    'Nguyễn Văn An',
    'NGUYEN VAN AN',
    "H'Hen Niê",
    'Nguyễn  Văn\u200bAn',
    '',
    '?',
    'x'.repeat(500),
  ])('nothing where the row shows no damage: %j', (row) => expect(possibleNames(row)).toEqual([]));

  test('each is a name, none twice, and none the row itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aeNguyễÔnV¨Þ&;? 0Ä‘') }), (row) => {
        const keys = possibleNames(row).map(({ text }) => normaliseName(text).key);
        expect(new Set([...keys, normaliseName(row).key]).size).toBe(keys.length + 1);
        for (const key of keys) expect(key).toMatch(/^[\p{L}\p{M} ]+$/u);
      }),
      { numRuns: 500 },
    );
  });
});
