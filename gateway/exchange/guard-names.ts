import { BASE_BITS, KIND, KIND_BITS, meaningOf, namesIn } from '../matching/index.ts';

/**
 * Names as the guard tells them apart, each behind a head of its own, packed as UTF-8 to be hashed all at once. Letters that have a
 * form of their own in Latin script, as all Vietnamese ones, are written letter by letter by a table; whatever else a name holds is
 * left to Unicode's rules, which the tables are made from.
 */

/** A name without what is no difference to anybody: case, form of its marks, spaces. */
export const spoken: NameForm = {
  textOf: (name) => name.normalize('NFC').toLowerCase().replace(/\s+/gu, ' ').trim(),
  write: writeSpoken,
};

/**
 * What of a name the matcher never does without, so that no writing under which it finds somebody is another name to the guard: its
 * first and last word in either order, without marks, tones, signs and what keyboards type for them; of three words the middle one's
 * first letter, of more nothing of those between, since any of them may be missing or too many. Words that stand beside a name (one
 * letter, or no vowel) are none of it.
 */
export const bareEnds: NameForm = {
  textOf(name) {
    const words = lettersOf(name).split(' ').map(wordOf).filter(Boolean);
    const named = words.filter(isNamed);
    const [first = '', ...others] = named.length === 0 ? words : named;
    const last = others.pop();
    const ends = last === undefined ? [first] : [first, last].sort();
    return [...ends, ...(others.length === 1 ? [initialOf(others[0] ?? '')] : [])].join(' ');
  },
  write: writeBareEnds,
};

/** The names that a row's text may stand for, one for each that is another to the guard. */
export function guardedNames(name: string): readonly string[] {
  const all = namesIn(name);
  if (all.length === 1) return all;
  return [...new Map(all.map((one) => [bareEnds.textOf(one), one])).values()];
}

export interface NameForm {
  textOf(name: string): string;
  /** Writes the same text where every letter is in the table; returns where it ends, at most three bytes a unit later, or -1. */
  write(out: Uint8Array, at: number, name: string): number;
}

export interface PackedNames {
  readonly bytes: Buffer;
  /** Text i is `bytes[offsets[i] … offsets[i+1]−1]`. */
  readonly offsets: Uint32Array;
}

/** @param writeHead writes what stands before name i; returns where it ends, at most `headRoom` later */
export function packNames(
  names: readonly string[],
  form: NameForm,
  headRoom: number,
  writeHead: (out: Buffer, at: number, i: number) => number,
): PackedNames {
  /** What those to come need at most. */
  let room = 0;
  for (const name of names) room += headRoom + LETTER_BYTES * name.length;
  let bytes = Buffer.allocUnsafe(room);
  const offsets = new Uint32Array(names.length + 1);
  let end = 0;
  for (const [i, name] of names.entries()) {
    room -= headRoom + LETTER_BYTES * name.length;
    const start = writeHead(bytes, end, i);
    end = form.write(bytes, start, name);
    if (end < 0) {
      const text = Buffer.from(form.textOf(name), 'utf8');
      end = start + text.length;
      // Letters can fall apart into more than they were. Doubled, so that a batch of such names is not copied for each.
      if (end + room > bytes.length) bytes = Buffer.concat([bytes], end + room + bytes.length);
      text.copy(bytes, start);
    }
    offsets[i + 1] = end;
  }
  return { bytes, offsets };
}

/** Most that a letter of the tables comes to. */
const LETTER_BYTES = 3;
const SPACE = 0x20;
/** Of a table: what is not to be written by itself, and what vanishes. */
const OTHER = 0xffff;
const NOTHING = 0xfffe;
const TABLE_UNITS = 0x1f00;
/** Combining marks begin here; letters with Vietnamese marks stand further on. */
const MARKS = 0x300;
const LATIN_ADDITIONAL = 0x1e00;

/** One unit for each, learnt when it is first met; 0 where it was not met yet. */
function createTable(formOf: (letter: string) => number) {
  const table = new Uint16Array(TABLE_UNITS);
  return (unit: number): number => {
    if (unit >= MARKS && (unit < LATIN_ADDITIONAL || unit >= TABLE_UNITS)) return OTHER;
    const known = table[unit] ?? 0;
    if (known !== 0) return known;
    const form = formOf(String.fromCharCode(unit));
    table[unit] = form;
    return form;
  };
}

const lower = createTable((letter) => {
  const text = spoken.textOf(letter);
  if (/\s/u.test(letter)) return SPACE;
  return letter === '\0' || text.length !== 1 || text.charCodeAt(0) >= NOTHING ? OTHER : text.charCodeAt(0);
});
/** Only what comes down to ASCII: a byte each. */
const plain = createTable((letter) => {
  const text = lettersOf(letter);
  if (text === '') return NOTHING;
  return text.length === 1 && text.charCodeAt(0) < 0x80 ? text.charCodeAt(0) : OTHER;
});

/** Letters alone, as the matcher reads them, without marks; a space for whatever ends a word. i for y. */
function lettersOf(name: string): string {
  let out = '';
  for (const sign of name) {
    const kind = meaningOf(sign.charCodeAt(0)) & KIND_BITS;
    // Before it is taken apart: an accent that stands for an apostrophe would become a space.
    if (kind === KIND.apostrophe || kind === KIND.invisible) continue;
    for (const part of sign.normalize('NFKD').toLowerCase()) out += letterOf(part);
  }
  return out;
}

function letterOf(part: string): string {
  if (/[\p{M}\p{N}]/u.test(part)) return '';
  if (part.length > 1) return part;
  const meaning = meaningOf(part.charCodeAt(0));
  const kind = meaning & KIND_BITS;
  if (kind === KIND.space || kind === KIND.blank || kind === KIND.separator) return ' ';
  if (kind !== KIND.letter) return '';
  const letter = String.fromCharCode(meaning & BASE_BITS);
  return letter === 'y' ? 'i' : letter;
}

/** Letters of the alphabet, a bit each. */
const bitsOf = (letters: string) => Array.from(letters).reduce((bits, one) => bits | bitOf(one.charCodeAt(0)), 0);
const bitOf = (letter: number) => (letter >= 0x61 && letter <= 0x7a ? 1 << (letter - 0x61) : 0);
const VOWELS = bitsOf('aeiou');
/** Typed behind a vowel they are its mark or tone: no Vietnamese word has them there. */
const KEYS = bitsOf('sfrxjwz');
/** Typed twice they are another letter: a circumflex, a stroke. */
const DOUBLED = bitsOf('aeod');

/** Whether a letter is a key that was typed for a mark, behind these letters of its word. */
const isKey = (bit: number, before: number): boolean =>
  ((bit & KEYS) !== 0 && (before & VOWELS) !== 0) || (bit & DOUBLED & before) !== 0;

/** A word without the keys in it. */
function wordOf(letters: string): string {
  let before = 0;
  let out = '';
  for (const letter of letters) {
    const bit = bitOf(letter.codePointAt(0) ?? 0);
    if (!isKey(bit, before)) out += letter;
    before |= bit;
  }
  return out;
}

const initialOf = (word: string): string => String.fromCodePoint(word.codePointAt(0) ?? 0);
/** Letters of other scripts are never beside a name. */
const isNamed = (word: string): boolean => word.length > 1 && /[aeiou]|[^a-z]/u.test(word);

function writeSpoken(out: Uint8Array, start: number, name: string): number {
  let at = start;
  let gap = false;
  for (let i = 0; i < name.length; i++) {
    const letter = lower(name.charCodeAt(i));
    if (letter === OTHER) return -1;
    if (letter === SPACE) {
      gap = at > start;
      continue;
    }
    if (gap) out[at++] = SPACE;
    gap = false;
    if (letter < 0x80) out[at++] = letter;
    else {
      if (letter < 0x800) out[at++] = 0xc0 | (letter >> 6);
      else {
        out[at++] = 0xe0 | (letter >> 12);
        out[at++] = 0x80 | ((letter >> 6) & 0x3f);
      }
      out[at++] = 0x80 | (letter & 0x3f);
    }
  }
  return at;
}

const MOST_UNITS = 256;
const MOST_WORDS = 16;
/** Of one name, while its words are told apart. */
const letters = new Uint8Array(MOST_UNITS);
const [starts, ends] = [new Uint16Array(MOST_WORDS), new Uint16Array(MOST_WORDS)];

function writeBareEnds(out: Uint8Array, start: number, name: string): number {
  if (name.length > MOST_UNITS) return -1;
  let [words, named, end] = [0, 0, 0];
  /** The letters of the word so far. */
  let before = 0;
  for (let i = 0; i <= name.length; i++) {
    const letter = i === name.length ? SPACE : plain(name.charCodeAt(i));
    if (letter === OTHER) return -1;
    if (letter === NOTHING) continue;
    if (letter !== SPACE) {
      if (before === 0 && words === MOST_WORDS) return -1;
      if (before === 0) starts[words] = end;
      const bit = bitOf(letter);
      if (!isKey(bit, before)) letters[end++] = letter;
      before |= bit;
      continue;
    }
    if (before === 0) continue;
    const own = (before & VOWELS) !== 0 && end - (starts[words] ?? 0) > 1;
    before = 0;
    // What stands beside a name counts only where nothing else is there.
    if (!own && named > 0) continue;
    if (own && named++ === 0) {
      starts[0] = starts[words] ?? 0;
      words = 0;
    }
    ends[words++] = end;
  }
  return writeEnds(out, start, words);
}

function writeEnds(out: Uint8Array, start: number, words: number): number {
  if (words === 0) return start;
  const last = words - 1;
  const [from, to, fromLast, toLast] = [starts[0] ?? 0, ends[0] ?? 0, starts[last] ?? 0, ends[last] ?? 0];
  if (words === 1) return copyLetters(out, start, from, to);
  const turned = isLess(fromLast, toLast, from, to);
  let at = turned ? copyLetters(out, start, fromLast, toLast) : copyLetters(out, start, from, to);
  out[at++] = SPACE;
  at = turned ? copyLetters(out, at, from, to) : copyLetters(out, at, fromLast, toLast);
  if (words !== 3) return at;
  out[at++] = SPACE;
  return copyLetters(out, at, starts[1] ?? 0, (starts[1] ?? 0) + 1);
}

function copyLetters(out: Uint8Array, start: number, from: number, to: number): number {
  let at = start;
  for (let i = from; i < to; i++) out[at++] = letters[i] ?? 0;
  return at;
}

function isLess(start: number, end: number, otherStart: number, otherEnd: number): boolean {
  for (let [a, b] = [start, otherStart]; a < end && b < otherEnd; a++, b++) {
    const order = (letters[a] ?? 0) - (letters[b] ?? 0);
    if (order !== 0) return order < 0;
  }
  return end - start < otherEnd - otherStart;
}
