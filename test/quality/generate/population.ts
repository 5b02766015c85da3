/**
 * The labelled population: the demo's synthetic people, with those added on purpose who are hard to tell apart and whom
 * chance alone would give too rarely to count. Who they are is written down while they are made, so labels need no guess.
 */
import { createPopulation } from '../../../gateway/development/synthetic/population.ts';
import type { Person } from './damage.ts';
import { plantNamesakes, plantSiblings, plantTwins } from './plant-families.ts';
import { plantNeighbours, plantSharedNumbers, plantZeroPrefixes } from './plant-numbers.ts';

/** Two people of whom one's data may stand under the other's number. */
export type Pair = readonly [a: number, b: number];

/** Indices into `people`. */
export interface Planted {
  readonly twins: Pair[];
  /** Twins whose given names differ in marks alone. */
  readonly twinsByMarks: Pair[];
  /** Father, then son of the same name. */
  readonly namesakes: Pair[];
  readonly siblings: Pair[];
  /** IDs one digit apart, and two neighbouring digits exchanged. */
  readonly slips: Pair[];
  readonly transpositions: Pair[];
}

export interface Population {
  readonly people: readonly Person[];
  readonly planted: Planted;
}

export interface PopulationOptions {
  readonly seed: number;
  readonly persons: number;
  /** Every tenth person gets an ID prefix that begins with 0 and that no province has; else all are 900–999. */
  readonly zeroPrefixes?: boolean;
}

/** Being made: the planters exchange whole people. */
export interface Draft {
  readonly seed: number;
  readonly people: Person[];
  /** All personal IDs given, so that no planter gives one twice. */
  readonly taken: Set<string>;
  readonly planted: Planted;
}

/** A pure function of its options. About a second for 100,000 people. */
export function createLabelledPopulation({ seed, persons, zeroPrefixes = false }: PopulationOptions): Population {
  const source = createPopulation({ seed });
  const people = Array.from({ length: persons }, (_, index): Person => {
    const person = source.personAt(index);
    // A cancelled number without a successor makes a second, nameless twin of its holder: nothing to measure here.
    return person.formerId?.kind === 'cancelled_alone' ? { ...person, formerId: undefined } : person;
  });
  const taken = new Set<string>();
  for (const { personalId, formerId } of people) {
    taken.add(personalId);
    if (formerId !== undefined) taken.add(formerId.value);
  }
  const draft: Draft = {
    seed,
    people,
    taken,
    planted: { twins: [], twinsByMarks: [], namesakes: [], siblings: [], slips: [], transpositions: [] },
  };
  plantTwins(draft);
  plantNamesakes(draft);
  plantSiblings(draft);
  plantSharedNumbers(draft);
  if (zeroPrefixes) plantZeroPrefixes(draft);
  plantNeighbours(draft);
  return { people: draft.people, planted: draft.planted };
}
