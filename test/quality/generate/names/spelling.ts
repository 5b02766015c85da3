/** Damage to the letters of a name by ear, by hand and by scanner. */
import type { ChangeName, NameDamage } from '../damage.ts';
import { ifChanged, inCaseOf, lettersOf, placesOf, TONE, withTone } from '../letters.ts';
import type { Rng } from '../random.ts';

/** Replaces one of the words that the pairs know, keeping its case. */
function swapWord(pairs: string): (name: string, rng: Rng, places: 'first' | 'any') => string | undefined {
  const other = new Map<string, string[]>();
  for (const pair of pairs.normalize('NFC').split(/\s+/u)) {
    const [a = '', b = ''] = pair.split('/');
    other.set(a, [...(other.get(a) ?? []), b]);
    other.set(b, [...(other.get(b) ?? []), a]);
  }
  return (name, rng, places) => {
    const words = name.split(' ');
    const known = placesOf(words, (word) => other.has(word)).filter((at) => places === 'any' || at === 0);
    if (known.length === 0) return undefined;
    const at = rng.pick(known);
    return words.with(at, rng.pick(other.get(words[at]!)!)).join(' ');
  };
}

/** One name written in the north and in the south (kiêng huý, the taboo on rulers' names, and dialect). */
const FAMILIES = swapWord('Hoàng/Huỳnh Vũ/Võ Phan/Phang Chu/Châu');
const GIVEN = swapWord(
  `Phúc/Phước Cảnh/Kiểng Nhân/Nhơn Thái/Thới Tùng/Tòng Hoa/Huê Sinh/Sanh Chính/Chánh Nghĩa/Ngãi Phượng/Phụng Hồng/Hường Dũng/Dõng
Đan/Đơn Lĩnh/Lãnh Tính/Tánh Bảo/Bửu An/Yên Trường/Tràng Đảm/Đởm Quý/Quới Nguyên/Ngươn Sơn/San Vũ/Võ Hoàng/Huỳnh Thịnh/Thạnh Lợi/Lị`,
);

const INITIALS: readonly (readonly [RegExp, string])[] = [
  [/^s(?=[^h])/iu, 'x'],
  [/^x/iu, 's'],
  [/^tr/iu, 'ch'],
  [/^ch/iu, 'tr'],
  [/^d(?=[^z])/iu, 'gi'],
  [/^gi(?=[aăâeêoôơuư])/iu, 'd'],
  [/^n(?=[^gh])/iu, 'l'],
  [/^l/iu, 'n'],
  [/^v/iu, 'd'],
];

function oneWord(name: string, rng: Rng, change: (word: string) => string | undefined): string | undefined {
  const words = name.split(' ');
  const found = words.flatMap((word, at) => {
    const changed = change(word);
    return changed === undefined || changed === word ? [] : [{ at, changed }];
  });
  if (found.length === 0) return undefined;
  const { at, changed } = rng.pick(found);
  return words.with(at, inCaseOf(changed, words[at]!)).join(' ');
}

const [HOI, NGA] = ['\u0309', '\u0303'] as const;
const swapHoiNga = (word: string): string =>
  word
    .normalize('NFD')
    .replace(/[\u0309\u0303]/u, (tone) => (tone === HOI ? NGA : HOI))
    .normalize('NFC');

const NEIGHBOURS: Readonly<Record<string, string>> = {
  a: 'sqz',
  b: 'vn',
  c: 'xv',
  d: 'sf',
  e: 'wr',
  f: 'dg',
  g: 'fh',
  h: 'gj',
  i: 'uo',
  j: 'hk',
  k: 'jl',
  l: 'k',
  m: 'n',
  n: 'bm',
  o: 'ip',
  p: 'o',
  q: 'wa',
  r: 'et',
  s: 'ad',
  t: 'ry',
  u: 'yi',
  v: 'cb',
  w: 'qe',
  x: 'zc',
  y: 'tu',
  z: 'x',
}; // prettier-ignore

/** Changes at one letter that is a letter of a–z without marks, never the first of the name. */
function atLetter(name: string, rng: Rng, change: (letters: string[], at: number) => string[] | undefined) {
  const letters = lettersOf(name);
  const places = placesOf(letters, (letter) => /[a-z]/iu.test(letter)).filter((at) => at > 0);
  if (places.length === 0) return undefined;
  const changed = change(letters, rng.pick(places));
  return changed === undefined ? undefined : ifChanged(changed.join(''), name);
}

const OCR: readonly (readonly [RegExp, string])[] = [
  [/o/iu, '0'],
  [/l/u, '1'],
  [/I/u, 'l'],
  [/i/u, 'l'],
  [/m/u, 'rn'],
  [/S/u, '5'],
  [/B/u, '8'],
  [/h/u, 'b'],
  [/g/u, '9'],
  [/n/u, 'ri'],
  [/u/u, 'ii'],
  [/T/u, '7'],
];

const SPELLING = {
  regional_family: (name, rng) => FAMILIES(name, rng, 'first'),
  regional_given: (name, rng) =>
    GIVEN(name.replace(/^\S+ /u, ''), rng, 'any')?.replace(/^/u, /^\S+ /u.exec(name)?.[0] ?? ''),
  regional_initial: (name, rng) =>
    oneWord(name, rng, (word) => {
      const rule = INITIALS.find(([from]) => from.test(word));
      return rule === undefined ? undefined : word.replace(rule[0], rule[1]);
    }),
  hoi_nga: (name, rng) => oneWord(name, rng, swapHoiNga),
  i_y: (name, rng) =>
    oneWord(name, rng, (word) =>
      // Only where both ways of writing are in use: the end of an open syllable after a consonant (Lý/Lí, Mỹ/Mĩ, Sỹ/Sĩ).
      word
        .normalize('NFD')
        .replace(
          /(?<=^[hklmstv]|^qu)[iy](?=\p{M}*$)/iu,
          (letter) => ({ i: 'y', y: 'i', I: 'Y', Y: 'I' })[letter] ?? letter,
        )
        .normalize('NFC'),
    ),
  neighbour_key: (name, rng) =>
    atLetter(name, rng, (letters, at) => {
      const letter = letters[at]!;
      const near = NEIGHBOURS[letter.toLowerCase()];
      return near === undefined ? undefined : letters.with(at, inCaseOf(rng.pick([...near]), letter));
    }),
  letter_doubled: (name, rng) =>
    atLetter(name, rng, (letters, at) => letters.toSpliced(at, 0, letters[at]!.toLowerCase())),
  letter_dropped: (name, rng) => atLetter(name, rng, (letters, at) => letters.toSpliced(at, 1)),
  letters_transposed: (name, rng) =>
    atLetter(name, rng, (letters, at) => {
      const next = letters[at + 1];
      if (next === undefined || next === ' ' || !/\p{L}/u.test(next)) return undefined;
      return letters.toSpliced(at, 2, inCaseOf(next, letters[at]!), inCaseOf(letters[at]!, next));
    }),
  letter_added: (name, rng) =>
    atLetter(name, rng, (letters, at) => letters.toSpliced(at, 0, rng.pick([...'aeghintu']))),
  tone_on_wrong_word: (name) => {
    // Typed too early or late: the tone of one word lands on the vowel of the next.
    const words = name.split(' ');
    const from = words.findIndex((word, at) => TONE.test(word.normalize('NFD')) && at + 1 < words.length);
    const into = words[from + 1];
    const tone = TONE.exec((words[from] ?? '').normalize('NFD'))?.[0];
    if (from < 0 || into === undefined || tone === undefined || TONE.test(into.normalize('NFD'))) return undefined;
    const bare = lettersOf(words[from]!)
      .map((letter) => withTone(letter, ''))
      .join('');
    const toned = into.replace(/[aeiouyăâêôơư](?![aeiouyăâêôơư])/iu, (vowel) => withTone(vowel, tone));
    return ifChanged(words.toSpliced(from, 2, bare, toned).join(' '), name);
  },
  ocr: (name, rng) => {
    const known = OCR.filter(([from]) => from.test(name.slice(1)));
    if (known.length === 0) return undefined;
    const [from, to] = rng.pick(known);
    return name.slice(0, 1) + name.slice(1).replace(from, to);
  },
  ocr_capitals: (name, rng) => {
    const known = (
      [
        [/O/u, '0'],
        [/I/u, '1'],
        [/I/u, 'L'],
        [/S/u, '5'],
        [/B/u, '8'],
        [/G/u, '6'],
        [/Q/u, 'O'],
        [/D/u, 'O'],
        [/H/u, 'N'],
        [/U/u, 'V'],
      ] as const
    ).filter(([from]) => from.test(name.toUpperCase()));
    if (known.length === 0) return undefined;
    const [from, to] = rng.pick(known);
    return name.toUpperCase().replace(from, to);
  },
} satisfies Record<string, ChangeName>;

const COMMON: readonly string[] = ['regional_family', 'regional_given', 'i_y', 'neighbour_key', 'letter_dropped'];
const RARE: readonly string[] = ['tone_on_wrong_word', 'letter_added', 'ocr', 'ocr_capitals'];

export const SPELLING_DAMAGES: Readonly<Record<string, NameDamage>> = Object.fromEntries(
  Object.entries<ChangeName>(SPELLING).map(([key, change]) => [
    key,
    { weight: COMMON.includes(key) ? 3 : RARE.includes(key) ? 1 : 2, stage: 'spelling', change } satisfies NameDamage,
  ]),
);
