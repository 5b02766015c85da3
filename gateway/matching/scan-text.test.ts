import { expect, test } from 'vitest';
import { readScanned } from './scan-text.ts';

test.each([
  ['H0a', 'Hoa'],
  ['N9a', 'Nga'],
  ['Ma1', 'Mai'],
  ['1an', 'lan'],
  ['8ích', 'bích'],
  ['5ơn', 'sơn'],
  ['Hả|', 'Hải'],
  ['$ơn', 'sơn'],
  ['H@', 'Ha'],
])('%s may be %s', (scanned, word) => expect(readScanned(scanned)).toContain(word));

test('digits that touch no letter are no letters', () => {
  for (const text of ['Nguyễn Văn An 0', 'An (1)', '0', '', 'An 1985']) expect(readScanned(text)).toEqual([]);
});

test('two readings at most', () => expect(readScanned('A1B1C1D6E6').length).toBe(2));
