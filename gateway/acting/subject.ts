/** Whom an act is about, and whether those who act may do it. */
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { AssuranceLevel } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { CallRefused } from '../exchange/refused.ts';
import type { ActingPerson } from './acting-person.ts';

/** `all`: who must agree before something is given. `any`: who may look, and take back. */
export type Concert = 'all' | 'any';

/**
 * ID of the person whom the act is about, 12 digits: `about`, or whoever acts where it is empty.
 *
 * What is given for a child of 7 or older takes the child and the representative; for one that is younger, or whom a court has
 * given a representative, the representative alone. Taking back takes any of them.
 * @throws {CallRefused} NOT_REPRESENTED, SECOND_ACT_NEEDED
 */
export function subjectOf(acting: readonly ActingPerson[], about: string, concert: Concert): string {
  const [first] = acting;
  if (first === undefined) throw new CallRefused(ErrorReason.ASSERTION_INVALID);
  const subject = about === '' ? first.assertion.personalId : about;
  const own = acting.some(({ assertion }) => assertion.personalId === subject);
  const relations = acting.flatMap(({ assertion }) =>
    assertion.represented.filter(({ personalId }) => personalId === subject),
  );
  // Whoever acts beside the person and does not represent them has no part in it.
  if (relations.length + (own ? 1 : 0) < acting.length) throw new CallRefused(ErrorReason.NOT_REPRESENTED);
  if (concert === 'all' && !own && relations.some(({ ownActNeeded }) => ownActNeeded)) {
    throw new CallRefused(ErrorReason.SECOND_ACT_NEEDED);
  }
  return subject;
}

/** @throws {CallRefused} ASSURANCE_TOO_LOW */
export function mustBeAssured(acting: readonly ActingPerson[], least: AssuranceLevel): void {
  if (acting.some(({ assurance }) => assurance < least)) throw new CallRefused(ErrorReason.ASSURANCE_TOO_LOW);
}

/** The one person whom the register has under a number now. @throws {CallRefused} NOT_REPRESENTED where there is none or several */
export function onlyOne(people: Float64Array): number {
  const [only] = people;
  if (only === undefined || people.some((other) => other !== only)) throw new CallRefused(ErrorReason.NOT_REPRESENTED);
  return only;
}
