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

/** Without marks as well, and without the order of its words. */
export const orderless: NameForm = {
  textOf(name) {
    const plain = name
      .toLowerCase()
      .normalize('NFD')
      .replace(/\p{M}+/gu, '')
      .replaceAll('đ', 'd');
    return plain.trim().split(/\s+/u).sort().join(' ');
  },
  write: writeOrderless,
};

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
/** Of a table: a letter that is not to be written by itself. */
const OTHER = 0xffff;
const TABLE_UNITS = 0x1f00;
/** Combining marks begin here; letters with Vietnamese marks stand further on. */
const MARKS = 0x300;
const LATIN_ADDITIONAL = 0x1e00;

/** One unit for each, learnt when it is first met; 0 where it was not met yet. */
function createTable(textOf: (letter: string) => string, most: number) {
  const table = new Uint16Array(TABLE_UNITS);
  function learn(unit: number): number {
    const letter = String.fromCharCode(unit);
    const text = textOf(letter);
    const other = unit === 0 || text.length !== 1 || text.charCodeAt(0) > most;
    const form = /\s/u.test(letter) ? SPACE : other ? OTHER : text.charCodeAt(0);
    table[unit] = form;
    return form;
  }
  return (unit: number): number => {
    if (unit >= MARKS && (unit < LATIN_ADDITIONAL || unit >= TABLE_UNITS)) return OTHER;
    return table[unit] || learn(unit);
  };
}

const lower = createTable(spoken.textOf, 0xfffe);
/** Only what comes down to ASCII: a byte each. */
const plain = createTable(orderless.textOf, 0x7f);

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
/** Of one name, while its words are put in their order. */
const letters = new Uint8Array(MOST_UNITS);
const [starts, ends] = [new Uint16Array(MOST_WORDS), new Uint16Array(MOST_WORDS)];

function writeOrderless(out: Uint8Array, start: number, name: string): number {
  if (name.length > MOST_UNITS) return -1;
  let words = 0;
  let inside = false;
  for (let i = 0; i < name.length; i++) {
    const letter = plain(name.charCodeAt(i));
    if (letter === OTHER) return -1;
    letters[i] = letter;
    if (letter === SPACE) {
      inside = false;
      continue;
    }
    if (!inside && words === MOST_WORDS) return -1;
    if (!inside) starts[words++] = i;
    inside = true;
    ends[words - 1] = i + 1;
  }
  sortWords(words);
  let at = start;
  for (let word = 0; word < words; word++) {
    if (word > 0) out[at++] = SPACE;
    for (let i = starts[word] ?? 0, end = ends[word] ?? 0; i < end; i++) out[at++] = letters[i] ?? 0;
  }
  return at;
}

/** A handful: each is moved before those that are greater. */
function sortWords(words: number): void {
  for (let next = 1; next < words; next++) {
    const [start, end] = [starts[next] ?? 0, ends[next] ?? 0];
    let at = next;
    for (; at > 0 && isLess(start, end, starts[at - 1] ?? 0, ends[at - 1] ?? 0); at--) {
      starts[at] = starts[at - 1] ?? 0;
      ends[at] = ends[at - 1] ?? 0;
    }
    starts[at] = start;
    ends[at] = end;
  }
}

function isLess(start: number, end: number, otherStart: number, otherEnd: number): boolean {
  for (let [a, b] = [start, otherStart]; a < end && b < otherEnd; a++, b++) {
    const order = (letters[a] ?? 0) - (letters[b] ?? 0);
    if (order !== 0) return order < 0;
  }
  return end - start < otherEnd - otherStart;
}
