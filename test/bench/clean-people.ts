/** Different people, each of whom a correct call finds: alive, with a whole date of birth. */
import { createPopulation, isoDate } from '../../gateway/development/synthetic/population.ts';
import { SEED } from './files.ts';

export interface CleanPerson {
  readonly idNumber: string;
  readonly fullName: string;
  readonly dateOfBirth: string;
}

/**
 * The people of a share of the population, without end: after the last comes the first again.
 *
 * @param from first index, so that runs after each other ask for others
 */
export function cleanPeople({ persons, from }: { persons: number; from: number }): () => CleanPerson {
  const population = createPopulation({ seed: SEED });
  let index = from % persons;
  return () => {
    for (;;) {
      const person = population.personAt(index);
      index = (index + 1) % persons;
      if (person.life !== 'alive' || person.born.day === 0) continue;
      return { idNumber: person.personalId, fullName: person.fullName, dateOfBirth: isoDate(person.born) };
    }
  };
}
