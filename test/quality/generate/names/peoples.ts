/** Names of the smaller peoples in the hands of clerks who do not know them. */
import { PEOPLES } from '../../../../gateway/development/synthetic/names-ethnic-data.ts';
import type { ChangeName, NameDamage } from '../damage.ts';
import { ifChanged, wordsOf } from '../letters.ts';

/** Letters of Ê Đê, Gia Rai, Ba Na… that Vietnamese fonts and keyboards lack: they lose the mark or take a Vietnamese one. */
const SPECIAL: Readonly<Record<string, readonly string[]>> = {
  ŭ: ['u', 'ú', 'ũ', 'ư'],
  ĭ: ['i', 'ĩ', 'í'],
  ŏ: ['o', 'õ', 'ó', 'ơ'],
  ĕ: ['e', 'ẽ', 'é'],
  ƀ: ['b', 'ɓ'],
  Ƀ: ['B', 'Ɓ'],
  ñ: ['n', 'nh'],
  č: ['c', 'ch'],
  ă: ['a', 'ã'],
  ơ: ['o', 'ô'],
  ư: ['u', 'ủ'],
};

const isOther = (ethnicity: string): boolean => {
  const custom = PEOPLES[ethnicity]?.custom;
  return custom !== undefined && custom !== 'viet' && custom !== 'mong';
};

const PEOPLES_CHANGES = {
  apostrophe: (name, rng) => {
    const sign = rng.pick(['’', '‘', ' ', '', '`', '´', 'ʼ', '-', "' ", '"', '′']);
    return ifChanged(name.replaceAll("'", sign), name);
  },
  apostrophe_added: (name, _rng, { ethnicity }) =>
    // One-word forms that elsewhere have the sign: Y → Y', Ka → Ka'.
    isOther(ethnicity) ? ifChanged(name.replace(/(?<=^|\s)(Y|Ka|A|Rơ|K) (?=\p{L})/u, "$1'"), name) : undefined,
  hyphen: (name, rng) => (name.includes('-') ? name.replaceAll('-', rng.pick([' ', '', '–', ' - ', '_'])) : undefined),
  hyphen_added: (name, rng, { ethnicity }) => {
    const words = wordsOf(name);
    if (!isOther(ethnicity) || words.length < 2) return undefined;
    const at = rng.below(words.length - 1);
    return words.toSpliced(at, 2, `${words[at]}-${words[at + 1]}`).join(' ');
  },
  sign_joined: (name, _rng, { ethnicity }) =>
    isOther(ethnicity)
      ? ifChanged(
          name.replace(
            /(?<=^|\s)(Y|Ka|A|Rơ|Kơ|Buôn) (\p{L}+)/u,
            (_, sign: string, word: string) => sign + word.toLowerCase(),
          ),
          name,
        )
      : undefined,
  sign_dropped: (name, _rng, { ethnicity }) =>
    // The Y, A, H', K' or Ka that tells the sex left out.
    isOther(ethnicity) ? ifChanged(name.replace(/(?<=^|\s)(?:(?:Y|A|Ka) |[HK]')(?=\p{L})/u, ''), name) : undefined,
  clan_dropped: (name, _rng, { ethnicity }) => {
    const words = wordsOf(name);
    if (PEOPLES[ethnicity]?.custom !== 'ede' || words.length < 2) return undefined;
    return words.slice(0, words[0] === 'Y' ? 2 : 1).join(' ');
  },
  special_letters: (name, rng, { ethnicity }) =>
    isOther(ethnicity)
      ? ifChanged(
          Array.from(name, (letter) => (SPECIAL[letter] === undefined ? letter : rng.pick(SPECIAL[letter]))).join(''),
          name,
        )
      : undefined,
} satisfies Record<string, ChangeName>;

export const PEOPLES_DAMAGES: Readonly<Record<string, NameDamage>> = Object.fromEntries(
  Object.entries<ChangeName>(PEOPLES_CHANGES).map(([key, change]) => [
    `peoples_${key}`,
    { weight: 1, stage: 'spelling', change } satisfies NameDamage,
  ]),
);
