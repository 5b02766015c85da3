/**
 * What each UTF-16 code unit means in a name, looked up instead of computed.
 *
 * A letter is packed into 24 bits: base letter in lower case (0–15), vowel and stroke marks (16–20), tone (21–23).
 * Words that differ in any of these are different words; only the rules in `spelling.ts` move a tone or equate i and y.
 * Bits 24–27 hold the kind of character, bit 28 says that it only
 * looks like the letter it is read as, bit 29 that it is a mark of another script.
 */

export const BASE_BITS = 0xffff;
export const MARK_BITS = 0x1f << 16;
export const TONE_BITS = 0x7 << 21;
export const LETTER_BITS = 0xffffff;
export const LOOKALIKE = 1 << 28;
/** A combining mark that no Vietnamese letter bears: kept as a letter of its own. */
export const FOREIGN_MARK = 1 << 29;

export const MARK = { circumflex: 1 << 16, breve: 2 << 16, horn: 4 << 16, stroke: 8 << 16, caron: 16 << 16 } as const;
/** Huyền, sắc, ngã, hỏi, nặng. */
export const TONE = { grave: 1 << 21, acute: 2 << 21, tilde: 3 << 21, hook: 4 << 21, dot: 5 << 21 } as const;

const kind = (n: number): number => n << 24;
export const KIND_BITS = kind(15);
export const KIND = {
  letter: kind(1),
  space: kind(2),
  /** White space other than U+0020: tab, line end, no-break and typographic spaces. */
  blank: kind(3),
  /** Shows nothing: zero-width characters, direction marks, controls. */
  invisible: kind(4),
  apostrophe: kind(5),
  /** Hyphens, dots and all other punctuation and symbols: end a word. */
  separator: kind(6),
  combining: kind(7),
  /** `?` or U+FFFD: where a letter was before a wrong encoding ate it. */
  lost: kind(8),
} as const;

/** `?`, as a packed letter: some letter, nobody knows which. */
export const LOST_LETTER = 0x3f;

/** Latin, its extensions, combining marks, Greek, Cyrillic and general punctuation. */
const SIZE = 0x2100;

/** Combining marks, by code unit. U+0340 and U+0341 are deprecated twins of grave and acute. */
const COMBINING: Readonly<Record<number, number>> = {
  768: TONE.grave,
  769: TONE.acute,
  771: TONE.tilde,
  777: TONE.hook,
  803: TONE.dot,
  832: TONE.grave,
  833: TONE.acute,
  770: MARK.circumflex,
  774: MARK.breve,
  780: MARK.caron,
  795: MARK.horn,
};

/** Letters with a stroke have no decomposition in Unicode. ƀ occurs in Ba Na, Gia Rai and Ê Đê names. */
const STROKED: Readonly<Record<string, string>> = { đ: 'd', ƀ: 'b' };

/** Found, and read as the letter behind it, and reported. Lower case; capitals follow their small letters. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  (
    'ðđ ɖđ ǎă ěĕ ǐĭ ǒŏ ǔŭ ' + // eth and African d print like đ, carons like breves
    'аa вb еe кk мm нh оo рp сc тt уy хx іi ѕs јj ' + // Cyrillic, by the look of the capitals
    'αa βb εe ηh ιi κk νn οo ρp τt υu χx'
  ) // Greek, likewise
    .split(' ')
    .map((pair) => [pair.charAt(0), pair.charAt(1)]),
);

const APOSTROPHES = "'`´ʹʻʼʽˈ‘’‛′";

/** Characters that Unicode calls letters or marks and that show nothing: joiners, fillers, Mongolian selectors. */
const INVISIBLE_LETTERS = new Set([0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b, 0x180c, 0x180d, 0x180f]);

function packComposed(lower: string): number {
  const parts = lower.normalize('NFD');
  let packed = 0;
  let rest = '';
  for (let i = 0; i < parts.length; i++) {
    const added = COMBINING[parts.charCodeAt(i)] ?? 0;
    // Two tones on one letter (ṍ, ṹ) belong to no word: such a letter equals nothing but itself.
    if ((added & TONE_BITS) !== 0 && (packed & TONE_BITS) !== 0) return lower.charCodeAt(0);
    if (added !== 0) packed |= added;
    else rest += parts.charAt(i);
  }
  // Marks that Vietnamese does not use stay in the base letter, so that it equals nothing but itself.
  const base = rest.normalize('NFC');
  const meant = LOOKALIKES.get(lower) ?? LOOKALIKES.get(base);
  if (meant !== undefined) return packComposed(meant) | (LOOKALIKES.has(lower) ? 0 : packed) | LOOKALIKE;
  if (base.length !== 1) return lower.charCodeAt(0);
  const plain = STROKED[base];
  return packed | (plain === undefined ? base.charCodeAt(0) : plain.charCodeAt(0) | MARK.stroke);
}

function packLetter(code: number): number {
  const lower = String.fromCharCode(code).toLowerCase();
  const mark = /\p{M}/u.test(lower) ? FOREIGN_MARK : 0;
  return KIND.letter | mark | (lower.length === 1 ? packComposed(lower) : code);
}

function classify(code: number): number {
  const text = String.fromCharCode(code);
  if (code === 0x20) return KIND.space;
  if (code === LOST_LETTER) return KIND.lost | code;
  if (APOSTROPHES.includes(text)) return KIND.apostrophe;
  if (/[\s\u0085]/u.test(text) && code !== 0xfeff) return KIND.blank;
  if (COMBINING[code] !== undefined) return KIND.combining | (COMBINING[code] ?? 0);
  if (/[\p{Cc}\p{Cf}]/u.test(text) || INVISIBLE_LETTERS.has(code)) return KIND.invisible;
  if (/[\p{L}\p{M}\p{N}]/u.test(text)) return packLetter(code);
  return KIND.separator;
}

export const LETTER_TABLE: Int32Array = (() => {
  const table = new Int32Array(SIZE);
  for (let code = 0; code < SIZE; code++) table[code] = classify(code);
  return table;
})();

/** Meaning of a code unit beyond the table: full-width forms, rare invisible characters, other scripts, surrogates. */
function classifyHigh(code: number): number {
  if (code >= 0xff01 && code <= 0xff5e) return (LETTER_TABLE[code - 0xfee0] ?? 0) | LOOKALIKE;
  if (code === 0x3000) return KIND.blank;
  if (code === 0xfffd) return KIND.lost | LOST_LETTER;
  if (code === 0xfeff || (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xfff0 && code <= 0xfffc))
    return KIND.invisible;
  if (code >= 0xd800 && code <= 0xdfff) return KIND.letter | code;
  if (/[\p{L}\p{M}\p{N}\p{Co}\p{Cn}]/u.test(String.fromCharCode(code))) return packLetter(code);
  return KIND.separator;
}

/** Packed meaning of one code unit. */
export function meaningOf(code: number): number {
  return code < SIZE ? (LETTER_TABLE[code] ?? 0) : classifyHigh(code);
}

/**
 * Composing could change a text with this code unit: precomposed Vietnamese lies below U+0300 and in U+1EA0–U+1EF9.
 * İ is the one letter below whose lower case is two code units.
 */
export function mayCompose(code: number): boolean {
  return (code >= 0x300 && (code < 0x1ea0 || code > 0x1ef9)) || code === 0x130;
}

/** Combining characters that put a packed letter's marks and tone back, in the order Unicode composes them. */
export function spellLetter(letter: number): string {
  let text = String.fromCharCode(letter & BASE_BITS);
  if ((letter & MARK.stroke) !== 0) text = text === 'b' ? 'ƀ' : 'đ';
  for (const [code, bits] of Object.entries(COMBINING)) {
    if (Number(code) === 832 || Number(code) === 833) continue;
    if ((bits & MARK_BITS) !== 0 && (letter & bits) !== 0) text += String.fromCharCode(Number(code));
  }
  for (const [code, bits] of Object.entries(COMBINING)) {
    if (Number(code) === 832 || Number(code) === 833) continue;
    if ((bits & TONE_BITS) !== 0 && (letter & TONE_BITS) === bits) text += String.fromCharCode(Number(code));
  }
  return text.normalize('NFC');
}
