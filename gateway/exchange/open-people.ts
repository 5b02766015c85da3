import type { KeyObject } from 'node:crypto';
import { unseal } from '../sealing/seal.ts';
import { BODIES } from './seal-people.ts';

/** Who the people of a log entry are, in leaf order, and what their leaves say. */
export interface OpenedPeople {
  /** 0 where a row had no person, or the person was erased. */
  readonly personNos: Float64Array;
  readonly bodies: readonly Uint8Array[];
}

/** The inverse of `createPeopleSealer`; undefined where the bytes were sealed under another key or for another entry. */
export function openPeople(
  evidence: KeyObject,
  entryId: Uint8Array,
  stored: { readonly persons: Uint8Array; readonly personBodies: Uint8Array },
): OpenedPeople | undefined {
  const numbers = unseal(evidence, entryId, stored.persons);
  const packed = unseal(evidence, Buffer.concat([entryId, BODIES]), stored.personBodies);
  if (numbers === undefined || packed === undefined) return undefined;
  const personNos = new Float64Array(numbers.length / Float64Array.BYTES_PER_ELEMENT);
  new Uint8Array(personNos.buffer).set(numbers);
  const bodies: Uint8Array[] = [];
  for (let at = 0; at < packed.length; ) {
    const from = at + 2;
    at = from + packed.readUInt16BE(at);
    bodies.push(packed.subarray(from, at));
  }
  return { personNos, bodies };
}
