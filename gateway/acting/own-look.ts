/** A person, or who represents them, looks at what is known of them or acts on it: it is a use itself, so that who was impersonated sees it. */
import type { RowLookup } from '../exchange/lookup-port.ts';
import { createPeople, type People } from '../exchange/people.ts';
import { BASES, encodePersonBody, RELEASE_OUTCOMES } from '../proof/person-body.ts';
import { onlyOne } from './subject.ts';

/** A person's own right to look (Law 91/2025), and no field of the register. */
const OWN_LOOK = encodePersonBody({
  ...{ outcome: RELEASE_OUTCOMES.RELEASED, basis: BASES.statute, delayUntil: 0 },
  ...{ released: [], matched: [], mismatched: [], notAvailable: [] },
});

/** The one person of this number, and the leaf that this look at them, or act for them, gets. @throws {CallRefused} NOT_REPRESENTED where there is none or several */
export async function lookedAt(
  lookup: Pick<RowLookup, 'resolve'>,
  personalId: string,
): Promise<{ readonly personNo: number; readonly people: People }> {
  const { personNo: found, logKeys } = await lookup.resolve([Number(personalId)]);
  const personNo = onlyOne(found);
  const people = createPeople(1);
  people.add(personNo, OWN_LOOK, logKeys, 0);
  return { personNo, people: people.finish() };
}
