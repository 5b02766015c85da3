import { describe, expect, test } from 'vitest';
import { MARKED, toTelex, toViqr, toVniKeys } from '../../test/golden/matching/encoders.ts';
import { typedAgain } from './keyboard-text.ts';
import { normaliseName } from './normalise-name.ts';

const small = MARKED.filter((letter) => letter === letter.toLowerCase());
const NAMES = [
  'nguyễn',
  'trần',
  'đức',
  'hồng',
  'phượng',
  'quỳnh',
  'thủy',
  'hòa',
  'giàu',
  'khuê',
  'yến',
  'tuyết',
  'mười',
  'đỗ',
  'ước',
  'quốc',
  'thuận',
  'hoàng',
];

describe.each([
  ['Telex', toTelex],
  ['VNI', toVniKeys],
] as const)('%s', (_, keysOf) => {
  test.each(small)('%s by its own keys', (letter) => {
    expect(typedAgain(keysOf(letter)), keysOf(letter)).toContain(letter);
    expect(typedAgain(keysOf(letter).toUpperCase())).toContain(letter);
  });

  test.each(NAMES)('%s, the tone at the letter or at the end', (name) => {
    for (const order of ['at the letter', 'at the end'] as const) {
      const keys = keysOf(name, order);
      // Where the tone lands within a syllable is a matter of spelling.
      const typed = typedAgain(keys).map((text) => normaliseName(text).key);
      expect(typed, keys).toContain(normaliseName(name).key);
    }
  });
});

test.each(small)('VIQR: %s', (letter) => expect(typedAgain(toViqr(letter)), toViqr(letter)).toContain(letter));
test.each(NAMES)('VIQR: %s', (name) => expect(typedAgain(toViqr(name))).toContain(name));

test.each([
  ['Nguyeenx', 'nguyễn'],
  ['Nguyeexn', 'nguyễn'],
  ['Nguyenex', 'nguyễn'],
  ['NGUYEENX', 'nguyễn'],
  ['Nguye6n4', 'nguyễn'],
  ['Nguye64n', 'nguyễn'],
  ['Nguyen64', 'nguyễn'],
  ['DDuwcs', 'đức'],
  ['Dduwsc', 'đức'],
  ['Ducwsd', 'đức'],
  ['D9u71c', 'đức'],
  ['Duc719', 'đức'],
  ['huowng', 'hương'],
  ['Hwowng', 'hương'],
  ['Huwowng', 'hương'],
  ['Huo7ng', 'hương'],
  ['Quoocs', 'quốc'],
  ['twf', 'từ'],
])('%s is %s', (keys, word) => expect(typedAgain(keys)).toContain(word));

test.each([
  ["Nguye^~n Va(n DDu+'c", 'Nguyễn Văn Đức'],
  ['Tra^`n Thi. Hu+o+ng', 'Trần Thị Hương'],
])('VIQR %s is %s', (keys, name) => expect(typedAgain(keys)).toContain(name));

test('a text without a key is typed by no method', () => {
  for (const text of ['', '   ', 'Nguyễn Hoàng', 'Linh', '---']) expect(typedAgain(text)).toEqual([]);
});
