/** What a damage is: one way in which an agency's copy of a value differs from the register's while meaning the same person. */
import type { KnownDate, SyntheticPerson } from '../../../gateway/development/synthetic/person.ts';
import type { Rng } from './random.ts';

export type Person = SyntheticPerson;
export type { KnownDate };

/**
 * When in the life of a value a damage happens. A name is first told (words), then typed (spelling, marks), kept in some case
 * and code page (encoding), and at last surrounded or cut by a form or an export. Two damages apply in this order.
 */
export const STAGES = ['words', 'spelling', 'marks', 'encoding', 'around'] as const;
export type Stage = (typeof STAGES)[number];

/** Common, usual and rare: a damage's share of the rows of its kind. */
export type Weight = 3 | 2 | 1;

/** The changed text, or undefined where this person cannot show the damage. */
export type ChangeName = (name: string, rng: Rng, person: Person) => string | undefined;
export type WriteDate = (born: KnownDate, rng: Rng) => string | undefined;
export type WriteNumber = (person: Person, rng: Rng) => string | undefined;

export interface NameDamage {
  readonly weight: Weight;
  readonly stage: Stage;
  readonly change: ChangeName;
}
export interface DateDamage {
  readonly weight: Weight;
  readonly write: WriteDate;
}
export interface NumberDamage {
  readonly weight: Weight;
  readonly write: WriteNumber;
  /** Who can show it; everybody where not said. */
  readonly pool?: Pool;
}

/** People whom some damages need and who are too rare to be met by chance. */
export const POOLS = [
  'shared_old_number',
  'superseded',
  'cancelled',
  'old_number',
  'old_number_zero',
  'zero_prefix',
] as const;
export type Pool = (typeof POOLS)[number];
