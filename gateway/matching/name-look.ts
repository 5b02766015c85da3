import { KIND, KIND_BITS, meaningOf } from './letter-table.ts';
import { createNameLetters, type NameLetters, readName } from './read-name.ts';
import { isSyllable } from './syllable.ts';

/** One look at a name's text before anything in it is undone: what there is to undo, and whether it is a name already. */

/** What one look at the text tells: which kinds of damage it can show at all. */
export type Look = {
  /** Signs and digits that stand in no name. */
  readonly signs: boolean;
  /** Signs among them that no keyboard of ours types. */
  readonly highSigns: boolean;
  /** Letters beyond ASCII. */
  readonly marked: boolean;
  /** A word that may be bytes of an old encoding: signs beyond ASCII, and no letter that only Unicode has. */
  readonly bytes: boolean;
  readonly words: number;
  /** A letter with a key of VIQR behind it that is no punctuation of a name. */
  readonly keys: boolean;
  /** Every word is written as a Vietnamese syllable. */
  readonly readable: boolean;
};

/** Syllables throughout, and no sign. */
export const isWhole = ({ readable, signs }: Look): boolean => readable && !signs;

const NAME = createNameLetters();
const KEYS = /[aeiouy][\^+~(]/i;

export const lookAt = (text: string): Look => lookOf(text, readName(text, NAME));

/** Whether a word may be bytes of an old encoding, or of UTF-8 read wrongly: signs beyond ASCII, none that only Unicode has. */
export const mayBeBytes = (text: string): boolean =>
  text.split(' ').some((word) => HIGH.test(word) && !BEYOND.test(word));
const HIGH = /[^\0-\u007f]/;
/** Letters that no byte of those encodings shows as. */
const BEYOND = /[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]/u;

/** Flags of code units: no letter of a name; a letter that no byte of an old encoding shows as. */
const SIGN = 1;
const UNICODE_ONLY = 2;
const SIGNS_SIZE = 0x2100;
const FLAGS = Uint8Array.from({ length: SIGNS_SIZE }, (_, code) => flagsOf(code));

function flagsOf(code: number): number {
  const kind = meaningOf(code) & KIND_BITS;
  const letter = kind === KIND.letter || kind === KIND.space || kind === KIND.combining;
  const sign = !letter || (code >= 0x30 && code <= 0x39) ? SIGN : 0;
  return sign | (code > 0x7f && BEYOND.test(String.fromCharCode(code)) ? UNICODE_ONLY : 0);
}

/** `letters`: the text, read. */
export function lookOf(text: string, letters: NameLetters): Look {
  let signs = false;
  let highSigns = false;
  let marked = false;
  let bytes = false;
  // Of the word at hand: signs beyond ASCII, and letters that no byte shows as.
  let high = false;
  let beyond = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x20) {
      bytes ||= high && !beyond;
      high = false;
      beyond = false;
      continue;
    }
    const flags = code < SIGNS_SIZE ? (FLAGS[code] ?? 0) : flagsOf(code);
    if ((flags & SIGN) !== 0) signs = true;
    if (code <= 0x7f) continue;
    marked = true;
    high = true;
    if ((flags & SIGN) !== 0) highSigns = true;
    if ((flags & UNICODE_ONLY) !== 0) beyond = true;
  }
  const { words } = letters;
  const readable = words > 0 && countSyllables(letters) === words;
  bytes ||= high && !beyond;
  return { signs, highSigns, marked, bytes, words, readable, keys: signs && KEYS.test(text) };
}

/** Every word is a syllable now, or more of them are than were: what the damage had broken is whole again. */
export function mendsSyllables(before: Look, after: string): boolean {
  const { words } = readName(after, NAME);
  const syllables = countSyllables(NAME);
  if (words > 0 && syllables === words) return !before.readable || words < before.words || before.keys;
  return syllables > 0 && !before.readable;
}

function countSyllables({ letters, starts, words, length }: NameLetters): number {
  let syllables = 0;
  for (let word = 0; word < words; word++) {
    const end = word + 1 < words ? (starts[word + 1] ?? 0) : length;
    if (isSyllable(letters, starts[word] ?? 0, end)) syllables++;
  }
  return syllables;
}
