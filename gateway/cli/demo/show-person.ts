import { createPopulation } from '../../development/synthetic/population.ts';
import { CliProblem } from '../problem.ts';

const LOOKED_AT = 5_000;
const BORN_BEFORE = 1990;

/** The number of somebody worth showing: alive, grown up, with a whole date of birth and an old card number. */
export function personToShow(seed: number, persons: number): string {
  const people = createPopulation({ seed });
  for (let index = 0; index < Math.min(persons, LOOKED_AT); index++) {
    const { life, born, oldNumbers, formerId, personalId } = people.personAt(index);
    const plain = life === 'alive' && formerId === undefined;
    if (plain && born.day > 0 && born.year < BORN_BEFORE && oldNumbers.length > 0) return personalId;
  }
  throw new CliProblem('NO_EXAMPLE');
}
