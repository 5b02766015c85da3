import type { KeyObject } from 'node:crypto';
import { unseal } from '../sealing/seal.ts';

/** Set apart from the evidence that is sealed under the entry id itself (`exchange/seal-people`). */
const BODIES = Buffer.from('bodies');

/** What is sealed beside an entry does not open, or is not of one length with the rest: somebody changed it. */
export class PeopleUnreadable extends Error {
  constructor() {
    super('who the people of an entry are cannot be read');
  }
}

/** Person numbers of an entry in leaf order, 0 for nobody. @throws {PeopleUnreadable} */
export function openPersons(evidence: KeyObject, entryId: Uint8Array, sealed: Uint8Array): Float64Array {
  const plain = unseal(evidence, entryId, sealed);
  if (plain === undefined || plain.length % 8 !== 0) throw new PeopleUnreadable();
  // Copied, because numbers must lie at multiples of their size.
  return new Float64Array(new Uint8Array(plain).buffer);
}

/** Bodies of the leaves as they were packed: u16 BE length, body. @throws {PeopleUnreadable} */
export function openBodies(evidence: KeyObject, entryId: Uint8Array, sealed: Uint8Array): Buffer {
  const plain = unseal(evidence, Buffer.concat([entryId, BODIES]), sealed);
  if (plain === undefined) throw new PeopleUnreadable();
  return plain;
}
