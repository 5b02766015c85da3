import { HIGH_1252 } from './legacy-tables.ts';
import { keyOf, plainLettersAgree } from './legacy-text.ts';
import { isWrittenSyllable } from './syllable.ts';

/**
 * UTF-8 that was read as a one-byte encoding (`Nguyá»…n`), once or twice. Total, linear, pure.
 */

/** Where windows-1258 differs from Latin-1. */
const HIGH_1258: Readonly<Record<string, number>> = {
  Ă: 0xc3,
  ă: 0xe3,
  Đ: 0xd0,
  đ: 0xf0,
  Ơ: 0xd5,
  ơ: 0xf5,
  Ư: 0xdd,
  ư: 0xfd,
  '\u0300': 0xcc,
  '\u0301': 0xec,
  '\u0303': 0xde,
  '\u0309': 0xd2,
  '\u0323': 0xf2,
  '₫': 0xfe,
};

const UTF8 = new TextDecoder('utf-8');
const LEAD = /[ÃÂÄÅÆĂÌá\u00c1][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|[ÃÄĂ](?=\s|$)/u;

function byteOf(sign: string): number | undefined {
  const code = sign.charCodeAt(0);
  if (code < 0x100) return code;
  const at = HIGH_1252.indexOf(sign);
  return at >= 0 ? 0x80 + at : HIGH_1258[sign];
}

/** Whether a text shows a sign of being UTF-8 that was read as a one-byte encoding. */
export const mayBeUtf8 = (text: string): boolean => LEAD.test(text);

/** The text read again as UTF-8; undefined where it shows no sign of having been misread. Lost bytes become U+FFFD. */
export function rereadUtf8(text: string): string | undefined {
  if (!mayBeUtf8(text)) return undefined;
  const bytes: number[] = [];
  for (const sign of text) {
    const byte = byteOf(sign);
    // Signs that no byte shows as stand in words of their own: only the others were read so.
    if (byte === undefined) return rereadWords(text);
    bytes.push(byte);
  }
  const read = UTF8.decode(Uint8Array.from(bytes));
  return read === text || !/[^\0-\u007f\ufffd]/u.test(read) ? undefined : read;
}

function rereadWords(text: string): string | undefined {
  const read = text.replace(/[^ ]+/gu, (word) => {
    if (!mayBeUtf8(word)) return word;
    const bytes = Array.from(word, byteOf);
    if (bytes.includes(undefined)) return word;
    const again = UTF8.decode(Uint8Array.from(bytes as number[]));
    return isWrittenSyllable(again) ? again : word;
  });
  return read === text ? undefined : read;
}

const ENCODER = new TextEncoder();
const UNSEEN = /[\u0081\u008d\u008f\u0090\u009d]/gu;
const seen = (byte: number): string => String.fromCharCode(0xe000 + byte);

/** Whether the row is the register's name as misread UTF-8 whose case was changed or whose unseen signs were dropped. */
export function isMisreadInOtherCase(row: string, register: string): boolean {
  if (!/[ÃÄÅÆáÁĂ]/u.test(row)) return false;
  const composed = register.normalize('NFC');
  if (!plainLettersAgree(row, composed)) return false;
  const bytes = ENCODER.encode(composed);
  // Bytes without a sign tell letters apart (ỏ, ọ, ề, ờ): only where the row dropped them is nothing known of them.
  const kept = row.search(UNSEEN) >= 0;
  const sign = (byte: number): string => {
    const high = byte >= 0x80 && byte < 0xa0 ? HIGH_1252.charAt(byte - 0x80) : undefined;
    return high === undefined ? String.fromCharCode(byte) : high === '·' ? (kept ? seen(byte) : '') : high;
  };
  return (
    keyOf(row.replace(UNSEEN, (control) => seen(control.charCodeAt(0)))) === keyOf(Array.from(bytes, sign).join(''))
  );
}

/** Signs that show it: the marked letters of Vietnamese as Cyrillic ones, or Đ and đ as letters that no name has. */
const SHIFTED = /[\u046a-\u046d\u04a4-\u04fd\u0108]|(?<!\p{L})\u00ff(?=\p{L})/u;
const SHIFTED_ALL = /[\u00ff\u0108\u01ad\u046a-\u046d\u04a4-\u04fd]/gu;
const SHIFTED_ALONE: Readonly<Record<string, string>> = {
  '\u00ff': 'đ',
  '\u0108': 'Đ',
  '\u01ad': 'ĩ',
  '\u046a': 'Ơ',
  '\u046b': 'ơ',
  '\u046c': 'Ư',
  '\u046d': 'ư',
};
/** Whether a text shows a sign of being copied out of such a PDF as `shiftedBack` reads. */
export const isShifted = (text: string): boolean => SHIFTED.test(text);

/** How far such a PDF moves U+1EA0 to U+1EF9. */
const SHIFT = 0x19fc;

/**
 * Text copied out of a PDF that numbers the letters of its font by a shift of their own codes (`NguyӉn` for Nguyễn);
 * undefined where it shows no sign of that.
 */
export function shiftedBack(text: string): string | undefined {
  if (!isShifted(text)) return undefined;
  return text.replace(SHIFTED_ALL, (sign) => SHIFTED_ALONE[sign] ?? String.fromCharCode(sign.charCodeAt(0) + SHIFT));
}
