import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf, hex, sampleLeaves, slowPath, slowRoot, slowSubproof } from './reference.test-support.ts';
import {
  consistencyProof,
  hashNode,
  inclusionProof,
  NODE_TAGS,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from './tree.ts';

const TAGS = Object.values(NODE_TAGS);
const aTree = fc.record({
  size: fc.integer({ min: 1, max: 300 }),
  seed: fc.nat(5),
  tag: fc.constantFrom(...TAGS),
  pick: fc.nat(),
});

describe('RFC 6962 tree', () => {
  it('gives the roots and proofs of the slow reference, and they verify', () => {
    fc.assert(
      fc.property(aTree, ({ size, seed, tag, pick }) => {
        const leaves = sampleLeaves(size, seed);
        const packed = Buffer.concat(leaves);
        const index = pick % size;
        const root = treeRoot(packed, tag);
        expect(hex(root)).toBe(hex(slowRoot(leaves, tag)));
        const inclusion = inclusionProof(packed, index, tag);
        expect(hex(inclusion)).toBe(hex(Buffer.concat(slowPath(index, leaves, tag))));
        expect(verifyInclusion(leaves[index]!, index, size, inclusion, root, tag)).toBe(true);
        const first = index + 1;
        const consistency = consistencyProof(packed, first, tag);
        expect(hex(consistency)).toBe(hex(Buffer.concat(slowSubproof(first, leaves, true, tag))));
        const firstRoot = slowRoot(leaves.slice(0, first), tag);
        expect(verifyConsistency(first, firstRoot, size, root, consistency, tag)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('verifies every leaf and every prefix of every size up to 40', () => {
    for (let size = 1; size <= 40; size++) {
      const leaves = sampleLeaves(size);
      const packed = Buffer.concat(leaves);
      const root = treeRoot(packed, NODE_TAGS.row);
      for (let i = 0; i < size; i++) {
        const proof = inclusionProof(packed, i, NODE_TAGS.row);
        expect(verifyInclusion(leaves[i]!, i, size, proof, root, NODE_TAGS.row)).toBe(true);
        const prefix = treeRoot(packed.subarray(0, (i + 1) * 32), NODE_TAGS.row);
        const consistency = consistencyProof(packed, i + 1, NODE_TAGS.row);
        expect(verifyConsistency(i + 1, prefix, size, root, consistency, NODE_TAGS.row)).toBe(true);
      }
    }
  });

  it('refuses indices and sizes outside of the tree', () => {
    const packed = Buffer.concat(sampleLeaves(3));
    for (const index of [-1, 3, 0.5, Number.NaN]) expect(() => inclusionProof(packed, index, 1)).toThrow('RANGE');
    for (const first of [0, 4]) expect(() => consistencyProof(packed, first, 1)).toThrow('RANGE');
    expect(() => treeRoot(packed.subarray(1), 1)).toThrow('LENGTH');
    expect(verifyConsistency(0, hashOf(), 3, treeRoot(packed, 1), new Uint8Array(0), 1)).toBe(false);
    const [anything, sibling] = [packed.subarray(0, 32), packed.subarray(32, 64)];
    expect(verifyConsistency(0, anything, 2, hashNode(1, anything, sibling), sibling, 1)).toBe(false);
  });
});

describe('a tampered proof', () => {
  it('is refused whatever bit, hash, order, index, size, tag or root is changed', () => {
    fc.assert(
      fc.property(aTree, fc.nat(), fc.nat(7), ({ size, seed, tag, pick }, byte, bit) => {
        const leaves = sampleLeaves(size, seed);
        const packed = Buffer.concat(leaves);
        const index = pick % size;
        const root = treeRoot(packed, tag);
        const leaf = leaves[index]!;
        const proof = inclusionProof(packed, index, tag);
        const check = (l = leaf, i = index, s = size, p = proof, r = root, t = tag) =>
          verifyInclusion(l, i, s, p, r, t);
        expect(check()).toBe(true);
        expect(check(flip(leaf, byte, bit))).toBe(false);
        expect(check(leaf, index, size, proof, flip(root, byte, bit))).toBe(false);
        expect(check(leaf, index, size, Buffer.concat([proof, leaf]))).toBe(false);
        if (proof.length > 0) {
          expect(check(leaf, index, size, flip(proof, byte, bit))).toBe(false);
          expect(check(leaf, index, size, proof.subarray(32))).toBe(false);
          expect(check(leaf, index, size, proof.subarray(0, -32))).toBe(false);
          expect(check(leaf, index, size, proof.subarray(0, -1))).toBe(false);
          expect(
            check(
              leaf,
              index,
              size,
              proof,
              root,
              TAGS.find((other) => other !== tag),
            ),
          ).toBe(false);
        }
        if (proof.length > 32) {
          const swapped = Buffer.concat([proof.subarray(32, 64), proof.subarray(0, 32), proof.subarray(64)]);
          expect(check(leaf, index, size, swapped)).toBe(false);
        }
        for (const other of [index - 1, index + 1, index + 2, size, index + 2 ** 32]) {
          expect(check(leaf, other)).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('does not carry a consistency proof over to a fork, a reordered or a shortened log', () => {
    fc.assert(
      fc.property(aTree, fc.nat(), fc.nat(7), ({ size, seed, tag, pick }, byte, bit) => {
        const leaves = sampleLeaves(size, seed);
        const packed = Buffer.concat(leaves);
        const first = (pick % size) + 1;
        const root = treeRoot(packed, tag);
        const firstRoot = treeRoot(packed.subarray(0, first * 32), tag);
        const proof = consistencyProof(packed, first, tag);
        expect(verifyConsistency(first, firstRoot, size, root, proof, tag)).toBe(true);
        expect(verifyConsistency(first, flip(firstRoot, byte, bit), size, root, proof, tag)).toBe(false);
        expect(verifyConsistency(first, firstRoot, size, flip(root, byte, bit), proof, tag)).toBe(false);
        expect(verifyConsistency(first, firstRoot, size, root, Buffer.concat([proof, root]), tag)).toBe(false);
        if (proof.length > 0) {
          expect(verifyConsistency(first, firstRoot, size, root, flip(proof, byte, bit), tag)).toBe(false);
          expect(verifyConsistency(first, firstRoot, size, root, proof.subarray(32), tag)).toBe(false);
        }
        // Another history of the same size, honestly built, of which `first` leaves are not a prefix.
        const forked = leaves.map((leaf, i) => (i === byte % first ? flip(leaf, byte, bit) : leaf));
        const forkedPacked = Buffer.concat(forked);
        const forkedProof = consistencyProof(forkedPacked, first, tag);
        expect(verifyConsistency(first, firstRoot, size, treeRoot(forkedPacked, tag), forkedProof, tag)).toBe(false);
        if (first > 1) {
          const reordered = Buffer.concat([leaves[1]!, leaves[0]!, ...leaves.slice(2)]);
          const reorderedProof = consistencyProof(reordered, first, tag);
          expect(verifyConsistency(first, firstRoot, size, treeRoot(reordered, tag), reorderedProof, tag)).toBe(false);
        }
        if (size > first) expect(verifyConsistency(size, root, first, firstRoot, proof, tag)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
});

function flip(bytes: Uint8Array, byte: number, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[byte % copy.length]! ^= 1 << bit;
  return copy;
}
