/** The register in memory: a number's 0..k candidates, as the look-up of the gateway gives them. */
import { type Candidate, ID_KINDS, type IdKind } from '../../../gateway/matching/index.ts';
import type { Person } from '../generate/damage.ts';

export type NumberIndex = ReadonlyMap<number, readonly Candidate[]>;

const packed = ({ year, month, day }: Person['born']): number => year * 10_000 + month * 100 + day;

/** Current IDs, superseded and cancelled ones, and 9-digit numbers; several holders in the order of their person number. */
export function createNumberIndex(people: readonly Person[]): NumberIndex {
  const index = new Map<number, Candidate[]>();
  const add = (person: Person, text: string, idKind: IdKind, idStatus: Candidate['idStatus']): void => {
    const value = Number(text);
    const candidate: Candidate = {
      personNo: person.index,
      idKind,
      idStatus,
      // As in the register's table: only a number that is not the current one leads to another.
      currentId: text === person.personalId ? 0 : Number(person.personalId),
      name: person.fullName,
      birthDate: packed(person.born),
      sex: person.sex,
      personStatus: person.life,
    };
    const known = index.get(value);
    if (known === undefined) index.set(value, [candidate]);
    else known.push(candidate);
  };
  for (const person of people) {
    add(person, person.personalId, ID_KINDS.PERSONAL, 'current');
    for (const number of person.oldNumbers) add(person, number, ID_KINDS.CMND, 'current');
    const { formerId } = person;
    if (formerId !== undefined) {
      add(person, formerId.value, ID_KINDS.PERSONAL, formerId.kind === 'superseded' ? 'superseded' : 'cancelled');
    }
  }
  return index;
}
