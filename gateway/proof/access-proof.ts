/** A person's own proof put together; `browser/check-access.ts` checks it. */
import { create, toBinary } from '@bufbuild/protobuf';
import { AccessProofSchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { equalBytes, HASH_BYTES } from './bytes.ts';
import { ProofError } from './errors.ts';
import { personLeaf } from './leaf.ts';
import { hashAt, inclusionProof, NODE_TAGS } from './tree.ts';

/** One leaf of the person's in an entry. */
export interface OwnLeaf {
  /** Place among the entry's people, from 0. */
  readonly index: number;
  readonly salt: Uint8Array;
  readonly body: Uint8Array;
}

/** An entry, where it stands in the log, and the person's leaves among all of its leaves. */
export interface AccessFacts {
  /** As stored, never serialised again. */
  readonly entry: Uint8Array;
  readonly entrySalt: Uint8Array;
  readonly index: number;
  readonly treeSize: number;
  /** From the entry's leaf to the root of `treeSize`. */
  readonly path: readonly Uint8Array[];
  /** Signed head of `treeSize`. */
  readonly checkpoint: string;
  /** Leaves of all people of the entry, packed. Only hashes of subtrees without the person go into the proof. */
  readonly people: Uint8Array;
  readonly own: readonly OwnLeaf[];
}

/**
 * A serialised lienthong.audit.v1.AccessProof. It is made so that it verifies or not at all: throws INCONSISTENT where a leaf is
 * not what its salt and body hash to, RANGE where there is none at its place.
 */
export function buildAccessProof(facts: AccessFacts): Uint8Array {
  const leaves = facts.own
    .toSorted((one, other) => one.index - other.index)
    .map(({ index, salt, body }) => {
      const path = split(inclusionProof(facts.people, index, NODE_TAGS.person));
      if (!equalBytes(personLeaf(salt, body), hashAt(facts.people, index))) {
        throw new ProofError('INCONSISTENT', 'person leaf');
      }
      return { index, salt, body, path };
    });
  const { entry, entrySalt, treeSize, path, checkpoint } = facts;
  const [index, size] = [BigInt(facts.index), BigInt(treeSize)];
  return toBinary(
    AccessProofSchema,
    create(AccessProofSchema, { entry, entrySalt, index, treeSize: size, path: [...path], checkpoint, leaves }),
  );
}

const split = (packed: Uint8Array) =>
  Array.from({ length: packed.length / HASH_BYTES }, (_, i) => packed.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
