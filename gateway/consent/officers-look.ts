/** An officer looks up what a person objected to and asked for: it is a use of it, which the person sees. */
import type { RowLookup } from '../exchange/lookup-port.ts';
import { type People, peopleAlike } from '../exchange/people.ts';
import { BASES, encodePersonBody, RELEASE_OUTCOMES } from '../proof/person-body.ts';

/** Their duty to answer the person (Law 91/2025), and no field of the register. */
const OFFICERS_LOOK = encodePersonBody({
  ...{ outcome: RELEASE_OUTCOMES.RELEASED, basis: BASES.statute, delayUntil: 0 },
  ...{ released: [], matched: [], mismatched: [], notAvailable: [] },
});

/**
 * All whom this number stands for, and the leaves that this look at them gets. In steps, also where it is nobody's: the log tells
 * nobody how many there are.
 * @throws {StorageError}
 */
export async function lookedUp(
  lookup: Pick<RowLookup, 'resolve'>,
  personalId: string,
): Promise<{ readonly personNos: readonly number[]; readonly people: People }> {
  const { personNo, logKeys } = await lookup.resolve([Number(personalId)]);
  return { personNos: [...personNo], people: peopleAlike(personNo, logKeys, OFFICERS_LOOK) };
}
