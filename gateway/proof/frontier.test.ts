import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrontier } from './frontier.ts';
import { hex, sampleLeaves, slowRoot } from './reference.test-support.ts';
import { foldPlan, planConsistency, planInclusion, planNodes } from './stored-proof.ts';
import { consistencyProof, inclusionProof, NODE_TAGS, treeRoot } from './tree.ts';

const TAG = NODE_TAGS.log;

describe('frontier', () => {
  it('has the root of the slow reference at every size', () => {
    const leaves = sampleLeaves(300);
    const frontier = createFrontier(TAG);
    expect(hex(frontier.root())).toBe(hex(slowRoot([], TAG)));
    leaves.forEach((leaf, i) => {
      frontier.append(leaf);
      expect(frontier.size).toBe(i + 1);
      if (i % 7 === 0 || i > 250) expect(hex(frontier.root())).toBe(hex(slowRoot(leaves.slice(0, i + 1), TAG)));
    });
  });

  it('goes on after any interruption from its bytes', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(40), (before, after) => {
        const leaves = sampleLeaves(before + after);
        const first = createFrontier(TAG);
        for (const leaf of leaves.slice(0, before)) first.append(leaf);
        const second = createFrontier(TAG, first.serialise());
        expect(hex(second.serialise())).toBe(hex(first.serialise()));
        for (const leaf of leaves.slice(before)) second.append(leaf);
        expect(hex(second.root())).toBe(hex(slowRoot(leaves, TAG)));
      }),
      { numRuns: 60 },
    );
  });

  it('takes perfect subtrees where they fit and refuses them elsewhere', () => {
    const leaves = sampleLeaves(29);
    const packed = Buffer.concat(leaves);
    const frontier = createFrontier(TAG);
    frontier.appendSubtree(treeRoot(packed.subarray(0, 16 * 32), TAG), 4);
    frontier.appendSubtree(treeRoot(packed.subarray(16 * 32, 24 * 32), TAG), 3);
    expect(() => frontier.appendSubtree(leaves[0]!, 4)).toThrow('RANGE');
    for (const leaf of leaves.slice(24)) frontier.append(leaf);
    expect(() => frontier.appendSubtree(leaves[0]!, 1)).toThrow('RANGE');
    expect(hex(frontier.root())).toBe(hex(slowRoot(leaves, TAG)));
  });

  it("keeps no reference to the caller's buffer", () => {
    const buffer = Uint8Array.from(sampleLeaves(1)[0]!);
    const frontier = createFrontier(TAG);
    frontier.append(buffer);
    const before = hex(frontier.root());
    buffer.fill(0);
    expect(hex(frontier.root())).toBe(before);
    frontier.root().fill(0);
    expect(hex(frontier.root())).toBe(before);
  });

  it('refuses bytes that it does not write', () => {
    const frontier = createFrontier(TAG);
    for (const leaf of sampleLeaves(5)) frontier.append(leaf);
    const bytes = frontier.serialise();
    expect(() => createFrontier(TAG, bytes.subarray(0, -1))).toThrow('LENGTH');
    expect(() => createFrontier(TAG, Buffer.concat([bytes, Buffer.alloc(32)]))).toThrow('LENGTH');
    expect(() => createFrontier(TAG, bytes.subarray(0, 7))).toThrow('LENGTH');
    const huge = Buffer.from(bytes);
    huge[0] = 0xff;
    expect(() => createFrontier(TAG, huge)).toThrow('RANGE');
    expect(() => frontier.append(Buffer.alloc(31))).toThrow('LENGTH');
  });
});

describe('proofs from stored nodes', () => {
  it('are the proofs over the leaves, and read nothing but perfect nodes that were stored', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (size, pick) => {
        const leaves = sampleLeaves(size);
        const packed = Buffer.concat(leaves);
        const stored = new Map<string, Uint8Array>();
        const frontier = createFrontier(TAG);
        for (const leaf of leaves) {
          frontier.append(leaf, (level, index, hash) => {
            expect(stored.has(`${level}/${index}`)).toBe(false);
            stored.set(`${level}/${index}`, hash);
          });
        }
        const read = ({ level, index }: { level: number; index: number }) =>
          stored.get(`${level}/${index}`) ?? new Uint8Array(0);
        const index = pick % size;
        const inclusion = planInclusion(index, size);
        expect(hex(foldPlan(inclusion, read, TAG))).toBe(hex(inclusionProof(packed, index, TAG)));
        expect(planNodes(inclusion).every((node) => stored.has(`${node.level}/${node.index}`))).toBe(true);
        const consistency = planConsistency(index + 1, size);
        expect(hex(foldPlan(consistency, read, TAG))).toBe(hex(consistencyProof(packed, index + 1, TAG)));
      }),
      { numRuns: 100 },
    );
  });

  it('reads few nodes in a log of a million million entries', () => {
    expect(planNodes(planInclusion(123_456_789_012, 1_000_000_000_001)).length).toBeLessThan(80);
    expect(planInclusion(0, 2 ** 40).every((nodes) => nodes.length === 1)).toBe(true);
  });

  it('refuses a node that is missing', () => {
    expect(() => foldPlan(planInclusion(0, 2), () => new Uint8Array(0), TAG)).toThrow('LENGTH');
  });
});
