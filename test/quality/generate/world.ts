/** The population with the lists that rows are drawn from. */
import type { Person, Pool } from './damage.ts';
import type { Pair, Population } from './population.ts';

/** Nobody younger holds a subscription of their own. */
const LAST_YEAR_OF_SUBSCRIBERS = 2011;

export interface World extends Population {
  readonly subscribers: readonly number[];
  readonly pools: Readonly<Record<Pool, readonly number[]>>;
  /** Personal IDs and old numbers that somebody has or had. */
  readonly numbers: ReadonlySet<string>;
  /** Pairs of one name; of one name and year; of one name with one part of the date apart. All dates are whole. */
  readonly sameName: readonly Pair[];
  readonly sameNameAndYear: readonly Pair[];
  readonly sameNameNearDate: readonly Pair[];
}

/** Old enough; of the dead only every fourth still has a subscription. */
const isSubscriber = ({ born, life, index }: Person): boolean =>
  born.year <= LAST_YEAR_OF_SUBSCRIBERS && (life !== 'deceased' || index % 4 === 0);

/** Neighbours in the list of those who agree in a key, where `accept` holds. */
function pairsBy(
  people: readonly Person[],
  keys: (person: Person) => readonly string[],
  accept: (a: Person, b: Person) => boolean,
): Pair[] {
  const last = new Map<string, Person>();
  const pairs: Pair[] = [];
  for (const person of people) {
    for (const key of keys(person)) {
      const before = last.get(key);
      if (before !== undefined && accept(before, person)) pairs.push([before.index, person.index]);
      last.set(key, person);
    }
  }
  return pairs;
}

const partsApart = ({ born: a }: Person, { born: b }: Person): number =>
  Number(a.year !== b.year) + Number(a.month !== b.month) + Number(a.day !== b.day);

export function createWorld(population: Population): World {
  const { people } = population;
  const subscribers = people.filter(isSubscriber);
  const whole = subscribers.filter(({ born }) => born.day > 0);
  const owners = new Map<string, number>();
  for (const { oldNumbers } of people)
    for (const number of oldNumbers) owners.set(number, (owners.get(number) ?? 0) + 1);
  const indices = (test: (person: Person) => boolean): number[] => subscribers.filter(test).map(({ index }) => index);
  return {
    ...population,
    subscribers: subscribers.map(({ index }) => index),
    pools: {
      shared_old_number: indices(({ oldNumbers }) => (owners.get(oldNumbers.at(-1) ?? '') ?? 0) > 1),
      superseded: indices(({ formerId }) => formerId?.kind === 'superseded'),
      cancelled: indices(({ formerId }) => formerId?.kind === 'cancelled'),
      old_number: indices(({ oldNumbers }) => oldNumbers.length > 0),
      old_number_zero: indices(({ oldNumbers }) => oldNumbers.some((number) => number.startsWith('0'))),
      zero_prefix: indices(({ personalId }) => personalId.startsWith('0')),
    },
    numbers: new Set([
      ...owners.keys(),
      ...people.flatMap(({ personalId, formerId }) =>
        formerId === undefined ? [personalId] : [personalId, formerId.value],
      ),
    ]),
    sameName: pairsBy(
      whole,
      ({ fullName }) => [fullName],
      (a, b) => partsApart(a, b) > 1,
    ),
    sameNameAndYear: pairsBy(
      whole,
      ({ fullName, born }) => [`${fullName}${born.year}`],
      (a, b) => partsApart(a, b) > 1,
    ),
    sameNameNearDate: pairsBy(
      whole,
      ({ fullName, born: { year, month, day } }) => [
        `${fullName}|${year}-${month}`,
        `${fullName}|${year}--${day}`,
        `${fullName}|-${month}-${day}`,
      ],
      (a, b) => partsApart(a, b) === 1,
    ),
  };
}
