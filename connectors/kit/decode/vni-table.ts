/**
 * VNI for Windows: the mark is a byte of its own behind its letter, and đ, the i's with tones and ỵ are single bytes. A
 * capital letter has a capital mark, but typists left small marks behind capitals: the letter alone says the case.
 * No library has it; the bytes are those that VNI fonts show, here as Latin-1 names them.
 */
const TONES = { sắc: '\u0301', huyền: '\u0300', hỏi: '\u0309', ngã: '\u0303', nặng: '\u0323' } as const;

/** Marks behind a, e, o, u, y, ơ, ư: a tone alone. */
const TONE_MARKS = { ù: TONES.sắc, ø: TONES.huyền, û: TONES.hỏi, õ: TONES.ngã, ï: TONES.nặng } as const;
/** Behind a, e, o: the circumflex, alone or with a tone. */
const CIRCUMFLEX_MARKS = {
  â: '\u0302',
  á: `\u0302${TONES.sắc}`,
  à: `\u0302${TONES.huyền}`,
  å: `\u0302${TONES.hỏi}`,
  ã: `\u0302${TONES.ngã}`,
  ä: `\u0302${TONES.nặng}`,
} as const;
/** Behind a: the breve, alone or with a tone. */
const BREVE_MARKS = {
  ê: '\u0306',
  é: `\u0306${TONES.sắc}`,
  è: `\u0306${TONES.huyền}`,
  ú: `\u0306${TONES.hỏi}`,
  ü: `\u0306${TONES.ngã}`,
  ë: `\u0306${TONES.nặng}`,
} as const;

/** Letters that are one byte of their own. */
const SINGLE = { ñ: 'đ', ô: 'ơ', ö: 'ư', í: 'í', ì: 'ì', æ: 'ỉ', ó: 'ĩ', ò: 'ị', î: 'ỵ' } as const;

/** Marks that a letter, as its byte, may bear. */
const BEARS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  a: { ...TONE_MARKS, ...CIRCUMFLEX_MARKS, ...BREVE_MARKS },
  e: { ...TONE_MARKS, ...CIRCUMFLEX_MARKS },
  o: { ...TONE_MARKS, ...CIRCUMFLEX_MARKS },
  u: TONE_MARKS,
  y: TONE_MARKS,
  ô: TONE_MARKS,
  ö: TONE_MARKS,
};

/** Code unit of each byte from 0xC0 on that is a letter of its own; 0 for one that is none. */
export const VNI_SINGLE: Uint16Array = singles();
/** Composed code unit of the pair `(letter << 8) | mark`; 0 where the mark does not belong behind the letter. */
export const VNI_PAIRS: Uint16Array = pairs();

function byteOf(letter: string): number {
  return letter.charCodeAt(0);
}

function singles(): Uint16Array {
  const table = new Uint16Array(256);
  for (const [byte, letter] of Object.entries(SINGLE)) {
    table[byteOf(byte)] = letter.charCodeAt(0);
    table[byteOf(byte.toUpperCase())] = letter.toUpperCase().charCodeAt(0);
  }
  return table;
}

function pairs(): Uint16Array {
  const table = new Uint16Array(1 << 16);
  for (const [byte, marks] of Object.entries(BEARS)) {
    const letter = Object.hasOwn(SINGLE, byte) ? SINGLE[byte as keyof typeof SINGLE] : byte;
    for (const [mark, bits] of Object.entries(marks)) {
      const composed = (letter + bits).normalize('NFC');
      for (const markByte of [byteOf(mark), byteOf(mark.toUpperCase())]) {
        table[(byteOf(byte) << 8) | markByte] = composed.charCodeAt(0);
        table[(byteOf(byte.toUpperCase()) << 8) | markByte] = composed.toUpperCase().charCodeAt(0);
      }
    }
  }
  return table;
}
