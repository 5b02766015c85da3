/** Numbers that are hard: one slip from somebody else's, shared by several people, or beginning with zeros. */
import type { Person } from './damage.ts';
import type { Draft } from './population.ts';
import { createRng, type Rng } from './random.ts';

const NEIGHBOUR_SHARE = 0.01;
const SHARED_SHARE = 0.004;
const ZERO_SHARE = 0.1;
/** Codes that the table of birth registration leaves free. */
const FREE_CODES = ['003', '005', '007', '009', '013', '016', '018', '097', '098', '099'] as const;

const USE = { neighbours: 11, shared: 12, zeros: 13 } as const;
const rngOf = (draft: Draft, use: number): Rng => createRng(draft.seed, 0x7000_0000 + use);

/** Digits that may slip without the number ceasing to fit its holder: the last two of the prefix, and the random six. */
const FREE_PLACES = [1, 2, 6, 7, 8, 9, 10, 11] as const;

function slipped(id: string, rng: Rng): string {
  const at = rng.pick(FREE_PLACES);
  const digit = (Number(id[at]) + 1 + rng.below(9)) % 10;
  return `${id.slice(0, at)}${digit}${id.slice(at + 1)}`;
}

function transposed(id: string, rng: Rng): string {
  const at = 6 + rng.below(5);
  return `${id.slice(0, at)}${id[at + 1]}${id[at]}${id.slice(at + 2)}`;
}

/** Gives some people the number that is one slip from that of another of the same sex and year. */
export function plantNeighbours(draft: Draft): void {
  const { people, taken, planted } = draft;
  const rng = rngOf(draft, USE.neighbours);
  const waiting = new Map<string, number>();
  people.forEach(({ personalId }, index) => {
    if (!rng.chance(2 * NEIGHBOUR_SHARE)) return;
    const kin = personalId.slice(3, 6);
    const other = waiting.get(kin);
    if (other === undefined) {
      waiting.set(kin, index);
      return;
    }
    waiting.delete(kin);
    const slip = rng.chance(0.6);
    const id = (slip ? slipped : transposed)(people[other]!.personalId, rng);
    if (taken.has(id)) return;
    taken.add(id);
    people[index] = { ...people[index]!, personalId: id };
    (slip ? planted.slips : planted.transpositions).push([other, index]);
  });
}

/** Offices once gave one 9-digit number twice, and cards were re-used in a family. */
export function plantSharedNumbers(draft: Draft): void {
  const rng = rngOf(draft, USE.shared);
  const { people } = draft;
  const withOld = people.filter(({ oldNumbers }) => oldNumbers.length > 0);
  for (const { index } of withOld) {
    if (!rng.chance(SHARED_SHARE)) continue;
    const person: Person = people[index]!;
    const holders = rng.chance(0.15) ? 2 : 1;
    const number = person.oldNumbers.at(-1)!;
    for (let n = 0; n < holders; n++) {
      const other = people[rng.pick(withOld).index]!;
      if (other.oldNumbers.includes(number)) continue;
      people[other.index] = { ...other, oldNumbers: [...other.oldNumbers, number] };
    }
  }
}

export function plantZeroPrefixes(draft: Draft): void {
  const rng = rngOf(draft, USE.zeros);
  draft.people.forEach((person, index) => {
    if (!rng.chance(ZERO_SHARE)) return;
    const id = `${rng.pick(FREE_CODES)}${person.personalId.slice(3)}`;
    if (draft.taken.has(id)) return;
    draft.taken.add(id);
    draft.people[index] = { ...person, personalId: id };
  });
}
