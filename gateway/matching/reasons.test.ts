import { describe, expect, test } from 'vitest';
import type { ReasonEntry } from './reason-entry.ts';
import { bitOf, FIELD_MASKS, KIND_MASKS, listReasons, REASONS, type Reason, reasonOfCode } from './reasons.ts';
import { NOTICES, OUTCOMES, VERDICTS } from './verdicts.ts';

const entries = Object.entries(REASONS) as [Reason, ReasonEntry][];
const RANGES = { id: [1, 31], name: [32, 63], birth: [64, 87], row: [88, 95] } as const;

describe('reasons', () => {
  test('each has a code of its own, in the range of its field', () => {
    expect(new Set(entries.map(([, { code }]) => code)).size).toBe(entries.length);
    for (const [name, { code, field }] of entries) {
      expect(code, name).toBeGreaterThanOrEqual(RANGES[field][0]);
      expect(code, name).toBeLessThanOrEqual(RANGES[field][1]);
      expect(reasonOfCode(code)).toBe(name);
    }
  });

  test('each has a sentence in both languages, and no two the same', () => {
    for (const language of ['vi', 'en'] as const) {
      const sentences = entries.map(([, entry]) => entry[language]);
      for (const sentence of sentences) expect(sentence).toMatch(/^[\p{Lu}\d].{10,140}\.$/u);
      expect(new Set(sentences).size).toBe(sentences.length);
    }
  });

  test('codes that have been given out stay what they were', () => {
    expect(Object.fromEntries(entries.map(([name, { code }]) => [name, code]))).toMatchInlineSnapshot(`
      {
        "BIRTH_DATE_CLOSE": 73,
        "BIRTH_DATE_DIFFERS": 74,
        "BIRTH_DATE_FORMAT": 65,
        "BIRTH_DATE_MISSING": 64,
        "BIRTH_DATE_NOT_IN_CALENDAR": 66,
        "BIRTH_DATE_NOT_IN_REGISTER": 75,
        "BIRTH_DATE_OUT_OF_RANGE": 67,
        "BIRTH_DATE_PLACEHOLDER": 77,
        "BIRTH_DATE_TOO_LONG": 78,
        "COLUMNS_SHIFTED": 89,
        "DATE_IN_WORDS": 79,
        "DATE_ORDER": 71,
        "DATE_OTHER_CALENDAR": 84,
        "DATE_SERIAL": 80,
        "DATE_STRAY_TEXT": 82,
        "DATE_TIME_CUT": 72,
        "DATE_TIME_ZONE": 81,
        "DATE_ZERO_LOST": 83,
        "DAY_MONTH_SWAPPED": 69,
        "D_STROKE_DIFFERS": 45,
        "ENCODING_MISREAD": 57,
        "ESCAPED_TEXT": 59,
        "ID_CANCELLED": 2,
        "ID_CARD_TEXT": 22,
        "ID_CONTESTED": 17,
        "ID_DECIMAL_TAIL": 4,
        "ID_DIGITS_LOST": 11,
        "ID_EXPONENT_FORM": 5,
        "ID_FORMAT": 9,
        "ID_LEADING_ZEROS_LOST": 6,
        "ID_LENGTH": 10,
        "ID_LOOKALIKE_DIGITS": 20,
        "ID_MISSING": 8,
        "ID_NOTE": 21,
        "ID_NOT_FOUND": 16,
        "ID_PLACEHOLDER": 12,
        "ID_REPAIR_NOT_CONFIRMED": 14,
        "ID_SEPARATORS": 3,
        "ID_SEVERAL_NUMBERS": 23,
        "ID_SHARED": 15,
        "ID_TEXT_GUARD": 7,
        "ID_TOO_LONG": 19,
        "ID_TWO_READINGS": 13,
        "ID_ZERO_PADDED": 18,
        "INVISIBLE_CHARACTERS": 36,
        "I_Y_SPELLING": 41,
        "KEYBOARD_CODES": 58,
        "LEGACY_ENCODING": 56,
        "LETTERS_LOST": 51,
        "LOOKALIKE_LETTER": 39,
        "MARKS_MISSING": 42,
        "MARKS_NOT_IN_REGISTER": 47,
        "MARKS_PARTLY_MISSING": 46,
        "MARK_DOUBLED": 55,
        "MIDDLE_NAME_MISSING": 49,
        "NAME_ABBREVIATED": 50,
        "NAME_CUT": 60,
        "NAME_DIFFERS": 53,
        "NAME_MISREAD": 62,
        "NAME_MISSING": 32,
        "NAME_NOTE": 61,
        "NAME_NOT_IN_REGISTER": 54,
        "NAME_ORDER": 48,
        "NAME_PART_MISSING": 63,
        "NAME_SIMILAR": 52,
        "NAME_TOO_LONG": 33,
        "NAME_UNREADABLE": 34,
        "OLD_ID_NUMBER": 1,
        "PARTIAL_DATE": 68,
        "PLACEHOLDER_DATE": 70,
        "PUNCTUATION": 38,
        "SEVERAL_PEOPLE_AGREE": 88,
        "SPACING": 37,
        "TONE_DIFFERS": 43,
        "TONE_PLACEMENT": 40,
        "TWO_DIGIT_YEAR": 76,
        "UNICODE_FORM": 35,
        "VOWEL_MARK_DIFFERS": 44,
      }
    `);
  });

  test('words and codes agree with the packed mask: code c is bit c & 7 of byte c >> 3, little endian', () => {
    for (const [name, { code }] of entries) {
      const words = [0, 0, 0];
      words[code >> 5] = bitOf(name);
      const mask = new DataView(new ArrayBuffer(12));
      for (const [i, word] of words.entries()) mask.setInt32(4 * i, word, true);
      for (let byte = 0; byte < 12; byte++) expect(mask.getUint8(byte)).toBe(byte === code >> 3 ? 1 << (code & 7) : 0);
      expect(listReasons({ word0: words[0] ?? 0, word1: words[1] ?? 0, word2: words[2] ?? 0 })).toEqual([name]);
    }
  });

  test('masks by field and by kind each hold every reason once', () => {
    for (const masks of [Object.values(FIELD_MASKS), Object.values(KIND_MASKS)]) {
      expect(masks.flatMap(listReasons).toSorted()).toEqual(entries.map(([name]) => name).toSorted());
    }
  });
});

test('verdict, outcome and notice codes are those of the packed answer', () => {
  expect(Object.values(VERDICTS)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(OUTCOMES).toEqual({ WITHHELD: 0, TRUE: 1, FALSE: 2, NOT_AVAILABLE: 3 });
  expect(NOTICES).toEqual({ DECEASED: 1, ID_SUPERSEDED: 2, MISSING: 4, UNDER_INVESTIGATION: 8 });
});
