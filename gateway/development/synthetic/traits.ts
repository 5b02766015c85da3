/** The register's wider items: religion, blood group, marital status. Frequencies are rough and carry no claim. */
import type { Place } from './households.ts';
import { PEOPLES } from './names-ethnic-data.ts';
import type { Traits } from './person.ts';
import { type Weighted, weighted } from './random.ts';

/** How the register writes "none". */
export const NO_RELIGION = 'Không';

const withNone = (shares: readonly (readonly [string, number])[]): Weighted<string> =>
  weighted([[NO_RELIGION, 1 - shares.reduce((sum, [, share]) => sum + share, 0)] as const, ...shares]);

const KINH = {
  north: withNone([
    ['Công giáo', 0.07],
    ['Phật giáo', 0.04],
    ['Tin lành', 0.002],
  ]),
  south: withNone([
    ['Công giáo', 0.09],
    ['Phật giáo', 0.11],
    ['Cao Đài', 0.02],
    ['Phật giáo Hòa Hảo', 0.025],
    ['Tin lành', 0.008],
  ]),
} as const;

const OTHERS = new Map(Object.entries(PEOPLES).map(([name, people]) => [name, withNone(people.religions)]));

export const religion = (ethnicity: string, south: boolean, bits: number): string =>
  (OTHERS.get(ethnicity) ?? KINH[south ? 'south' : 'north']).pick(bits);

/** Known for about a third. */
const BLOOD = weighted([
  ['', 0.66],
  ['O+', 0.143],
  ['B+', 0.102],
  ['A+', 0.071],
  ['AB+', 0.022],
  ['O-', 0.0008],
  ['B-', 0.0006],
  ['A-', 0.0005],
]);

export const bloodType = (bits: number): string => BLOOD.pick(bits);

const ADULT_BY = 2007;

/** By the place in the household; `widowed` says whether the spouse in it has died. */
export function maritalStatus(
  person: {
    readonly spouse: number | undefined;
    readonly relation: Place['relation'];
    readonly born: { readonly year: number };
  },
  widowed: boolean,
  bits: number,
): Traits['maritalStatus'] {
  if (person.spouse !== undefined) return widowed ? 'widowed' : 'married';
  if (person.relation === 'parent') return 'widowed';
  if (person.relation !== 'head' || person.born.year > ADULT_BY - 5) return 'single';
  const share = bits / 0x1_0000_0000;
  if (person.born.year < 1960) return share < 0.8 ? 'widowed' : 'single';
  return share < 0.35 ? 'divorced' : share < 0.42 ? 'widowed' : 'single';
}
