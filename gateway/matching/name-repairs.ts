import { unescapeText } from './escaped-text.ts';
import { typedAgain } from './keyboard-text.ts';
import { isTcvn3InOtherCase, LEGACY_DECODERS } from './legacy-text.ts';
import { KIND, KIND_BITS, meaningOf } from './letter-table.ts';
import { isMisreadInOtherCase, rereadUtf8 } from './misread-text.ts';
import { normaliseName } from './normalise-name.ts';
import { withoutNotes } from './note-text.ts';
import { LIMITS } from './profile.ts';
import { createNameLetters, type NameLetters, readName } from './read-name.ts';
import { bitOf } from './reasons.ts';
import { readScanned } from './scan-text.ts';
import { isSyllable } from './syllable.ts';

/** A text that the row's name may have been, and the bits (word 1) that say what had to be undone. */
export type NameRepair = { readonly text: string; readonly reasons: number };

const LEGACY_ENCODING = bitOf('LEGACY_ENCODING');
const ENCODING_MISREAD = bitOf('ENCODING_MISREAD');
const KEYBOARD_CODES = bitOf('KEYBOARD_CODES');
const ESCAPED_TEXT = bitOf('ESCAPED_TEXT');
const NAME_NOTE = bitOf('NAME_NOTE');
const NAME_MISREAD = bitOf('NAME_MISREAD');
const LOOKALIKE_LETTER = bitOf('LOOKALIKE_LETTER');

/** Signs that stand for letters which a font or an encoding does not have. */
const EATEN = /\p{L}[#□▯¿_*◊]|[#□▯¿_*◊]\p{L}/u;
const EATEN_ALL = /[#□▯¿_*◊]/gu;

/** More texts than this are not tried for one row. */
const MOST_REPAIRS = 40;

/** What one look at the text tells: which kinds of damage it can show at all. */
type Look = {
  /** Signs and digits that stand in no name. */
  readonly signs: boolean;
  /** Letters beyond ASCII. */
  readonly marked: boolean;
  readonly words: number;
  /** Every word is written as a Vietnamese syllable. */
  readonly readable: boolean;
};

/**
 * What a damaged name may have been, likeliest first. Only damage that the row itself shows is undone: escapes, bytes read
 * wrongly, words that are no Vietnamese syllables and become ones, keystrokes, notes beside the name. Two kinds of damage
 * at once are followed, a third is not. `register` is asked only whether it, damaged in a way that loses letters' case, is
 * this row. Never throws; bounded work; a row of plain words costs one look.
 */
export function repairsOf(
  row: string,
  letters: NameLetters,
  register: string,
  registerWords: number,
): Iterable<NameRepair> {
  if (row.length > LIMITS.name) return NONE;
  const look = lookOf(row, letters);
  if (!look.signs && look.readable && look.words <= registerWords) return NONE;
  return distinct(row, look, register);
}

const NONE: readonly NameRepair[] = [];

/**
 * The names that a row's damaged name may have been, by what the row alone shows: repairs that leave nothing but
 * Vietnamese syllables, likeliest first, each once. For whoever explains a row; judging one asks `repairsOf`. Never throws.
 */
export function possibleNames(row: string): NameRepair[] {
  const own = normaliseName(row).key;
  const seen = new Set([own]);
  const repairs = [...repairsOf(row, readName(row, createNameLetters()), '', LIMITS.name)];
  return repairs.filter(({ text }) => {
    const { key } = normaliseName(text);
    if (seen.has(key) || !lookOf(text, readName(text, NAME)).readable) return false;
    seen.add(key);
    return true;
  });
}

/** Each text once. Made as they are asked for: most rows are explained by one of the first. */
function* distinct(row: string, look: Look, register: string): Generator<NameRepair> {
  const found: NameRepair[] = [];
  const seen = new Set([row]);
  const isNew = (repair: NameRepair): boolean => {
    const { text } = repair;
    if (found.length >= MOST_REPAIRS || text.length > LIMITS.name || seen.has(text)) return false;
    seen.add(text);
    found.push(repair);
    return true;
  };
  if (look.marked && !look.readable) {
    for (const repair of inOtherCase(row, register)) if (isNew(repair)) yield repair;
  }
  for (const repair of repairOnce(row, look, 0, seen)) if (isNew(repair)) yield repair;
  for (const first of [...found]) {
    if (found.length >= MOST_REPAIRS) return;
    const again = lookOf(first.text, readName(first.text, NAME));
    for (const repair of repairOnce(first.text, again, first.reasons, seen)) if (isNew(repair)) yield repair;
  }
}

/** The register's name itself, where the row is that name damaged in a way that lost the case of its letters. */
function* inOtherCase(row: string, register: string): Generator<NameRepair> {
  if (isMisreadInOtherCase(row, register)) yield { text: register, reasons: ENCODING_MISREAD };
  if (isTcvn3InOtherCase(row, register)) yield { text: register, reasons: LEGACY_ENCODING };
}

function* repairOnce(text: string, look: Look, before: number, seen: ReadonlySet<string>): Generator<NameRepair> {
  if (look.signs) {
    const unescaped = unescapeText(text);
    if (unescaped !== undefined) yield { text: unescaped, reasons: before | ESCAPED_TEXT };
  }
  if (look.marked) {
    const reread = rereadUtf8(text);
    if (reread !== undefined) yield { text: reread, reasons: before | ENCODING_MISREAD };
    const compatible = text.normalize('NFKC');
    if (compatible !== text.normalize('NFC')) yield { text: compatible, reasons: before | LOOKALIKE_LETTER };
  }
  if (!look.readable || look.signs) {
    // What has been tried is not tried again, so that nobody need ask whether it would mend.
    const mends = (mended: string): boolean => mended !== text && !seen.has(mended) && mendsSyllables(look, mended);
    if (look.marked) {
      for (const decode of LEGACY_DECODERS) {
        const decoded = decode(text);
        if (mends(decoded)) yield { text: decoded, reasons: before | LEGACY_ENCODING };
      }
    }
    if (look.signs && EATEN.test(text)) yield { text: text.replace(EATEN_ALL, '?'), reasons: before };
    for (const typed of typedAgain(text)) if (mends(typed)) yield { text: typed, reasons: before | KEYBOARD_CODES };
    if (look.signs) for (const read of readScanned(text)) yield { text: read, reasons: before | NAME_MISREAD };
  }
  if (look.signs || look.words > 2)
    for (const alone of withoutNotes(text)) yield { text: alone, reasons: before | NAME_NOTE };
}

const NAME = createNameLetters();

/** `letters`: the text, read. */
function lookOf(text: string, letters: NameLetters): Look {
  let signs = false;
  let marked = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) marked = true;
    const kind = meaningOf(code) & KIND_BITS;
    if (kind !== KIND.letter && kind !== KIND.space && kind !== KIND.combining) signs = true;
    else if (code >= 0x30 && code <= 0x39) signs = true;
  }
  const { words } = letters;
  return { signs, marked, words, readable: words > 0 && countSyllables(letters) === words };
}

/** Every word is a syllable now, or more of them are than were: what the damage had broken is whole again. */
function mendsSyllables(before: Look, after: string): boolean {
  const { words } = readName(after, NAME);
  const syllables = countSyllables(NAME);
  if (words > 0 && syllables === words) return !before.readable || words < before.words;
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
