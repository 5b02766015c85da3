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

/** A letter that no byte of an old encoding shows as. */
const BEYOND = /[^\0-\u00ff\P{L}]/gu;
const isBytes = (text: string, table?: ReadonlyMap<string, string>): boolean =>
  (text.match(BEYOND) ?? []).every((letter) => table?.has(letter));

/**
 * All of a text that is bytes throughout. Where some words are Unicode, the others may be in an old encoding, but only
 * those that are no syllables: Dòng beside Trần is Dòng, and beside TrÇn it is Dũng.
 */
const bytesOnly = (decode: (text: string) => string, table?: ReadonlyMap<string, string>) => (text: string) =>
  isBytes(text, table)
    ? decode(text)
    : text.replace(/\S+/gu, (word) => (isBytes(word, table) && !isWrittenSyllable(word) ? decode(word) : word));

const bySign = (table: ReadonlyMap<string, string>) =>
  bytesOnly((text) => Array.from(text, (sign) => table.get(sign) ?? sign).join(''), table);

/** A toned capital written as its base and the small toned letter: `A¸` for Á, `£Ô` for Ễ. */
const TWO_SIGNS = /([A-Z¡¢£¤¥¦])(.)/gu;
function decodeTwoSigns(text: string): string {
  return text.replace(TWO_SIGNS, (both, base: string, sign: string) => {
    const letter = BY_TCVN3.get(sign);
    if (letter === undefined) return both;
    const [bare] = (BY_TCVN3.get(base) ?? base).toLowerCase().normalize('NFD');
    return letter.normalize('NFD').startsWith(bare ?? '?') ? sign : both;
  });
}

/** Two signs before one; the marks of VNI follow the case of their letter, so small letters are enough. */
function decodeVni(text: string): string {
  const small = text.normalize('NFC').toLowerCase();
  let out = '';
  for (let i = 0; i < small.length; i++) {
    const two = BY_VNI.get(small.slice(i, i + 2));
    out += two ?? BY_VNI.get(small.charAt(i)) ?? small.charAt(i);
    if (two !== undefined) i++;
  }
  return out === small ? text : out;
}

/** The rimes ơng, ơc, ơu do not exist: the ư before them was a soft hyphen, which something took for nothing. */
const mendHyphens = (text: string): string => text.replace(/(?<!ư)ơ(?=ng|c|u)/gu, 'ươ');

export const LEGACY_DECODERS: readonly ((text: string) => string)[] = [
  (text) => mendHyphens(bySign(BY_TCVN3)(decodeTwoSigns(text))),
  bytesOnly(decodeVni),
  (text) => bySign(BY_1258)(text).normalize('NFC'),
  bySign(BY_VISCII),
  bySign(BY_VPS),
];

/** Whether the row is the register's name in TCVN3 after a program that knew Latin-1 only changed the case of its bytes. */
export function isTcvn3InOtherCase(row: string, register: string): boolean {
  const bytes = Array.from(register.normalize('NFC').toLowerCase(), (letter) => TO_TCVN3.get(letter) ?? letter);
  const small = Array.from(row, (sign) => SMALL_TCVN3.get(sign) ?? sign).join('');
  return keyOf(small) === keyOf(bytes.join(''));
}

/** Case, blanks and what cannot be seen do not survive such programs. */
export function keyOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('μ', 'µ')
    .replaceAll('ss', 'ß')
    .replace(/[\s\p{Cc}\p{Cf}]/gu, '');
}
