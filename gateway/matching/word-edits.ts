import { TONE_BITS } from './letter-table.ts';
import { endOf, startOf, type Words } from './word-alignment.ts';

/**
 * Whether one slip of a finger turns one word into the other: a letter more, less, another one, or two neighbours
 * exchanged. `mask` takes the marks out of the comparison of the other letters, where a row has none.
 */
export function oneEditApart(a: Words, i: number, b: Words, j: number, mask: number): boolean {
  const [tone, other] = [toneOf(a, i, mask), toneOf(b, j, mask)];
  // The letter that was missed may have borne the tone; where none was, the tone is the difference.
  const tones = tone === other ? 'same' : tone === 0 || other === 0 ? 'one' : 'two';
  return tones !== 'two' && oneLetterApart(a, i, b, j, mask & ~TONE_BITS, tones === 'one' ? TONE_BITS & mask : 0);
}

/** The tones of a word, wherever they stand: exchanged letters carry them along. */
function toneOf(name: Words, word: number, mask: number): number {
  let tones = 0;
  for (let at = startOf(name, word); at < endOf(name, word); at++) tones += (name.letters[at] ?? 0) & TONE_BITS & mask;
  return tones;
}

/** The keys of tones in Telex: behind a word whose tone is missing, the key was typed and not taken. */
const TONE_KEYS: ReadonlySet<number> = new Set(Array.from('sfrxj', (key) => key.charCodeAt(0)));

/**
 * `missed`: the bits of a tone that one of the words lacks. The letter that differs has to have borne it: another consonant
 * and another tone are two differences.
 */
function oneLetterApart(a: Words, i: number, b: Words, j: number, mask: number, missed: number): boolean {
  const [from, to] = [startOf(a, i), endOf(a, i)];
  const [other, until] = [startOf(b, j), endOf(b, j)];
  const letter = (word: Words, at: number): number => (word.letters[at] ?? 0) & mask;
  const size = to - from;
  const otherSize = until - other;
  if (Math.abs(size - otherSize) > 1) return false;
  let front = 0;
  while (front < size && front < otherSize && letter(a, from + front) === letter(b, other + front)) front++;
  let back = 0;
  while (back < size - front && back < otherSize - front && letter(a, to - 1 - back) === letter(b, until - 1 - back)) {
    back++;
  }
  const left = size - front - back;
  const right = otherSize - front - back;
  if (left <= 1 && right <= 1) {
    if (missed === 0) return true;
    const extra = left === 1 ? (a.letters[from + front] ?? 0) : 0;
    const borne = extra | (right === 1 ? (b.letters[other + front] ?? 0) : 0);
    return (borne & missed) !== 0 || (right === 0 && TONE_KEYS.has(extra));
  }
  return (
    left === 2 &&
    right === 2 &&
    letter(a, from + front) === letter(b, other + front + 1) &&
    letter(a, from + front + 1) === letter(b, other + front)
  );
}
