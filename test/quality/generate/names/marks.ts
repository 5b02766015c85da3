/** Damage to the marks of a name: dropped, moved, doubled, mistaken, taken apart, or drawn with letters that look alike. */
import { hasOldPlacement, newTonePlacement } from '../../../../gateway/development/synthetic/names.ts';
import type { ChangeName, NameDamage } from '../damage.ts';
import {
  ifChanged,
  lettersOf,
  placesOf,
  TONE,
  TONES,
  toneOf,
  VOWEL,
  withoutMarks,
  withoutTones,
  withTone,
} from '../letters.ts';
import type { Rng } from '../random.ts';

const mapLetters = (name: string, change: (letter: string) => string): string | undefined =>
  ifChanged(lettersOf(name).map(change).join(''), name);

/** Changes one of the letters that `test` finds. */
function oneLetter(name: string, rng: Rng, test: (letter: string) => boolean, change: (letter: string) => string) {
  const letters = lettersOf(name);
  const places = placesOf(letters, test);
  if (places.length === 0) return undefined;
  const at = rng.pick(places);
  return ifChanged(letters.with(at, change(letters[at]!)).join(''), name);
}

const isMarked = (letter: string): boolean => withoutMarks(letter) !== letter;
const isToned = (letter: string): boolean => toneOf(letter) !== '';

const PLACEMENT = 'oà òa|oá óa|oả ỏa|oã õa|oạ ọa|oè òe|oé óe|oẻ ỏe|oẽ õe|oẹ ọe|uỳ ùy|uý úy|uỷ ủy|uỹ ũy|uỵ ụy'
  .normalize('NFC')
  .split('|')
  .map((pair) => pair.split(' ') as [string, string]);

function oldPlacement(name: string): string {
  let text = name;
  for (const [renewed, old] of PLACEMENT) text = text.replace(new RegExp(`(?<![qQ])${renewed}(?!\\p{L})`, 'gu'), old);
  return text;
}

/** The tone of one word on another vowel of it: Hoàng → Hòang, Nguyễn → Nguỹên. */
function misplaced(name: string, rng: Rng): string | undefined {
  const words = name.split(' ');
  const found = words.flatMap((word, at) => {
    const letters = lettersOf(word);
    const from = letters.findIndex(isToned);
    const others = placesOf(letters, (letter) => VOWEL.test(withoutMarks(letter))).filter((place) => place !== from);
    return from < 0 || others.length === 0 ? [] : [{ at, letters, from, others }];
  });
  if (found.length === 0) return undefined;
  const { at, letters, from, others } = rng.pick(found);
  const tone = toneOf(letters[from]!);
  const to = rng.pick(others);
  const moved = letters.with(from, withoutTones(letters[from]!)).with(to, withTone(letters[to]!, tone));
  return words.with(at, moved.join('')).join(' ');
}

const CYRILLIC: Readonly<Record<string, string>> = {
  a: 'а',
  e: 'е',
  o: 'о',
  c: 'с',
  p: 'р',
  x: 'х',
  y: 'у',
  A: 'А',
  B: 'В',
  C: 'С',
  E: 'Е',
  H: 'Н',
  K: 'К',
  M: 'М',
  O: 'О',
  P: 'Р',
  T: 'Т',
  X: 'Х',
};
const CARON: Readonly<Record<string, string>> = { ă: 'ǎ', Ă: 'Ǎ', ơ: 'ó', ư: 'ú', ô: 'ò', â: 'ã' };

/** The word's tone as a combining mark behind a letter that already carries its shape: what windows-1258 holds. */
const toneApart = (name: string): string =>
  lettersOf(name)
    .map((letter) => withoutTones(letter) + toneOf(letter))
    .join('');

const MARKS = {
  marks_none: (name) => ifChanged(withoutMarks(name), name),
  marks_partly: (name, rng) => mapLetters(name, (letter) => (rng.chance(0.5) ? withoutMarks(letter) : letter)),
  word_without_marks: (name, rng) => {
    const words = name.split(' ');
    const places = placesOf(words, isMarked);
    if (places.length < 2) return undefined;
    const at = rng.pick(places);
    return words.with(at, withoutMarks(words[at]!)).join(' ');
  },
  tone_dropped: (name, rng) => oneLetter(name, rng, isToned, withoutTones),
  all_tones_dropped: (name) => ifChanged(withoutTones(name), name),
  shape_dropped: (name, rng) =>
    oneLetter(
      name,
      rng,
      (letter) => withoutMarks(letter) !== withoutTones(letter),
      (letter) => withTone(withoutMarks(letter), toneOf(letter)),
    ),
  d_without_stroke: (name) => ifChanged(name.replaceAll('đ', 'd').replaceAll('Đ', 'D'), name),
  tone_mistaken: (name, rng) =>
    oneLetter(name, rng, isToned, (letter) =>
      withTone(letter, rng.pick(TONES.filter((tone) => tone !== toneOf(letter)))),
    ),
  tone_added: (name, rng) =>
    oneLetter(
      name,
      rng,
      (letter) => VOWEL.test(withoutMarks(letter)) && !isToned(letter),
      (letter) => withTone(letter, rng.pick(TONES)),
    ),
  tone_new_placement: (name) => (hasOldPlacement(name) ? newTonePlacement(name) : ifChanged(oldPlacement(name), name)),
  tone_misplaced: misplaced,
  tone_doubled: (name, rng) => oneLetter(name, rng, isToned, (letter) => letter + toneOf(letter)),
  two_tones: (name, rng) => oneLetter(name, rng, isToned, (letter) => letter + rng.pick(TONES)),
  decomposed: (name) => ifChanged(name.normalize('NFD'), name),
  tone_apart: (name) => ifChanged(toneApart(name), name),
  marks_before: (name) => {
    // Decomposed, then re-ordered by a program that sorts bytes: the mark stands before its letter.
    const text = name.normalize('NFD').replace(/(\p{L})([\u0300\u0301\u0303\u0309\u0323])/u, '$2$1');
    return TONE.test(text) ? ifChanged(text, name.normalize('NFD')) : undefined;
  },
  d_lookalike: (name, rng) => {
    const [small, great] = rng.pick([
      ['ð', 'Ð'],
      ['ɖ', 'Ɖ'],
    ] as const);
    return ifChanged(name.replaceAll('đ', small).replaceAll('Đ', great), name);
  },
  cyrillic: (name, rng) => {
    const all = rng.chance(0.4);
    const text = mapLetters(name, (letter) => (all || rng.chance(0.4) ? (CYRILLIC[letter] ?? letter) : letter));
    return text;
  },
  marks_lookalike: (name) => mapLetters(name, (letter) => withToneOf(CARON[withoutTones(letter)], letter)),
  full_width: (name) =>
    mapLetters(name, (letter) =>
      /[A-Za-z]/u.test(letter) ? String.fromCodePoint(letter.codePointAt(0)! + 0xfee0) : letter,
    ),
} satisfies Record<string, ChangeName>;

function withToneOf(base: string | undefined, letter: string): string {
  return base === undefined || toneOf(letter) !== '' ? letter : base;
}

const COMMON: readonly string[] = [
  'marks_none',
  'marks_partly',
  'tone_dropped',
  'decomposed',
  'tone_new_placement',
  'tone_mistaken',
  'd_lookalike',
  'd_without_stroke',
];
const RARE: readonly string[] = ['cyrillic', 'full_width', 'marks_before', 'two_tones', 'marks_lookalike'];

export const MARK_DAMAGES: Readonly<Record<string, NameDamage>> = Object.fromEntries(
  Object.entries<ChangeName>(MARKS).map(([key, change]) => [
    key,
    { weight: COMMON.includes(key) ? 3 : RARE.includes(key) ? 1 : 2, stage: 'marks', change } satisfies NameDamage,
  ]),
);
