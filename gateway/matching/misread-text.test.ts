import { describe, expect, test } from 'vitest';
import { MARKED, misread } from '../../test/golden/matching/encoders.ts';
import { isMisreadInOtherCase, rereadUtf8 } from './misread-text.ts';

const ENCODINGS = ['windows-1252', 'windows-1258', 'latin1'] as const;

/** The marks of decomposed letters, as file systems and programs of macOS write them. */
const MARKS = ['\u0300', '\u0301', '\u0302', '\u0303', '\u0306', '\u0309', '\u031b', '\u0323'];

describe.each(['windows-1252', 'latin1'] as const)('decomposed UTF-8 read as %s', (encoding) => {
  test.each(MARKS)('%j is read back within a word', (mark) => {
    const word = `Qa${mark}x`;
    expect(rereadUtf8(misread(word, encoding))).toBe(word);
  });
});

describe.each(ENCODINGS)('UTF-8 read as %s', (encoding) => {
  test.each(MARKED)('%s is read back within a word', (letter) => {
    const word = `Q${letter}x`;
    expect(rereadUtf8(misread(word, encoding))).toBe(word);
  });

  test('twice over', () => {
    for (const letter of MARKED) {
      const word = `Q${letter}x`;
      const twice = misread(misread(word, encoding), encoding);
      expect(rereadUtf8(rereadUtf8(twice) ?? ''), word).toBe(word);
    }
  });
});

test.each([
  ['Nguyá»…n VÄƒn', 'Nguyễn Văn'],
  ['Tráº§n Thá»‹ Há»“ng', 'Trần Thị Hồng'],
  ['LÃª HoÃ\u00a0ng', 'Lê Hoàng'],
])('%j is %s', (text, name) => expect(rereadUtf8(text)).toBe(name));

test.each([
  'Nguyễn Văn An',
  'NGUYỄN',
  'Lê Hoàng Ánh',
  'Nguyen Van An',
  '',
  'Ânh Ãn',
  'Nguyễn Ä…',
])('%j shows no sign of it, or cannot have been it', (text) => expect(rereadUtf8(text)).toBeUndefined());

test('a byte that was lost on the way is a lost letter, never a guess', () => {
  expect(rereadUtf8('Ä‘á»c')).toBe('đ\ufffdc');
});

test('what changed case afterwards is found by asking the register', () => {
  for (const name of ['Nguyễn Văn An', 'Trần Thị Hồng', 'Đỗ Ái Vân']) {
    const row = misread(name, 'windows-1252');
    expect(isMisreadInOtherCase(row.toUpperCase(), name)).toBe(true);
    expect(isMisreadInOtherCase(row.toLowerCase(), name)).toBe(true);
    expect(isMisreadInOtherCase(row.toUpperCase(), 'Nguyễn Văn Ân')).toBe(false);
  }
});
