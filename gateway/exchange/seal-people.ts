import type { KeyObject } from 'node:crypto';
import { faultPoint } from '../faults/point.ts';
import { personLeaves, treeRoot } from '../proof/batch.ts';
import { NODE_TAGS } from '../proof/tree.ts';
import { unwrapLogKeys } from '../sealing/log-keys.ts';
import { seal } from '../sealing/seal.ts';
import type { People } from './people.ts';

export type PeopleKeys = Readonly<Record<'log-key' | 'evidence', KeyObject>>;

/** The people of an entry as the log keeps them: leaves that can be proven, and sealed who they are. */
export interface SealedPeople {
  readonly count: number;
  /** The entry that they were sealed for, 16 random bytes: their salts come of it. */
  readonly entryId: Buffer;
  /** Root of the leaves; empty where there is nobody. */
  readonly root: Uint8Array;
  readonly stored?: {
    readonly persons: Buffer;
    readonly personBodies: Buffer;
    /** 32 bytes each. */
    readonly personLeaves: Uint8Array;
  };
}

/** Set apart from the evidence that is sealed under the entry id itself. `open-people.ts` opens both. */
export const BODIES = Buffer.from('bodies');

export function createPeopleSealer(keys: PeopleKeys): (people: People, entryId: Buffer) => SealedPeople {
  return (people, entryId) => {
    const { count } = people;
    if (count === 0) return { count, entryId, root: new Uint8Array(0) };
    const leaves = personLeaves(unwrapLogKeys(keys['log-key'], people.logKeys), entryId, people.bodies, people.offsets);
    faultPoint('leaves');
    const numbers = Buffer.from(people.personNos.buffer, people.personNos.byteOffset, people.personNos.byteLength);
    return {
      count,
      entryId,
      root: treeRoot(leaves, NODE_TAGS.person),
      stored: {
        persons: seal(keys.evidence, entryId, numbers),
        personBodies: seal(keys.evidence, Buffer.concat([entryId, BODIES]), packBodies(people)),
        personLeaves: leaves,
      },
    };
  };
}

/** Bodies as they are stored: u16 big-endian length before each. */
function packBodies({ count, bodies, offsets }: People): Buffer {
  const out = Buffer.allocUnsafe(bodies.length + 2 * count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const from = offsets[i] ?? 0;
    const to = offsets[i + 1] ?? 0;
    out[at++] = (to - from) >> 8;
    out[at++] = to - from;
    // Bodies are a dozen bytes: a loop is faster than a view and a copy.
    for (let b = from; b < to; b++) out[at++] = bodies[b] ?? 0;
  }
  return out;
}
