import { KIND, KIND_BITS, meaningOf } from './letter-table.ts';

/**
 * A cell that should hold a number or a date, as plain text: trimmed, without what cannot be seen, every blank a space,
 * every dash a hyphen, full-width signs their plain twins. Total and linear.
 */
export function cleanNumberText(given: string): string {
  let out = '';
  const text = SURROGATE.test(given) ? given.normalize('NFKC') : given;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = meaningOf(code) & KIND_BITS;
    if (kind === KIND.invisible || code === KEYCAP) continue;
    if (kind === KIND.space || kind === KIND.blank) out += ' ';
    else if ((code >= 0x2010 && code <= 0x2015) || code === 0x2212) out += '-';
    else if (code === 0x2044 || code === 0x2215) out += '/';
    else
      out += code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : plainDigit(code, text.charAt(i));
  }
  return out.trim();
}

/** Digits of fancy alphabets lie beyond one code unit. */
const SURROGATE = /[\ud800-\udbff]/;
/** The frame that makes a key of a digit. */
const KEYCAP = 0x20e3;

/** Zeros of Arabic, Persian, Devanagari, Thai, Lao, Myanmar and Khmer digits. */
const ZEROS = [0x660, 0x6f0, 0x966, 0xe50, 0xed0, 0x1040, 0x17e0];

function plainDigit(code: number, sign: string): string {
  if (code < 0x660) return sign;
  for (const zero of ZEROS) if (code >= zero && code <= zero + 9) return String(code - zero);
  return sign;
}
