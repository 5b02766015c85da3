import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEncoding } from './encodings.ts';
import { LETTER_BYTES, type LegacyEncoding, readBack, writeLegacy } from './letters.test-support.ts';
import { lineDecoder } from './line-decoder.ts';
import { createUnreadable } from './unreadable.ts';
import { vniLength } from './vni.ts';

const ENCODINGS_UNDER_TEST = Object.keys(LETTER_BYTES) as LegacyEncoding[];

function decode(bytes: Uint8Array, encoding: Parameters<typeof lineDecoder>[0], firstLine = 1) {
  const unreadable = createUnreadable();
  const text = lineDecoder(encoding, unreadable)(Buffer.from(bytes), firstLine);
  return { text, ...unreadable.result() };
}

/** All letters of the alphabet with every tone, in both cases. */
const ALPHABET = Array.from('aăâeêioôơuưy').flatMap((vowel) =>
  ['', '\u0300', '\u0301', '\u0309', '\u0303', '\u0323'].map((tone) => (vowel + tone).normalize('NFC')),
);
const LETTERS = [...ALPHABET, 'đ', ...'bcdghklmnpqrstvx'].flatMap((letter) => [letter, letter.toUpperCase()]);

describe.each(ENCODINGS_UNDER_TEST)('%s', (encoding) => {
  it.each([...LETTER_BYTES[encoding]])('reads %s', (letter, bytes) => {
    expect(decode(bytes, encoding)).toEqual({ text: letter, count: 0, line: 0 });
  });

  it('has every letter of the alphabet', () => {
    for (const letter of LETTERS) {
      const { text, count } = decode(writeLegacy(letter, encoding), encoding);
      expect([text.normalize('NFC'), count]).toEqual([readBack(letter, encoding), 0]);
    }
  });

  it('reads whole texts, ASCII and line ends as they are', () => {
    const text = fc.string({ unit: fc.constantFrom(...LETTERS, ' ', ',', '"', '\n', '\r', '0', '9', '-') });
    fc.assert(
      fc.property(text, (written) => {
        const { text: read, count } = decode(writeLegacy(written, encoding), encoding);
        expect([read.normalize('NFC'), count]).toEqual([readBack(written, encoding), 0]);
      }),
    );
  });

  it('takes any bytes: a line end stays one, and what is no character is counted', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const { text, count } = decode(bytes, encoding);
        const ends = (all: ArrayLike<unknown>, end: unknown) => Array.from(all).filter((one) => one === end).length;
        expect(ends(text, '\n')).toBe(ends(bytes, 0x0a));
        expect(ends(text, ',')).toBe(ends(bytes, 0x2c));
        expect(ends(text, '\ufffd')).toBe(count);
      }),
    );
  });
});

describe('VNI', () => {
  it.each([
    ['a small mark behind a capital', [0x41, 0xe2], 'Â'],
    ['a capital mark behind a small letter', [0x61, 0xc2], 'â'],
    ['a mark that its letter does not bear', [0x75, 0xe2], 'u\ufffd'],
    ['a mark behind a consonant', [0x6e, 0xf9], 'n\ufffd'],
    ['a mark at the beginning', [0xf9, 0x61], '\ufffda'],
    ['letters of one byte beside each other', [0xf6, 0xf4, 0xef], 'ượ'],
    ['a letter whose mark was cut off', [0x61], 'a'],
    ['punctuation of Windows', [0x93, 0x61, 0xa0, 0x94], '“a\u00a0”'],
  ])('reads %s', (_name, bytes, text) => expect(decode(Uint8Array.from(bytes), 'vni').text).toBe(text));

  it('counts the letters of its bytes as it reads them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(vniLength(Buffer.from(bytes).toString('latin1'))).toBe(decode(bytes, 'vni').text.length);
      }),
    );
  });
});

describe('what cannot be read', () => {
  const broken = Buffer.concat([Buffer.from('a\nễ\nb'), Buffer.of(0xd0), Buffer.from('\nc'), Buffer.of(0xff)]);

  it('is counted, from the line of the first on, and no line is lost to it', () => {
    expect(decode(broken, 'utf-8', 10)).toEqual({ text: 'a\nễ\nb\ufffd\nc\ufffd', count: 2, line: 12 });
    expect(decode(Buffer.from([0x0a, 0x0a, 0x61, 0x81, 0x0a, 0x8d]), 'windows-1258', 4)).toMatchObject({
      count: 2,
      line: 6,
    });
  });

  it('is not what stands in the file as lost', () => {
    expect(decode(Buffer.from('a\ufffd'), 'utf-8').count).toBe(0);
    expect(decode(Buffer.concat([Buffer.from('\ufffd'), Buffer.of(0xc3)]), 'utf-8').count).toBe(1);
  });
});

describe('names of encodings', () => {
  it.each([
    ['UTF-8', 'utf-8'],
    ['utf8', 'utf-8'],
    ['TCVN3', 'tcvn3'],
    ['ABC', 'tcvn3'],
    ['VNI-Windows', 'vni'],
    ['cp1258', 'windows-1258'],
    ['Windows 1258', 'windows-1258'],
    ['UTF-16', 'utf-16le'],
    ['latin1', 'windows-1252'],
  ])('%s is %s', (name, encoding) => expect(parseEncoding(name)).toBe(encoding));

  it.each(['', 'koi8-r', 'constructor'])('%j is none', (name) => expect(parseEncoding(name)).toBeUndefined());
});
