/** Puts a full name together from its parts by the custom of the person's people, sex and year of birth. */

import {
  COMMON_MIDDLE,
  eraOf,
  FAMILY_NAMES,
  GIVEN_NAMES,
  MIDDLE_NAMES,
  NO_MIDDLE_SHARES,
  TWO_MIDDLE_SHARES,
} from './names-data.ts';
import { PEOPLES } from './names-ethnic-data.ts';
import { below, chance, draw } from './random.ts';
import { USE } from './uses.ts';

export type Sex = 'M' | 'F';

export interface NameParts {
  readonly ethnicity: string;
  readonly sex: Sex;
  readonly year: number;
  readonly family: string;
  /** Set for a child that carries its mother's family name as a second one; else empty. */
  readonly second: string;
}

/** Share of people whose name the register itself writes with the newer tone placement (hoà, thuý). */
const NEW_PLACEMENT_SHARE = 0.04;

/** A family or clan name by the frequencies of a people. */
export function familyName(ethnicity: string, bits: number): string {
  return (PEOPLES[ethnicity]?.families ?? FAMILY_NAMES).pick(bits);
}

/** A middle name that is neither of two words; where it would be, the one half the table away. */
function middleName(sex: Sex, bits: number, not: string, nor: string): string {
  const word = MIDDLE_NAMES[sex].pick(bits);
  return word === not || word === nor ? MIDDLE_NAMES[sex].pick((bits ^ 0x8000_0000) >>> 0) : word;
}

function vietnameseMiddle(parts: NameParts, seed: number, index: number, given: string): string {
  const { sex } = parts;
  const era = eraOf(parts.year);
  const count = draw(seed, index, USE.count);
  if (parts.second === '' && chance(count, NO_MIDDLE_SHARES[era] ?? 0)) return '';
  const common = COMMON_MIDDLE[sex];
  const usual = chance(draw(seed, index, USE.common), common.shares[era] ?? 0);
  const middle = middleName(sex, draw(seed, index, USE.middle), given, given);
  // The draw of `count` near its upper end means two middle names, so it never falls into the "none" range above.
  if (chance(0xffff_ffff - count, TWO_MIDDLE_SHARES[sex][era] ?? 0)) {
    return usual
      ? `${common.word} ${middle}`
      : `${middle} ${middleName(sex, draw(seed, index, USE.secondMiddle), given, middle)}`;
  }
  return usual ? common.word : middle;
}

/** Parts with a blank between them; empty parts leave none. */
const joined = (first: string, second: string, third = '', fourth = ''): string => {
  let text = first;
  if (second !== '') text += text === '' ? second : ` ${second}`;
  if (third !== '') text += ` ${third}`;
  return fourth === '' ? text : `${text} ${fourth}`;
};

/** The full name as the register writes it, NFC. A pure function of its arguments. */
export function fullName(parts: NameParts, seed: number, index: number): string {
  const bits = draw(seed, index, USE.given);
  const people = PEOPLES[parts.ethnicity];
  const men = parts.sex === 'M';
  const { family } = parts;
  if (people === undefined) {
    const given = GIVEN_NAMES[parts.sex][eraOf(parts.year)]!.pick(bits);
    const name = joined(family, parts.second, vietnameseMiddle(parts, seed, index, given), given);
    return chance(draw(seed, index, USE.placement), NEW_PLACEMENT_SHARE) ? newTonePlacement(name) : name;
  }
  const given = people.given[parts.sex].pick(bits);
  switch (people.custom) {
    case 'viet':
      // Short one-part Khmer and Hoa names are as usual as those with a middle name.
      return joined(family, vietnameseMiddle(parts, seed, index, given), given);
    case 'mong':
      return joined(family, men ? 'A' : 'Thị', given);
    case 'ede':
      return men ? joined('Y', given, family) : joined(`H'${given}`, family);
    case 'jarai':
      return men ? joined(family, given) : joined(family, `H'${given}`);
    case 'bahnar':
      return joined(men ? 'A' : 'Y', given);
    case 'koho': {
      const clan = chance(draw(seed, index, USE.clan), 0.4) ? family : '';
      return men ? joined(clan, `K'${given}`) : joined(clan, 'Ka', given);
    }
    case 'stieng':
      return joined(men ? family : 'Thị', given);
  }
}

const NEW_PLACEMENT: readonly (readonly [RegExp, string])[] = (
  [
    ['òa', 'oà', 'óa', 'oá', 'ỏa', 'oả', 'õa', 'oã', 'ọa', 'oạ'],
    ['òe', 'oè', 'óe', 'oé', 'ỏe', 'oẻ', 'õe', 'oẽ', 'ọe', 'oẹ'],
    ['ùy', 'uỳ', 'úy', 'uý', 'ủy', 'uỷ', 'ũy', 'uỹ', 'ụy', 'uỵ'],
  ] as const
).flatMap((row) => {
  const pairs: (readonly [RegExp, string])[] = [];
  for (let i = 0; i < row.length; i += 2) {
    const [before = '', after = ''] = [row[i]?.normalize('NFC'), row[i + 1]?.normalize('NFC')];
    // Only where nothing follows in the syllable: "Hoàn" has one way of writing, and the u of "quý" belongs to the q.
    pairs.push([new RegExp(`(?<![qQ])${before}(?!\\p{L})`, 'gu'), after]);
  }
  return pairs;
});

/** Writes open syllables in the newer way: hòa → hoà, thúy → thuý. */
export const newTonePlacement = (name: string): string =>
  NEW_PLACEMENT.reduce((text, [old, renewed]) => text.replace(old, renewed), name);

/** True where the two ways of placing the tone mark differ in this name as it stands (older placement). */
export const hasOldPlacement = (name: string): boolean => NEW_PLACEMENT.some(([old]) => name.search(old) >= 0);

/** One of a non-empty list, by 32 random bits. */
export const choice = <T>(list: readonly T[], bits: number): T => list[below(bits, list.length)]!;
