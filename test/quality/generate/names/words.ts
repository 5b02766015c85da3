/** Damage to the words of a name: their order, number and wholeness. From forms with two or three fields, and from habit. */
import { PEOPLES } from '../../../../gateway/development/synthetic/names-ethnic-data.ts';
import type { ChangeName, NameDamage, Person } from '../damage.ts';
import { ifChanged, wordsOf } from '../letters.ts';

/** Family, one or more middle names and a given name, each a word: what "middle name" means for. */
const isThreePart = ({ ethnicity }: Person): boolean => {
  const custom = PEOPLES[ethnicity]?.custom;
  return custom === undefined || custom === 'viet' || custom === 'mong';
};

const ofWords =
  (
    least: number,
    change: (words: readonly string[], rng: Parameters<ChangeName>[1]) => string | undefined,
  ): ChangeName =>
  (name, rng) => {
    const words = wordsOf(name);
    if (words.length < least) return undefined;
    const changed = change(words, rng);
    return changed === undefined ? undefined : ifChanged(changed, name);
  };

const ofParts =
  (
    least: number,
    change: (words: readonly string[], rng: Parameters<ChangeName>[1]) => string | undefined,
  ): ChangeName =>
  (name, rng, person) =>
    isThreePart(person) ? ofWords(least, change)(name, rng, person) : undefined;

const first = (word: string | undefined): string => Array.from(word ?? '')[0] ?? '';
const familyShort = (family: string): string => (/^(ng|ph|th|tr)/iu.test(family) ? family.slice(0, 2) : first(family));

const WORDS = {
  given_first: ofWords(2, ([family, ...rest]) => `${rest.join(' ')} ${family}`),
  western_order: ofWords(3, (words) => [words.at(-1), ...words.slice(1, -1), words[0]].join(' ')),
  reversed: ofWords(4, (words) => words.toReversed().join(' ')),
  family_given_middle: ofWords(3, ([family, ...rest]) => [family, rest.pop(), ...rest].join(' ')),
  given_family_middle: ofWords(3, (words) => [words.at(-1), ...words.slice(0, -1)].join(' ')),
  comma_order: ofWords(2, ([family, ...rest], rng) =>
    rng.chance(0.5) ? `${rest.join(' ')}, ${family}` : `${family}, ${rest.join(' ')}`,
  ),
  middle_dropped: ofParts(3, (words) => `${words[0]} ${words.at(-1)}`),
  one_middle_dropped: ofParts(4, (words, rng) => words.toSpliced(1 + rng.below(words.length - 2), 1).join(' ')),
  family_dropped: ofParts(3, (words) => words.slice(1).join(' ')),
  middle_initials: ofParts(3, (words, rng) => {
    const dot = rng.pick(['.', '', '. ']);
    const middle = words.slice(1, -1).map((word) => `${first(word)}${dot}`.trim());
    return `${words[0]} ${middle.join(' ')} ${words.at(-1)}`;
  }),
  initials: ofParts(3, (words, rng) => {
    const short = words.slice(0, -1).map(first);
    return rng.pick([
      `${short.join('.')}. ${words.at(-1)}`,
      `${short.join(' ')} ${words.at(-1)}`,
      `${short.join('.')}.${words.at(-1)}`,
      `${familyShort(words[0] ?? '')}. ${short.slice(1).join('. ')}. ${words.at(-1)}`,
    ]);
  }),
  family_abbreviated: ofParts(2, ([family = '', ...rest], rng) => {
    const short = familyShort(family);
    return family.length < 4 ? undefined : `${short}${rng.pick(['.', '', '~', '~.'])} ${rest.join(' ')}`;
  }),
  thi_abbreviated: (name, rng) =>
    ifChanged(
      name.replace(/(?<= )(?:Thị|Văn)(?= )/u, (word) => first(word) + rng.pick(['.', '', word === 'Thị' ? 'h.' : '.'])),
      name,
    ),
  family_doubled: ofParts(2, ([family, ...rest]) => `${family} ${family} ${rest.join(' ')}`),
  name_repeated: ofWords(2, (words, rng) => `${words.join(' ')}${rng.pick([' ', ' - ', ', '])}${words.join(' ')}`),
  given_repeated: ofWords(2, (words) => `${words.join(' ')} ${words.at(-1)}`),
  two_words_joined: ofWords(3, (words, rng) => {
    const at = rng.below(words.length - 1);
    return words.toSpliced(at, 2, words[at]! + words[at + 1]!).join(' ');
  }),
  camel_case: ofWords(2, (words) => words.join('')),
  all_joined: ofWords(2, (words, rng) => {
    const joined = words.join('');
    return rng.chance(0.5) ? joined.toLowerCase() : joined.toUpperCase();
  }),
  word_broken: ofWords(2, (words, rng) => {
    const long = words.flatMap((word, at) => (word.length >= 4 ? [at] : []));
    if (long.length === 0) return undefined;
    const at = rng.pick(long);
    const word = words[at]!;
    const cut = 1 + rng.below(word.length - 1);
    return words.with(at, `${word.slice(0, cut)} ${word.slice(cut)}`).join(' ');
  }),
} satisfies Record<string, ChangeName>;

const WEIGHTS: Readonly<Partial<Record<keyof typeof WORDS, 1 | 3>>> = {
  given_first: 3,
  middle_dropped: 3,
  thi_abbreviated: 3,
  reversed: 1,
  given_repeated: 1,
  name_repeated: 1,
  family_dropped: 1,
  given_family_middle: 1,
};

export const WORD_DAMAGES: Readonly<Record<string, NameDamage>> = Object.fromEntries(
  Object.entries(WORDS).map(([key, change]) => [
    key,
    { weight: WEIGHTS[key as keyof typeof WORDS] ?? 2, stage: 'words', change } satisfies NameDamage,
  ]),
);
