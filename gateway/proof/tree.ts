/**
 * RFC 6962 Merkle trees over 32-byte hashes packed in one Uint8Array, with the node tag as a parameter:
 * node = SHA-256(tag ‖ left ‖ right), root of nothing = SHA-256(""). Proofs are packed hashes, from the leaf up.
 */
import { type BulkHasher, bulkHasher } from './bulk-hasher.ts';
import { equalBytes, HASH_BYTES, sha256Into } from './bytes.ts';
import { needRange, packedCount } from './errors.ts';
import { consistencyRanges, inclusionRanges, type LeafRange } from './tree-ranges.ts';

/** First byte of an inner node: which of the three trees it belongs to. No leaf begins with one of them. */
export const NODE_TAGS = { log: 0x01, person: 0x03, row: 0x05 } as const;
export type NodeTag = (typeof NODE_TAGS)[keyof typeof NODE_TAGS];

/** SHA-256(tag ‖ left ‖ right). Precondition: both are 32 bytes. */
export function hashNode(tag: NodeTag, left: Uint8Array, right: Uint8Array): Uint8Array {
  const node = Buffer.alloc(1 + 2 * HASH_BYTES);
  node[0] = tag;
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  const out = Buffer.alloc(HASH_BYTES);
  sha256Into(node, out, 0);
  return out;
}

/** Root over packed leaves. Throws LENGTH if they are not a multiple of 32 bytes. */
export function treeRoot(leaves: Uint8Array, tag: NodeTag, hasher: BulkHasher = bulkHasher()): Uint8Array {
  packedCount(leaves, HASH_BYTES, 'leaves');
  return hasher.treeRoot(leaves, tag);
}

/** Proof that leaf `index` is in the tree over `leaves`. Throws RANGE if there is no such leaf. */
export function inclusionProof(leaves: Uint8Array, index: number, tag: NodeTag): Uint8Array {
  return rangeRoots(leaves, inclusionRanges(index, packedCount(leaves, HASH_BYTES, 'leaves')), tag);
}

/** Proof that the tree over the first `first` leaves is a prefix of that over all. Throws RANGE unless 1 ≤ first ≤ all. */
export function consistencyProof(leaves: Uint8Array, first: number, tag: NodeTag): Uint8Array {
  return rangeRoots(leaves, consistencyRanges(first, packedCount(leaves, HASH_BYTES, 'leaves')), tag);
}

function rangeRoots(leaves: Uint8Array, ranges: readonly LeafRange[], tag: NodeTag): Uint8Array {
  return Buffer.concat(
    ranges.map(({ start, end }) => treeRoot(leaves.subarray(start * HASH_BYTES, end * HASH_BYTES), tag)),
  );
}

/**
 * The root that an inclusion proof leads to, or undefined if the proof has not exactly the length that (index, size) demand.
 * The caller compares the root with one whose signature was verified **for this size**: a proof says nothing by itself.
 */
export function inclusionRoot(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: Uint8Array,
  tag: NodeTag,
): Uint8Array | undefined {
  if (leaf.length !== HASH_BYTES || !isIndex(index, size)) return undefined;
  let [at, last, used, root] = [index, size - 1, 0, leaf];
  while (last > 0) {
    if (at % 2 === 1 || at < last) {
      const sibling = proof.subarray(used, used + HASH_BYTES);
      if (sibling.length !== HASH_BYTES) return undefined;
      root = at % 2 === 1 ? hashNode(tag, sibling, root) : hashNode(tag, root, sibling);
      used += HASH_BYTES;
    }
    // An even node that is the last of its level has no sibling: it moves up as it is.
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return used === proof.length ? root : undefined;
}

/** Whether `proof` shows that `leaf` is number `index` of the tree of `size` leaves with this `root`. Never throws. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: Uint8Array,
  root: Uint8Array,
  tag: NodeTag,
): boolean {
  const found = inclusionRoot(leaf, index, size, proof, tag);
  return found !== undefined && equalBytes(found, root);
}

/**
 * Whether `proof` shows that the tree (first, firstRoot) is a prefix of (second, secondRoot). Never throws.
 * A first size of 0 is refused: everything is consistent with nothing, so there is nothing to check and the caller must know.
 * Equal sizes: true only for equal roots and an empty proof.
 */
export function verifyConsistency(
  first: number,
  firstRoot: Uint8Array,
  second: number,
  secondRoot: Uint8Array,
  proof: Uint8Array,
  tag: NodeTag,
): boolean {
  if (!isIndex(first, second + 1) || first === 0) return false;
  if (firstRoot.length !== HASH_BYTES || secondRoot.length !== HASH_BYTES || proof.length % HASH_BYTES !== 0)
    return false;
  if (first === second) return proof.length === 0 && equalBytes(firstRoot, secondRoot);
  let [at, last, used] = [first - 1, second - 1, 0];
  while (at % 2 === 1) {
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  // Where the first tree is one perfect subtree its root is the seed, else the proof begins with the seed.
  let seed = firstRoot;
  if (at > 0) {
    seed = proof.subarray(0, HASH_BYTES);
    used = HASH_BYTES;
    if (seed.length !== HASH_BYTES) return false;
  }
  let [oldRoot, newRoot] = [seed, seed];
  while (last > 0) {
    if (at % 2 === 1 || at < last) {
      const sibling = proof.subarray(used, used + HASH_BYTES);
      if (sibling.length !== HASH_BYTES) return false;
      used += HASH_BYTES;
      if (at % 2 === 1) {
        oldRoot = hashNode(tag, sibling, oldRoot);
        newRoot = hashNode(tag, sibling, newRoot);
      } else {
        newRoot = hashNode(tag, newRoot, sibling);
      }
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return used === proof.length && equalBytes(oldRoot, firstRoot) && equalBytes(newRoot, secondRoot);
}

/** Hash number `index` of packed 32-byte hashes (a view). Throws RANGE if there is none. */
export function hashAt(packed: Uint8Array, index: number): Uint8Array {
  needRange(index, 0, packed.length / HASH_BYTES - 1, 'index');
  return packed.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
}

function isIndex(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;
}
