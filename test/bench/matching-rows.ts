/** Rows of the matching benchmark, read and looked up, so that nothing is left to measure but the judging. */

import { isoDate } from '../../gateway/development/synthetic/population.ts';
import { type Candidate, createMatchRow, type MatchRow, NO_HABITS, readRow } from '../../gateway/matching/index.ts';
import { DIFFERENT, differentRow } from '../quality/generate/different.ts';
import { countsOf, deal } from '../quality/generate/mix.ts';
import { createLabelledPopulation } from '../quality/generate/population.ts';
import { createRng, type Rng } from '../quality/generate/random.ts';
import type { Claim, Shown } from '../quality/generate/row.ts';
import { sameRow } from '../quality/generate/same.ts';
import { createWorld, type World } from '../quality/generate/world.ts';
import { createNumberIndex, type NumberIndex } from '../quality/matchers/number-index.ts';
import { foldedName } from '../quality/matchers/similar.ts';
import { planOf, telcoShares } from './matching-mix.ts';

const SEED = 1;
/** Tries before the population is called too small for a label. */
const TRIES = 20_000;

/** One row beside the people whom its number names. */
export interface Comparison {
  readonly label: string;
  readonly claim: Claim;
  readonly row: MatchRow;
  readonly candidates: readonly Candidate[];
  /** The number's holder as the register writes them, and their name as the yardstick keeps it. */
  readonly register: Claim;
  readonly foldedRegisterName: string;
}

export interface MatchingRows {
  readonly clean: readonly Comparison[];
  readonly damaged: readonly Comparison[];
  readonly different: readonly Comparison[];
}

/** Decoded from bytes as in a file: no text is a part of another, or the very object that it is compared with. */
const fresh = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

function comparisonOf(label: string, shown: Shown, { people }: World, index: NumberIndex): Comparison | undefined {
  const claim = {
    idNumber: fresh(shown.idNumber),
    name: fresh(shown.name),
    birthDate: fresh(shown.birthDate),
  };
  const row = readRow(claim, NO_HABITS, createMatchRow());
  const candidates = index.get(row.idNumber) ?? [];
  const holder = shown.holder === undefined ? undefined : people[shown.holder];
  // A number or date that cannot be read is answered without comparing anything.
  if (candidates.length === 0 || row.birthDate === 0 || holder === undefined) return undefined;
  const { personalId, fullName, born } = holder;
  const register = { idNumber: fresh(personalId), name: fresh(fullName), birthDate: fresh(isoDate(born)) };
  return { label, claim, row, candidates, register, foldedRegisterName: foldedName(fullName) };
}

type Show = (world: World, label: string, rng: Rng) => Shown | undefined;

const subscriber = ({ people, subscribers }: World, rng: Rng) => people[rng.pick(subscribers)];

const showClean: Show = (world, _label, rng) => {
  const person = subscriber(world, rng);
  if (person === undefined || person.life !== 'alive' || person.born.day === 0) return undefined;
  return sameRow(person, { name: [] }, rng);
};

const showDamaged: Show = (world, label, rng) => {
  const person = subscriber(world, rng);
  return person === undefined ? undefined : sameRow(person, planOf(label), rng);
};

const showDifferent: Show = (world, label, rng) => differentRow(world, label.slice('different.'.length), rng);

/** The kinds of different people, as the quality figure has them. */
function differentShares(world: World): readonly (readonly [label: string, share: number])[] {
  const kinds = Object.entries(DIFFERENT).filter(([, { pairs }]) => pairs === undefined || pairs(world).length > 0);
  const sum = kinds.reduce((total, [, { share }]) => total + share, 0);
  return kinds.map(([kind, { share }]) => [`different.${kind}`, share / sum] as const);
}

/**
 * The three sets of `rows` rows each, the same for the same sizes.
 * @throws {RangeError} where the population is too small to show a label
 */
export function matchingRows({ persons, rows }: { persons: number; rows: number }): MatchingRows {
  const world = createWorld(createLabelledPopulation({ seed: SEED, persons }));
  const index = createNumberIndex(world.people);
  const make = (shares: readonly (readonly [string, number])[], show: Show): readonly Comparison[] =>
    deal(countsOf(shares, rows), SEED).map((label, at) => {
      const rng = createRng(SEED, at);
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const shown = show(world, label, rng);
        const comparison = shown === undefined ? undefined : comparisonOf(label, shown, world, index);
        if (comparison !== undefined) return comparison;
      }
      throw new RangeError(`the population is too small to show ${label}`);
    });
  return {
    clean: make([['clean', 1]], showClean),
    damaged: make(telcoShares(), showDamaged),
    different: make(differentShares(world), showDifferent),
  };
}
