/**
 * The ways in which agencies' copies of names, dates and numbers differ from the register while meaning the same person
 * (domain: why names fail to match; dates; cancelled and old numbers). Each kind changes one thing and says when it cannot
 * be shown on a person.
 */
import { asTcvn3Residue, asVniResidue } from './legacy-encodings.ts';
import { hasOldPlacement, newTonePlacement } from './names.ts';
import type { SyntheticPerson } from './person.ts';
import { isoDate } from './population.ts';

/** What a telco's row says of a person. Dates YYYY-MM-DD, YYYY-MM or YYYY. */
export interface Claim {
  readonly idNumber: string;
  readonly fullName: string;
  readonly dateOfBirth: string;
}

/** Kinds of damage with their shares of all damaged rows, in thousandths. */
export const DAMAGE_SHARES = {
  no_marks: 150,
  decomposed: 60,
  tone_placement: 70,
  i_y: 40,
  d_lookalike: 60,
  extra_spaces: 60,
  no_break_space: 40,
  zero_width: 20,
  middle_missing: 60,
  name_order: 30,
  abbreviated: 20,
  mark_dropped: 30,
  mark_doubled: 10,
  tcvn3: 15,
  vni: 15,
  apostrophe: 15,
  day_month_swapped: 70,
  year_only: 60,
  month_and_year: 15,
  first_of_january: 40,
  old_cmnd: 60,
  superseded_id: 25,
  cmnd_zero_lost: 10,
  id_decimal: 10,
  id_grouped: 10,
  id_quoted: 5,
} as const;

export type Damage = keyof typeof DAMAGE_SHARES;

/** The person's own values, undamaged. */
export const claimOf = (person: SyntheticPerson): Claim => ({
  idNumber: person.personalId,
  fullName: person.fullName,
  dateOfBirth: isoDate(person.born),
});

const decompose = (text: string): string => text.normalize('NFD');
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/gu;
const withoutTones = (text: string): string => decompose(text).replace(TONES, '').normalize('NFC');
const withoutMarks = (text: string): string =>
  decompose(text).replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D');

/** The i or y that may be written either way: after a consonant at the end of an open syllable (Lý/Lí, Mỹ/Mĩ, Kỳ/Kì). */
const I_OR_Y = /(?<=(?:^|\s)[HKLMST])[iyíìỉĩịýỳỷỹỵ](?=\s|$)/u;
const SWAP: Readonly<Record<string, string>> = Object.fromEntries(
  'iy íý ìỳ ỉỷ ĩỹ ịỵ'.split(' ').flatMap((pair) => {
    const [i = '', y = ''] = pair.normalize('NFC');
    return [
      [i, y],
      [y, i],
    ];
  }),
);

/** Drops the tone of the last word that has one. */
function dropOneTone(name: string): string {
  const parts = name.split(' ');
  for (let i = parts.length - 1; i >= 0; i--) {
    const bare = withoutTones(parts[i]!);
    if (bare !== parts[i]) return parts.with(i, bare).join(' ');
  }
  return name;
}

/** Sets the tone of the first word that has one twice, as a careless keyboard does. */
function doubleOneTone(name: string): string {
  return decompose(name).replace(TONES, (mark: string, at: number, whole: string) =>
    whole.slice(0, at).search(TONES) < 0 ? mark + mark : mark,
  );
}

const changed = (value: string, from: string): string | undefined => (value === from ? undefined : value);
const isWhole = (person: SyntheticPerson): boolean => person.born.day > 0;
const wordsOf = (person: SyntheticPerson): readonly string[] => person.fullName.split(' ');

type Change = (person: SyntheticPerson) => Partial<Claim> | undefined;

const ofName =
  (change: (name: string, person: SyntheticPerson) => string | undefined): Change =>
  (person) => {
    const fullName = change(person.fullName, person);
    return fullName === undefined || fullName === person.fullName ? undefined : { fullName };
  };

const ofId =
  (change: (person: SyntheticPerson) => string | undefined): Change =>
  (person) => {
    const idNumber = change(person);
    return idNumber === undefined ? undefined : { idNumber };
  };

const ofDate =
  (change: (person: SyntheticPerson) => string | undefined): Change =>
  (person) => {
    const dateOfBirth = isWhole(person) ? change(person) : undefined;
    return dateOfBirth === undefined ? undefined : { dateOfBirth };
  };

const CHANGES: Record<Damage, Change> = {
  no_marks: ofName(withoutMarks),
  decomposed: ofName(decompose),
  tone_placement: ofName((name) => (hasOldPlacement(name) ? newTonePlacement(name) : undefined)),
  i_y: ofName((name) => name.replace(I_OR_Y, (letter) => SWAP[letter] ?? letter)),
  d_lookalike: ofName((name, { index }) => name.replaceAll('Đ', index % 2 === 0 ? '\u00D0' : '\u0189')),
  extra_spaces: ofName((name, { index }) => ` ${name.replace(' ', '  ')}${index % 2 === 0 ? '  ' : ''}`),
  no_break_space: ofName((name) => name.replaceAll(' ', '\u00A0')),
  zero_width: ofName((name, { index }) => name.replace(' ', index % 2 === 0 ? ' \u200B' : '\uFEFF ')),
  middle_missing: ofName((_, person) => {
    const parts = wordsOf(person);
    return parts.length > 2 && person.ethnicity === 'Kinh' ? `${parts[0]} ${parts[parts.length - 1]}` : undefined;
  }),
  name_order: ofName((_, person) => {
    const parts = wordsOf(person);
    return parts.length < 2 ? undefined : [...parts.slice(1), parts[0]].join(' ');
  }),
  abbreviated: ofName((_, person) => {
    const [family = '', ...rest] = wordsOf(person);
    const given = rest.pop();
    if (given === undefined || rest.length === 0) return undefined;
    const start = family.startsWith('Ng') ? 'Ng' : family.slice(0, 1);
    return `${start}. ${rest.map((word) => `${word.slice(0, 1)}.`).join(' ')} ${given}`;
  }),
  mark_dropped: ofName(dropOneTone),
  mark_doubled: ofName(doubleOneTone),
  tcvn3: ofName(asTcvn3Residue),
  vni: ofName(asVniResidue),
  apostrophe: ofName((name, { index }) => name.replaceAll("'", ['\u2019', ' ', '', '`'][index % 4] ?? '')),
  day_month_swapped: ofDate(({ born }) =>
    born.day <= 12 && born.day !== born.month ? isoDate({ ...born, month: born.day, day: born.month }) : undefined,
  ),
  year_only: ofDate(({ born }) => `${born.year}`),
  month_and_year: ofDate(({ born }) => isoDate({ ...born, day: 0 })),
  first_of_january: ofDate(({ born }) => changed(`${born.year}-01-01`, isoDate(born))),
  old_cmnd: ofId((person) => person.oldNumbers[person.oldNumbers.length - 1]),
  superseded_id: ofId(({ formerId }) => (formerId?.kind === 'superseded' ? formerId.value : undefined)),
  cmnd_zero_lost: ofId(({ oldNumbers }) => oldNumbers.find((number) => number.startsWith('0'))?.slice(1)),
  id_decimal: ofId(({ personalId }) => `${personalId}.0`),
  id_grouped: ofId(({ personalId }) => personalId.replace(/(\d{3})(?=\d)/gu, '$1 ')),
  id_quoted: ofId(({ personalId }) => `'${personalId}`),
};

/** The person's claim with one kind of damage; undefined where this person cannot show it. */
export function damaged(person: SyntheticPerson, damage: Damage): Claim | undefined {
  const change = CHANGES[damage](person);
  return change === undefined ? undefined : { ...claimOf(person), ...change };
}
