import iconv from 'iconv-lite';
import {
  LETTERS,
  TCVN3,
  TCVN3_CAPITALS,
  VISCII,
  VISCII_CAPITALS,
  VNI,
} from '../../../gateway/matching/legacy-tables.ts';

/** How names come to be damaged, written the other way round from the code that undoes it. Capitals and small letters. */

const SMALL = Array.from(LETTERS.normalize('NFC'));
/** All 134 letters that Vietnamese has beyond ASCII. */
export const MARKED: readonly string[] = [...SMALL, ...SMALL.map((letter) => letter.toUpperCase())];

function bySign(small: readonly string[], capitals: (letter: string, i: number) => string): (text: string) => string {
  const table = new Map<string, string>();
  for (const [i, letter] of SMALL.entries()) {
    table.set(letter, small[i] ?? letter);
    table.set(letter.toUpperCase(), capitals(letter.toUpperCase(), i));
  }
  return (text) => Array.from(text.normalize('NFC'), (letter) => table.get(letter) ?? letter).join('');
}

const tcvn3 = Array.from(TCVN3);
/** Toned capitals have no code: the small letter's is written, and the font draws it large. */
export const toTcvn3 = bySign(tcvn3, (capital, i) => {
  const at = TCVN3_CAPITALS.indexOf(capital);
  return at >= 0 ? TCVN3_CAPITALS.charAt(at + 1) : (tcvn3[i] ?? '');
});
export const toViscii = bySign(Array.from(VISCII), (_, i) => Array.from(VISCII_CAPITALS)[i] ?? '');
const vni = VNI.split(' ');
export const toVni = bySign(vni, (_, i) => (vni[i] ?? '').toUpperCase());

const TONE = /[\u0300\u0301\u0303\u0309\u0323]/u;

/** A letter as its base with vowel marks, and its tone. */
function partsOf(letter: string): { shape: string; tone: string } {
  const parts = letter.normalize('NFD');
  const tone = TONE.exec(parts)?.[0] ?? '';
  return { shape: parts.replace(TONE, '').normalize('NFC'), tone };
}

/** Windows-1258 writes most tones as signs of their own; read as windows-1252. */
export function to1258(text: string): string {
  const written = Array.from(text.normalize('NFC'), (letter) => {
    const { shape, tone } = partsOf(letter);
    return shape + tone;
  }).join('');
  return iconv.decode(iconv.encode(written, 'windows-1258'), 'windows-1252');
}

/** UTF-8 read as a one-byte encoding; what windows-1252 does not have stays a control. */
export function misread(text: string, as: 'windows-1252' | 'windows-1258' | 'latin1'): string {
  const bytes = new TextEncoder().encode(text);
  if (as === 'latin1') return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return new TextDecoder(as).decode(bytes);
}

const TELEX_TONES: Readonly<Record<string, string>> = {
  '\u0301': 's',
  '\u0300': 'f',
  '\u0309': 'r',
  '\u0303': 'x',
  '\u0323': 'j',
};
const TELEX_SHAPES: Readonly<Record<string, string>> = {
  â: 'aa',
  ă: 'aw',
  ê: 'ee',
  ô: 'oo',
  ơ: 'ow',
  ư: 'uw',
  đ: 'dd',
};
const VNI_KEYS: Readonly<Record<string, string>> = { â: 'a6', ă: 'a8', ê: 'e6', ô: 'o6', ơ: 'o7', ư: 'u7', đ: 'd9' };
const VIQR_KEYS: Readonly<Record<string, string>> = { â: 'a^', ă: 'a(', ê: 'e^', ô: 'o^', ơ: 'o+', ư: 'u+', đ: 'dd' };
const VNI_TONES: Readonly<Record<string, string>> = {
  '\u0301': '1',
  '\u0300': '2',
  '\u0309': '3',
  '\u0303': '4',
  '\u0323': '5',
};
const VIQR_TONES: Readonly<Record<string, string>> = {
  '\u0301': "'",
  '\u0300': '`',
  '\u0309': '?',
  '\u0303': '~',
  '\u0323': '.',
};

type Order = 'at the letter' | 'at the end';

function typed(
  text: string,
  shapes: Readonly<Record<string, string>>,
  tones: Readonly<Record<string, string>>,
  order: Order,
): string {
  const word = (small: string): string => {
    let keys = '';
    let last = '';
    for (const letter of small.normalize('NFC')) {
      const { shape, tone } = partsOf(letter);
      keys += shapes[shape] ?? shape;
      if (order === 'at the letter') keys += tones[tone] ?? '';
      else last += tones[tone] ?? '';
    }
    return keys + last;
  };
  return text.toLowerCase().split(' ').map(word).join(' ');
}

export const toTelex = (text: string, order: Order = 'at the end'): string =>
  typed(text, TELEX_SHAPES, TELEX_TONES, order);
export const toVniKeys = (text: string, order: Order = 'at the end'): string => typed(text, VNI_KEYS, VNI_TONES, order);
export const toViqr = (text: string): string => typed(text, VIQR_KEYS, VIQR_TONES, 'at the letter');

export const toEntities = (text: string): string => text.replace(/[^\0-\u007f]/gu, (l) => `&#${l.codePointAt(0)};`);
export const toUnicodeEscapes = (text: string): string =>
  text.replace(/[^\0-\u007f]/gu, (l) => `\\u${(l.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
