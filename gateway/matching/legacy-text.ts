import {
  CP1258,
  HIGH_1252,
  LETTERS,
  TCVN3,
  TCVN3_CAPITALS,
  VISCII,
  VISCII_CAPITALS,
  VNI,
  VPS,
  VPS_CAPITALS,
} from './legacy-tables.ts';
import { KIND, KIND_BITS, meaningOf } from './letter-table.ts';
import { isWrittenSyllable } from './syllable.ts';

/**
 * Names that still stand in an encoding from before Unicode, read as Latin-1 on their way. Each decoder turns a text back
 * as if it were all in that encoding; whether it was, the caller decides by what comes out. Total, linear, pure.
 */

const SMALL = LETTERS.normalize('NFC');

function pairs(table: string, letters: string): [string, string][] {
  return Array.from(table, (sign, i) => [sign, letters.charAt(i)]);
}

function twos(table: string): [string, string][] {
  const all: [string, string][] = [];
  for (let i = 0; i + 1 < table.length; i += 2) all.push([table.charAt(i), table.charAt(i + 1)]);
  return all;
}

const BY_TCVN3 = new Map([
  ...pairs(TCVN3, SMALL),
  ...twos(TCVN3_CAPITALS).map(([letter, sign]) => [sign, letter] as const),
]);
/** Later pairs win: where a capital and a small letter share a sign, the small one is as good, for case is folded. */
const LATIN1_VISCII = [...pairs(VISCII_CAPITALS, SMALL), ...pairs(VISCII, SMALL)];
/** Most of its capitals stand where windows-1252, as which it is read as often, has signs of its own. */
const BY_VISCII = new Map([
  ...LATIN1_VISCII.map(([sign, letter]) => [HIGH_1252.charAt(sign.charCodeAt(0) - 0x80) || sign, letter] as const),
  ...LATIN1_VISCII,
]);
const BY_VPS = new Map([...pairs(VPS_CAPITALS, SMALL), ...pairs(VPS, SMALL)]);
const BY_1258 = new Map(twos(CP1258));
const BY_VNI = new Map(VNI.split(' ').map((signs, i) => [signs, SMALL.charAt(i)]));
/** No program that takes these for signs of Latin-1 makes them small. */
const SMALL_TCVN3 = new Map(
  twos(TCVN3_CAPITALS).map(([letter, sign]) => [sign, TCVN3.charAt(SMALL.indexOf(letter.toLowerCase()))]),
);
const TO_TCVN3 = new Map(pairs(SMALL, TCVN3));

/** Code units below, among them all signs of the encodings but U+FFFD, are looked up without a hash. */
const SIZE = 0x2200;

/** Which code units begin a key of a table: most texts hold none, and are told so without decoding anything. */
function begins(keys: Iterable<string>, at = 0): (code: number) => boolean {
  const known = new Uint8Array(SIZE);
  let beyond = false;
  for (const key of keys) {
    const code = key.charCodeAt(at);
    if (code < SIZE) known[code] = 1;
    // Of a key without a sign at that place there is no code unit, which is no number.
    else if (code >= SIZE) beyond = true;
  }
  return (code) => (code < SIZE ? known[code] === 1 : beyond);
}

/** Letters that no byte of an old encoding shows as, by code unit. */
const IS_BEYOND = Uint8Array.from({ length: SIZE }, (_, code) =>
  code > 0xff && /\p{L}/u.test(String.fromCharCode(code)) ? 1 : 0,
);
const isSurrogate = (code: number): boolean => code >= 0xd800 && code < 0xe000;
const ASTRAL_LETTER = /[^\0-\uffff\P{L}]/u;

/** Whether `text[from … to)` may be bytes of an encoding: it holds no letters beyond Latin-1 but those that are `known`. */
function isBytes(text: string, from: number, to: number, known?: (code: number) => boolean): boolean {
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code < SIZE) {
      if (IS_BEYOND[code] === 1 && known?.(code) !== true) return false;
    } else if (isSurrogate(code) ? ASTRAL_LETTER.test(text.slice(from, to)) : /\p{L}/u.test(text.charAt(i)))
      return false;
  }
  return true;
}

/**
 * All of a text that is bytes throughout. Where some words are Unicode, the others may be in an old encoding, but only
 * those that are no syllables: Dòng beside Trần is Dòng, and beside TrÇn it is Dũng.
 */
function bytesOnly(decode: (text: string) => string, known?: (code: number) => boolean): (text: string) => string {
  return (text) => {
    if (isBytes(text, 0, text.length, known)) return decode(text);
    let out = '';
    let kept = 0;
    for (let at = 0; at < text.length; at++) {
      const from = at;
      while (at < text.length && !isSpace(text.charCodeAt(at))) at++;
      if (at === from || !isBytes(text, from, at, known)) continue;
      const word = text.slice(from, at);
      const decoded = decode(word);
      if (decoded === word || isWrittenSyllable(word)) continue;
      out += text.slice(kept, from) + decoded;
      kept = at;
    }
    return kept === 0 ? text : out + text.slice(kept);
  };
}

/** As an expression has it: not U+0085, but the mark of a file's beginning. */
const isSpace = (code: number): boolean =>
  code === 0x20 || code === 0xfeff || (code !== 0x85 && (meaningOf(code) & KIND_BITS) === KIND.blank);

function bySign(table: ReadonlyMap<string, string>): (text: string) => string {
  const known = begins(table.keys());
  const holdsNone = (text: string): boolean => {
    for (let i = 0; i < text.length; i++) if (known(text.charCodeAt(i))) return false;
    return true;
  };
  const decode = bytesOnly((text) => {
    let out = '';
    let kept = 0;
    for (let i = 0; i < text.length; i++) {
      if (!known(text.charCodeAt(i))) continue;
      const letter = table.get(text.charAt(i));
      if (letter === undefined) continue;
      out += text.slice(kept, i) + letter;
      kept = i + 1;
    }
    return kept === 0 ? text : out + text.slice(kept);
  }, known);
  return (text) => (holdsNone(text) ? text : decode(text));
}

const firstOf = (text: string): string => text.normalize('NFD').charAt(0);
/** Signs that may stand before a toned letter for its case, with the base letter they mean, and the letters' own bases. */
const CAPITALS = new Map(
  Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ¡¢£¤¥¦', (sign) => [sign, firstOf((BY_TCVN3.get(sign) ?? sign).toLowerCase())]),
);
const TCVN3_BASES = new Map([...BY_TCVN3].map(([sign, letter]) => [sign, firstOf(letter)]));
const isCapital = begins(CAPITALS.keys());
const isTcvn3 = begins(BY_TCVN3.keys());

/** A toned capital written as its base and the small toned letter: `A¸` for Á, `£Ô` for Ễ. */
function decodeTwoSigns(text: string): string {
  let out = '';
  let kept = 0;
  for (let i = 0; i + 1 < text.length; i++) {
    if (!isCapital(text.charCodeAt(i))) continue;
    const next = text.charCodeAt(i + 1);
    // Both are used up, fit or not; a line's end is no sign.
    if (isTcvn3(next) && CAPITALS.get(text.charAt(i)) === TCVN3_BASES.get(text.charAt(i + 1))) {
      out += text.slice(kept, i);
      kept = i + 1;
    }
    if (!isLineEnd(next)) i++;
  }
  return kept === 0 && out === '' ? text : out + text.slice(kept);
}

const isLineEnd = (code: number): boolean => code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029;

const beginsVni = begins(BY_VNI.keys());
const endsVni = begins(BY_VNI.keys(), 1);

/** Two signs before one; the marks of VNI follow the case of their letter, so small letters are enough. */
function decodeVni(text: string): string {
  const small = text.normalize('NFC').toLowerCase();
  let out = '';
  let kept = 0;
  for (let i = 0; i < small.length; i++) {
    if (!beginsVni(small.charCodeAt(i))) continue;
    const two = endsVni(small.charCodeAt(i + 1)) ? BY_VNI.get(small.slice(i, i + 2)) : undefined;
    const letter = two ?? BY_VNI.get(small.charAt(i));
    if (letter === undefined) continue;
    out += small.slice(kept, i) + letter;
    if (two !== undefined) i++;
    kept = i + 1;
  }
  return kept === 0 ? text : out + small.slice(kept);
}

/** The rimes ơng, ơc, ơu do not exist: the ư before them was a soft hyphen, which something took for nothing. */
const mendHyphens = (text: string): string => (text.includes('ơ') ? text.replace(/(?<!ư)ơ(?=ng|c|u)/gu, 'ươ') : text);

const fromTcvn3 = bySign(BY_TCVN3);
const from1258 = bySign(BY_1258);

export const LEGACY_DECODERS: readonly ((text: string) => string)[] = [
  (text) => mendHyphens(fromTcvn3(decodeTwoSigns(text))),
  bytesOnly(decodeVni),
  (text) => from1258(text).normalize('NFC'),
  bySign(BY_VISCII),
  bySign(BY_VPS),
];

const beyondLatin1 = begins(Array.from(SMALL + SMALL.toUpperCase()).filter((letter) => letter > '\u00ff'));

/** Whether the row is the register's name in TCVN3 after a program that knew Latin-1 only changed the case of its bytes. */
export function isTcvn3InOtherCase(row: string, register: string): boolean {
  const written = register.normalize('NFC');
  if (!plainLettersAgree(row, written)) return false;
  // In TCVN3 no letter beyond Latin-1 is left of those that it has: one in the row, and it is not in it.
  for (let i = 0; i < row.length; i++) if (beyondLatin1(row.charCodeAt(i))) return false;
  const bytes = Array.from(written.toLowerCase(), (letter) => TO_TCVN3.get(letter) ?? letter);
  const small = Array.from(row, (sign) => SMALL_TCVN3.get(sign) ?? sign).join('');
  return keyOf(small) === keyOf(bytes.join(''));
}

/**
 * Whether the plain letters of two texts are the same but for case, in their order: they survive whatever is done to the
 * bytes of the others. Without S, for two of them are the capital of ß.
 */
export function plainLettersAgree(a: string, b: string): boolean {
  let i = -1;
  let j = -1;
  for (;;) {
    i = nextPlain(a, i + 1);
    j = nextPlain(b, j + 1);
    if (i === a.length || j === b.length) return i === a.length && j === b.length;
    if ((a.charCodeAt(i) | 0x20) !== (b.charCodeAt(j) | 0x20)) return false;
  }
}

function nextPlain(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const small = text.charCodeAt(at) | 0x20;
    if (small >= 0x61 && small <= 0x7a && small !== 0x73 && text.charCodeAt(at) < 0x80) break;
  }
  return at;
}

/** Case, blanks and what cannot be seen do not survive such programs. */
export function keyOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('μ', 'µ')
    .replaceAll('ss', 'ß')
    .replace(/[\s\p{Cc}\p{Cf}]/gu, '');
}
