import { describe, expect, test } from 'vitest';
import { BASE_BITS, LETTER_BITS } from './letter-table.ts';
import { alignLost } from './lost-letters.ts';
import { createNameLetters, readName } from './read-name.ts';
import {
  isCutOff,
  isInitials,
  lacksMiddleWords,
  placeWithin,
  sameInAnotherOrder,
  sameWordsMixed,
  type Words,
} from './word-alignment.ts';
import { oneEditApart } from './word-edits.ts';

const words = (text: string): Words => readName(text, createNameLetters());

describe('letters lost', () => {
  test.each([
    ['Nguy?n V?n An', 'Nguyễn Văn An'],
    ['Nguy??n V??n An', 'Nguyễn Văn An'],
    ['Nguy???n V??n An', 'Nguyễn Văn An'],
    ['L? Th? H??ng', 'Lê Thị Hương'],
    ['Nguyen V?n D?ng', 'Nguyen Văn Dũng'],
  ])('%s may be %s', (row, name) => expect(alignLost(words(row), words(name), true)).toBe(true));

  test.each([
    ['Nguy?n V?n Am', 'Nguyễn Văn An'],
    ['Nguy?n V?n', 'Nguyễn Văn An'],
    ['? ? ?', 'Lê Tý Ý'],
    ['N????? V?? A?', 'Nguyễn Văn An'],
    ['Nguy?n Van ?n', 'Nguyễn Văn An'],
    ['Nguyễn Văn An', 'Nguyễn Văn An'],
  ])('%s is not %s', (row, name) => expect(alignLost(words(row), words(name), true)).toBe(false));

  test('letters that Western Europe lacks vanish without a trace, all others stay', () => {
    expect(alignLost(words('Trn Th Hng'), words('Trần Thị Hồng'), false)).toBe(true);
    expect(alignLost(words('Tr Th Hng'), words('Trần Thị Hồng'), false)).toBe(false);
    expect(alignLost(words('Trần Th Hng'), words('Trần Thị Hồng'), false)).toBe(false);
  });

  test('an encoding drops letters or takes their marks, not both by turns', () => {
    const lost = (row: string, register: string): boolean => alignLost(words(row), words(register), false);
    expect(lost('Nguyn Vn Trng', 'Nguyễn Văn Trường')).toBe(true);
    expect(lost('Nguyn Van Thng', 'Nguyễn Văn Thắng')).toBe(true);
    expect(lost('Nguyen Van Trung', 'Nguyễn Văn Trường')).toBe(false);
    expect(lost('Nguyn Van Dung', 'Nguyễn Văn Dũng')).toBe(true);
    expect(lost('Nguyn Vn Dung', 'Nguyễn Văn Dũng')).toBe(false);
  });

  test('a name that reads whole lost nothing, nor did a given name that reads whole with its marks taken', () => {
    const lost = (row: string, register: string): boolean => alignLost(words(row), words(register), false);
    expect(lost('Mai Hong Anh', 'Mai Hoàng Anh')).toBe(false);
    expect(lost('Le Van Trung', 'Lê Văn Trường')).toBe(false);
    expect(lost('Nguyn Van Trung', 'Nguyễn Văn Trường')).toBe(false);
    expect(lost('Phm Th Ha', 'Phạm Thị Hòa')).toBe(true);
  });

  test('does not remember the names before, and does not follow names that drift apart', () => {
    expect(alignLost(words('Nguy?n'), words('Nguyễn Văn An'), true)).toBe(false);
    expect(alignLost(words(`${'?'.repeat(150)}a`), words('Lê'), true)).toBe(false);
    expect(alignLost(words('L? Hoa'), words('Lê Hoa'), true)).toBe(true);
  });
});

describe('one slip', () => {
  const apart = (a: string, b: string, mask = LETTER_BITS): boolean => oneEditApart(words(a), 0, words(b), 0, mask);
  test.each([
    ['Dũnh', 'Dũng'],
    ['Hươnng', 'Hương'],
    ['Hươg', 'Hương'],
    ['Hươgn', 'Hương'],
    ['An', 'Ân'],
    ['Lan', 'Lan'],
  ])('%s and %s', (a, b) => {
    expect(apart(a, b)).toBe(true);
    expect(apart(b, a)).toBe(true);
  });
  test.each([
    ['Dũng', 'Dung'],
    ['Dũng', 'Dụnh'],
    ['Hương', 'Hưgno'],
    ['Lan', 'Liêm'],
    ['Mai', 'Hoa'],
  ])('%s and %s are more', (a, b) => {
    expect(apart(a, b)).toBe(false);
    expect(apart(b, a)).toBe(false);
  });
  test('without marks, tones say nothing', () => expect(apart('Dung', 'Dũnh', BASE_BITS)).toBe(true));
});

describe('words', () => {
  test('a name within a longer one, in one run', () => {
    const name = words('Nguyễn Văn An');
    expect(placeWithin(name, words('Nguyễn Văn An GĐ'), LETTER_BITS)).toBe(0);
    expect(placeWithin(name, words('KH VIP Nguyễn Văn An'), LETTER_BITS)).toBe(2);
    expect(placeWithin(name, words('Nguyễn GĐ Văn An'), LETTER_BITS)).toBe(-1);
    expect(placeWithin(name, name, LETTER_BITS)).toBe(-1);
  });

  test('middle names lack on either side, and a long row is no one name', () => {
    const lacks = (a: string, b: string): boolean => lacksMiddleWords(words(a), words(b), LETTER_BITS);
    expect(lacks('Nguyễn An', 'Nguyễn Thị Minh Ngọc An')).toBe(true);
    expect(lacks('Nguyễn Thị Minh An', 'Nguyễn An')).toBe(true);
    expect(lacks('Nguyễn Thị Minh Ngọc An', 'Nguyễn An')).toBe(false);
    expect(lacks('Nguyễn Minh Thị An', 'Nguyễn Thị Minh Ngọc An')).toBe(false);
  });

  test('fronts, initials and orders', () => {
    expect(isCutOff(words('Nguyễn Thị Phươ'), words('Nguyễn Thị Phương'), LETTER_BITS)).toBe('surely');
    expect(isCutOff(words('Nguyễn Thị Phư'), words('Nguyễn Thị Phương'), LETTER_BITS)).toBe('perhaps');
    expect(isCutOff(words('Nguyễn Thị Phư'), words('Nguyễn Thị Phương'), LETTER_BITS, true)).toBe('surely');
    expect(isCutOff(words('Nguyễn Thị P'), words('Nguyễn Thị Phương'), LETTER_BITS)).toBe('within');
    expect(isCutOff(words('Nguyễn Thị Q'), words('Nguyễn Thị Phương'), LETTER_BITS)).toBeUndefined();
    expect(isInitials(words('NT Phương'), words('Nguyễn Thị Phương'), LETTER_BITS)).toBe(true);
    expect(isInitials(words('TN Phương'), words('Nguyễn Thị Phương'), LETTER_BITS)).toBe(false);
    expect(sameInAnotherOrder(words('An Nguyễn Văn'), words('Nguyễn Văn An'), LETTER_BITS)).toBe(true);
    expect(sameInAnotherOrder(words('Nguyễn An Văn'), words('Nguyễn Văn An'), LETTER_BITS)).toBe(false);
    expect(sameWordsMixed(words('Nguyễn An Văn'), words('Nguyễn Văn An'), LETTER_BITS)).toBe(true);
  });
});
