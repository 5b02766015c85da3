import { unescapeText } from './escaped-text.ts';
import { horned, typedAgain } from './keyboard-text.ts';
import { isTcvn3InOtherCase, LEGACY_DECODERS } from './legacy-text.ts';
import { rereadElsewhere } from './misread-elsewhere.ts';
import { isMisreadInOtherCase, isShifted, mayBeUtf8, rereadUtf8, shiftedBack } from './misread-text.ts';
import { NAME_LEVELS, type NameLevel } from './name-levels.ts';
import { isWhole, type Look, lookAt, lookOf, mendsSyllables } from './name-look.ts';
import { normaliseName } from './normalise-name.ts';
import { withoutLabel, withoutNotes } from './note-text.ts';
import { LIMITS } from './profile.ts';
import { createNameLetters, type NameLetters, readName } from './read-name.ts';
import { bitOf } from './reasons.ts';
import { sameButForCase } from './same-letters.ts';
import { readParted, readScanned } from './scan-text.ts';
import { isSyllable } from './syllable.ts';

/** A text that the row's name may have been, and the bits (word 1) that say what had to be undone. */
export type NameRepair = {
  readonly text: string;
  readonly reasons: number;
  /** Every word is a syllable now, and bytes or keystrokes were read: that is what the row says, whether it agrees or not. */
  readonly whole: boolean;
};

const LEGACY_ENCODING = bitOf('LEGACY_ENCODING');
const ENCODING_MISREAD = bitOf('ENCODING_MISREAD');
const KEYBOARD_CODES = bitOf('KEYBOARD_CODES');
const ESCAPED_TEXT = bitOf('ESCAPED_TEXT');
const NAME_NOTE = bitOf('NAME_NOTE');
const NAME_CUT = bitOf('NAME_CUT');
const NAME_MISREAD = bitOf('NAME_MISREAD');
const LOOKALIKE_LETTER = bitOf('LOOKALIKE_LETTER');

/** What is undone in letters, not in bytes. */
const SPELT = LEGACY_ENCODING | KEYBOARD_CODES | NAME_MISREAD;

/** What is read rather than left out. */
const READ = LEGACY_ENCODING | ENCODING_MISREAD | KEYBOARD_CODES;

/** Signs that stand for letters which a font or an encoding does not have. */
const EATEN = /\p{L}[#□▯¿_*◊]|[#□▯¿_*◊]\p{L}/u;
const LOST = /[?\ufffd#□▯_*◊]/u;
const EATEN_ALL = /[#□▯¿_*◊]/gu;

const isInOtherCase = (row: string, register: string): boolean =>
  isMisreadInOtherCase(row, register) || isTcvn3InOtherCase(row, register);

/** More texts than this are not tried for one row. */
const MOST_REPAIRS = 40;

/**
 * What a damaged name may have been, likeliest first. Only damage that the row itself shows is undone: escapes, bytes read
 * wrongly, words that are no Vietnamese syllables and become ones, keystrokes, notes beside the name. Two kinds of damage
 * at once are followed, a third is not. `register` is asked only whether it, damaged in a way that loses letters' case, is
 * this row, and, where `quick`, whether a text found is it. `slip`: only readings of bytes that make the whole row a name are
 * asked for. Never throws; bounded work; a row of plain words costs one look.
 */
export function repairsOf(
  row: string,
  letters: NameLetters,
  register: string,
  registerWords: number,
  { quick = false, slip = false }: { readonly quick?: boolean; readonly slip?: boolean } = {},
): readonly NameRepair[] {
  if (row.length > LIMITS.name) return NONE;
  const look = lookOf(row, letters);
  if (!look.signs && look.readable && look.words <= registerWords) return NONE;
  if (slip && letters.plain && holdsAnotherSlip(row, letters) && !isInOtherCase(row, register)) return NONE;
  const found: NameRepair[] = [];
  const seen = new Set([row]);
  const settles = (text: string): boolean => quick && sameButForCase(text, register) && isWhole(lookAt(text));
  const add = (text: string, reasons: number): boolean => {
    if (found.length >= MOST_REPAIRS || text.length > LIMITS.name || seen.has(text)) return false;
    seen.add(text);
    found.push({ text, reasons, whole: false });
    return settles(text);
  };
  const into: Sink = { add, settles };
  if (repairOnce(row, look, 0, registerWords, into)) return found;
  if (look.marked && !look.readable) {
    if (isMisreadInOtherCase(row, register) && add(register, ENCODING_MISREAD)) return found;
    if (isTcvn3InOtherCase(row, register) && add(register, LEGACY_ENCODING)) return found;
  }
  // Where letters are lost, what is left may read as anything.
  const lost = LOST.test(row);
  const explained = (repair: NameRepair): boolean => (repair.reasons & READ) !== 0 && isWhole(lookAt(repair.text));
  if (lost || !found.some(explained)) {
    for (const first of [...found]) {
      const again = lookAt(first.text);
      // What is a name throughout has no second damage, but for words beside it.
      if (isWhole(again) && again.words <= registerWords) continue;
      if (repairOnce(first.text, again, first.reasons, registerWords, into)) return found;
    }
  }
  if (lost) return found;
  const whole = found.filter(({ text }) => isWhole(lookAt(text)));
  // Where one reading makes a name of the whole row, no other counts that leaves half of the damage.
  if (!whole.some(({ reasons }) => (reasons & READ) !== 0)) return found;
  return whole.map(({ text, reasons }) => ({ text, reasons, whole: true }));
}

const MARKS_ONLY: ReadonlySet<NameLevel> = new Set([
  NAME_LEVELS.ONE_WORD_MARKS,
  NAME_LEVELS.MARKS_PARTLY_MISSING,
  NAME_LEVELS.SEVERAL_MARKS,
]);

/**
 * Whether the row says another name than stands there: what reads as a name throughout is the row's, also where it agrees less
 * than the damaged text. `plain`: how the text as it stands meets the register's name. Where that has its letters, an old
 * encoding was hardly used: VNI writes Cụng as Cuòng, but so does, of Cường, whoever leaves a horn out.
 */
export function readsOtherwise(likeliest: NameRepair | undefined, plain: NameLevel): boolean {
  if (likeliest?.whole !== true) return false;
  return !MARKS_ONLY.has(plain) || (likeliest.reasons & LEGACY_ENCODING) === 0;
}

const NONE: readonly NameRepair[] = [];

/**
 * The names that a row's damaged name may have been, by what the row alone shows: repairs that leave nothing but
 * Vietnamese syllables, likeliest first, each once. For whoever explains a row; judging one asks `repairsOf`. Never throws.
 */
export function possibleNames(row: string): NameRepair[] {
  const own = normaliseName(row).key;
  const seen = new Set([own]);
  return repairsOf(row, readName(row, createNameLetters()), '', LIMITS.name).filter(({ text }) => {
    const { key } = normaliseName(text);
    if (seen.has(key) || !lookAt(text).readable) return false;
    seen.add(key);
    return true;
  });
}

/** Where texts go that the name may have been. */
type Sink = {
  /** Takes one; true where nothing else needs to be looked for. */
  readonly add: (text: string, reasons: number) => boolean;
  /** Whether a text is the register's name to the letter: no other reading and no second step could better it. */
  readonly settles: (text: string) => boolean;
};

/** One step back from a text; true as soon as nothing else needs to be looked for. */
function repairOnce(text: string, look: Look, before: number, registerWords: number, into: Sink): boolean {
  const { add, settles } = into;
  if (look.signs) {
    // Escapes are the outermost layer: their digits and signs are no damage of another kind.
    const unescaped = unescapeText(text);
    if (unescaped !== undefined) return add(unescaped, before | ESCAPED_TEXT);
    // What a form printed is no part of the name, and no damage of its letters.
    const unlabelled = withoutLabel(text);
    if (unlabelled !== undefined) return add(unlabelled, before | NAME_NOTE);
  }
  // Plain words stand beside a name only where there are more of them than the name has.
  const beside = look.signs || look.words > registerWords;
  // Where all signs are those of a keyboard, the name may stand there whole, and no byte needs to be read.
  const notes = beside && !look.highSigns ? withoutNotes(text, !look.signs) : undefined;
  const own = notes?.find(settles);
  if (own !== undefined && add(own, before | NAME_NOTE)) return true;
  if (look.marked && repairBytes(text, before, add)) return true;
  if (!look.readable || look.signs) {
    if (repairLetters(text, look, before, add)) return true;
  }
  if (!beside) return false;
  return (notes ?? withoutNotes(text, !look.signs)).some((alone) => add(alone, before | NAME_NOTE));
}

function repairBytes(text: string, before: number, add: Sink['add']): boolean {
  // Bytes are read before what they spell: the other way round, half a letter would stay and stand for any.
  const reread = (before & SPELT) === 0 ? rereadUtf8(text) : undefined;
  if (reread !== undefined && add(reread, before | ENCODING_MISREAD)) return true;
  if ((before & SPELT) === 0) {
    for (const read of rereadElsewhere(text)) if (add(read, before | ENCODING_MISREAD)) return true;
  }
  const shifted = shiftedBack(text);
  if (shifted !== undefined && add(shifted, before | ENCODING_MISREAD)) return true;
  const compatible = mayBeCompatible(text) ? text.normalize('NFKC') : text;
  return compatible !== text && compatible !== text.normalize('NFC') && add(compatible, before | LOOKALIKE_LETTER);
}

function repairLetters(text: string, look: Look, before: number, add: Sink['add']): boolean {
  const mends = (mended: string): boolean => mended !== text && mendsSyllables(look, mended);
  // One encoding a text: a second decoder would read the first one's letters as bytes.
  if (look.bytes && (before & LEGACY_ENCODING) === 0) {
    for (const decode of LEGACY_DECODERS) {
      const decoded = decode(text);
      if (mends(decoded) && add(decoded, before | LEGACY_ENCODING)) return true;
    }
  }
  // The rest of a letter that a limit of bytes cut in two: the name was cut there.
  if (text.endsWith('\ufffd')) add(text.replace(/\ufffd+$/u, ''), before | NAME_CUT);
  if (look.signs && EATEN.test(text)) add(text.replace(EATEN_ALL, '?'), before);
  for (const typed of typedAgain(text)) if (mends(typed) && add(typed, before | KEYBOARD_CODES)) return true;
  const drawn = look.signs ? horned(text) : undefined;
  if (drawn !== undefined && isWhole(lookAt(drawn)) && add(drawn, before | KEYBOARD_CODES)) return true;
  const whole = look.readable ? undefined : readParted(text);
  if (whole !== undefined && add(whole, before | NAME_MISREAD)) return true;
  if (look.signs) for (const read of readScanned(text)) if (add(read, before | NAME_MISREAD)) return true;
  return false;
}

/** Whether a sign may have another form that means the same: none of the letters of which names are made has. */
function mayBeCompatible(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const usual = code < 0x80 || (code >= 0xc0 && code <= 0x131) || (code >= 0x1ea0 && code <= 0x1ef9);
    if (!usual && code !== 0x1a0 && code !== 0x1a1 && code !== 0x1af && code !== 0x1b0) return true;
  }
  return false;
}

/**
 * Whether a word of the text is no syllable and cannot become one by being read as bytes of another encoding: then no such
 * reading makes the row a name throughout. `text` is plain.
 */
function holdsAnotherSlip(text: string, { letters, starts, words, length }: NameLetters): boolean {
  if (isShifted(text) || mayBeUtf8(text) || mayBeCompatible(text) || rereadElsewhere(text).length > 0) return false;
  let at = 0;
  for (let word = 0; word < words; word++) {
    const from = starts[word] ?? 0;
    const to = word + 1 < words ? (starts[word + 1] ?? 0) : length;
    while (text.charCodeAt(at) === 0x20) at++;
    let plain = true;
    let unicode = false;
    for (const end = at + to - from; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code > 0x7f) plain = false;
      if (code >= 0x1ea0) unicode = true;
    }
    if ((plain || unicode) && !isSyllable(letters, from, to)) return true;
  }
  return false;
}
