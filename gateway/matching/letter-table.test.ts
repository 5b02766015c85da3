import { describe, expect, test } from 'vitest';
import { KIND, KIND_BITS, LETTER_BITS, LOOKALIKE, meaningOf, spellLetter } from './letter-table.ts';

const VOWELS = ['a', 'ă', 'â', 'e', 'ê', 'i', 'o', 'ô', 'ơ', 'u', 'ư', 'y'];
const TONES = ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'];
const VIETNAMESE = [...'bcdđghklmnpqrstvx', ...VOWELS.flatMap((v) => TONES.map((t) => (v + t).normalize('NFC')))];

describe('letter table', () => {
  test('every Vietnamese letter has a meaning of its own, the same in both cases', () => {
    const meanings = new Map<number, string>();
    for (const letter of VIETNAMESE) {
      const meaning = meaningOf(letter.charCodeAt(0));
      expect(meaning & KIND_BITS).toBe(KIND.letter);
      expect(meaning & LOOKALIKE).toBe(0);
      expect(meaningOf(letter.toUpperCase().charCodeAt(0))).toBe(meaning);
      expect(meanings.get(meaning)).toBeUndefined();
      meanings.set(meaning, letter);
    }
    expect(meanings.size).toBe(17 + 72);
  });

  test('a packed letter is spelt as it was read', () => {
    for (const letter of [...VIETNAMESE, 'č', 'ñ', 'ŏ', 'ĭ', 'ƀ', 'ä', 'ç', 'ø', '9']) {
      expect(spellLetter(meaningOf(letter.charCodeAt(0)) & LETTER_BITS)).toBe(letter);
    }
  });

  test('letters of other languages never become a Vietnamese one', () => {
    const own = new Set(VIETNAMESE.map((letter) => meaningOf(letter.charCodeAt(0)) & LETTER_BITS));
    for (const letter of 'äåæçëïöøüßłžšćāēīōū')
      expect(own.has(meaningOf(letter.charCodeAt(0)) & LETTER_BITS)).toBe(false);
  });

  test('no code unit is without a kind', () => {
    for (let code = 0; code <= 0xffff; code++) expect(meaningOf(code) & KIND_BITS).not.toBe(0);
  });

  test.each([
    [0x00d0, 'đ'],
    [0x00f0, 'đ'],
    [0x0189, 'đ'],
    [0x0256, 'đ'],
    [0x01cd, 'ă'],
    [0x0410, 'a'],
    [0x0430, 'a'],
    [0x0392, 'b'],
    [0xff21, 'a'],
  ])('U+%s is read as a letter it resembles, and says so', (code, letter) => {
    const meaning = meaningOf(code);
    expect(meaning & LOOKALIKE).toBe(LOOKALIKE);
    expect(meaning & LETTER_BITS).toBe(meaningOf(letter.charCodeAt(0)) & LETTER_BITS);
  });

  test.each([
    0x00ad, 0x034f, 0x200b, 0x200c, 0x200d, 0x200e, 0x202e, 0x2060, 0xfeff, 0xfe0f, 0x0000, 0x007f,
  ])('code unit %i shows nothing', (code) => expect(meaningOf(code) & KIND_BITS).toBe(KIND.invisible));

  test.each([0x09, 0x0a, 0x0d, 0x85, 0xa0, 0x1680, 0x2003, 0x202f, 0x3000])('code unit %i is a blank', (code) => {
    expect(meaningOf(code) & KIND_BITS).toBe(KIND.blank);
  });
});
