/** Twins, fathers and sons of one name, and siblings of one family and middle name. */
import { centuryAndSex } from '../../../gateway/development/synthetic/numbers.ts';
import type { Person } from './damage.ts';
import { two } from './dates/calendar.ts';
import { spoken, withoutMarks, wordsOf } from './letters.ts';
import type { Draft } from './population.ts';
import { createRng, type Rng } from './random.ts';

const TWIN_SHARE = 0.02;
/** Of twins of one sex: names alike by a letter or a rhyme, and by marks alone. */
const ALIKE_SHARE = 0.6;
const MARKS_SHARE = 0.15;
const NAMESAKE_SHARE = 0.02;
const SAME_MIDDLE_SHARE = 0.3;

const USE = { twins: 1, namesakes: 2, siblings: 3 } as const;
const rngOf = (draft: Draft, use: number): Rng => createRng(draft.seed, 0x7000_0000 + use);

/** Given names of a sex by a key, from the population itself. */
function givenNames(people: readonly Person[], key: (given: string) => string): Map<string, string[]> {
  const names = new Map<string, Set<string>>();
  for (const { fullName, sex, ethnicity } of people) {
    const words = wordsOf(fullName);
    if (ethnicity !== 'Kinh' || words.length < 3) continue;
    const given = words.at(-1)!;
    const at = `${sex}${key(given)}`;
    const known = names.get(at);
    if (known === undefined) names.set(at, new Set([given]));
    else known.add(given);
  }
  return new Map([...names].map(([at, set]) => [at, [...set]]));
}

const firstLetter = (given: string): string => withoutMarks(given).slice(0, 1);

/** Children of one mother in the order of their index, as pairs of neighbours. */
export function siblingPairs(people: readonly Person[]): [number, number][] {
  const pairs: [number, number][] = [];
  const last = new Map<number, number>();
  people.forEach((person, index) => {
    if (person.mother === undefined) return;
    const elder = last.get(person.mother);
    if (elder !== undefined) pairs.push([elder, index]);
    last.set(person.mother, index);
  });
  return pairs;
}

const withGiven = (name: string, given: string): string => [...wordsOf(name).slice(0, -1), given].join(' ');

/** The person born on another day, with the ID that goes with it; undefined where that ID is taken. */
function bornOn(draft: Draft, person: Person, born: Person['born']): Person | undefined {
  const { personalId, sex } = person;
  const id = `${personalId.slice(0, 3)}${centuryAndSex(born.year, sex)}${two(born.year % 100)}${personalId.slice(6)}`;
  if (id === personalId) return { ...person, born };
  if (draft.taken.has(id)) return undefined;
  draft.taken.add(id);
  return { ...person, born, personalId: id };
}

export function plantTwins(draft: Draft): void {
  const { people, planted } = draft;
  const rng = rngOf(draft, USE.twins);
  const byLetter = givenNames(people, firstLetter);
  const byFold = givenNames(people, withoutMarks);
  for (const [a, b] of siblingPairs(people)) {
    const elder = people[a]!;
    let younger = people[b]!;
    if (elder.born.day === 0) continue;
    if (younger.born !== elder.born) {
      if (!rng.chance(TWIN_SHARE)) continue;
      const moved = bornOn(draft, younger, elder.born);
      if (moved === undefined) continue;
      younger = moved;
    }
    people[b] = younger;
    const given = wordsOf(elder.fullName).at(-1)!;
    const shape = rng.chance(ALIKE_SHARE) && elder.ethnicity === 'Kinh' && younger.ethnicity === 'Kinh';
    if (shape && elder.sex === younger.sex) {
      const marks = rng.chance(MARKS_SHARE);
      const names = marks ? byFold.get(elder.sex + withoutMarks(given)) : byLetter.get(elder.sex + firstLetter(given));
      const others = (names ?? []).filter(
        (name) => spoken(name) !== spoken(given) && (marks || withoutMarks(name) !== withoutMarks(given)),
      );
      if (others.length > 0) people[b] = { ...younger, fullName: withGiven(elder.fullName, rng.pick(others)) };
    }
    const [first, second] = [elder.fullName, people[b].fullName];
    if (spoken(first) === spoken(second)) continue;
    (withoutMarks(first) === withoutMarks(second) ? planted.twinsByMarks : planted.twins).push([a, b]);
  }
}

export function plantNamesakes(draft: Draft): void {
  const { people, planted } = draft;
  const rng = rngOf(draft, USE.namesakes);
  people.forEach((person, index) => {
    const father = person.father === undefined ? undefined : people[person.father];
    if (father === undefined || person.sex !== 'M') return;
    if (rng.chance(NAMESAKE_SHARE)) people[index] = { ...person, fullName: father.fullName };
    if (people[index]!.fullName === father.fullName) planted.namesakes.push([father.index, index]);
  });
}

export function plantSiblings(draft: Draft): void {
  const { people, planted } = draft;
  const rng = rngOf(draft, USE.siblings);
  const twins = new Set([...planted.twins, ...planted.twinsByMarks].map(([, b]) => b));
  for (const [a, b] of siblingPairs(people)) {
    const elder = people[a]!;
    const younger = people[b]!;
    if (twins.has(b) || younger.born === elder.born) continue;
    if (elder.sex === younger.sex && elder.ethnicity === 'Kinh' && rng.chance(SAME_MIDDLE_SHARE)) {
      const given = wordsOf(younger.fullName).at(-1)!;
      const namesake = younger.father !== undefined && people[younger.father]?.fullName === younger.fullName;
      if (!namesake) people[b] = { ...younger, fullName: withGiven(elder.fullName, given) };
    }
    if (people[b]!.fullName !== elder.fullName) planted.siblings.push([a, b]);
  }
}
