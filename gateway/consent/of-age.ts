/** Whether those who act are as many as the person's age takes, for what only they together can give. */
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { ActingPerson } from '../acting/acting-person.ts';
import { ID_KIND } from '../exchange/lookup-port.ts';
import { CallRefused } from '../exchange/refused.ts';
import { actsNeeded, ageAt } from './age.ts';
import type { ConsentDeps } from './deps.ts';

/**
 * By what the register knows of the birth: the date, and the number where the date is not whole.
 * @throws {CallRefused} SECOND_ACT_NEEDED
 */
export async function mustBeOfAge(
  { lookup, nowSeconds }: Pick<ConsentDeps, 'lookup' | 'nowSeconds'>,
  personalId: string,
  acting: readonly ActingPerson[],
): Promise<void> {
  const asked = Number(personalId);
  const { birthDate, currentId, idKind } = await lookup.matchByIdentifier([asked]);
  // A number that was replaced may have been wrong in its year; one of an old card has no year in it.
  const number = currentId[0] || (idKind[0] === ID_KIND.personal ? asked : 0);
  const needed = actsNeeded(ageAt({ date: birthDate[0] ?? 0, personalId: number }, nowSeconds()));
  const own = acting.some(({ assertion }) => assertion.personalId === personalId);
  const represented = acting.some(({ assertion }) => assertion.personalId !== personalId);
  if ((needed.own && !own) || (needed.representative && !represented)) {
    throw new CallRefused(ErrorReason.SECOND_ACT_NEEDED);
  }
}
