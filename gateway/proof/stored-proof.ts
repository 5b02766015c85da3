/**
 * Proofs put together from stored nodes: first the list of nodes to read (one statement), then the fold. Only perfect
 * subtrees are ever stored; the roots of ragged right edges are hashed from them here.
 */
import { HASH_BYTES } from './bytes.ts';
import { needLength } from './errors.ts';
import { hashNode, type NodeTag } from './tree.ts';
import { consistencyRanges, inclusionRanges, type NodeId, perfectNodes } from './tree-ranges.ts';

/** For each hash of the proof the perfect nodes that it is folded from, left to right. */
export type ProofPlan = readonly (readonly NodeId[])[];

/** Throws RANGE unless 0 ≤ index < size. */
export function planInclusion(index: number, size: number): ProofPlan {
  return inclusionRanges(index, size).map(perfectNodes);
}

/** Throws RANGE unless 1 ≤ first ≤ second. */
export function planConsistency(first: number, second: number): ProofPlan {
  return consistencyRanges(first, second).map(perfectNodes);
}

/** All nodes of a plan, each once, to be read by the store. */
export function planNodes(plan: ProofPlan): NodeId[] {
  return plan.flat();
}

/** The packed proof. `read` gives the stored hash of a node; LENGTH is thrown if it has not 32 bytes. */
export function foldPlan(plan: ProofPlan, read: (node: NodeId) => Uint8Array, tag: NodeTag): Uint8Array {
  const hashes = plan.map((nodes) =>
    nodes
      .map((node) => {
        const hash = read(node);
        needLength(hash, HASH_BYTES, 'node');
        return hash;
      })
      .reduceRight((right, left) => hashNode(tag, left, right)),
  );
  return Buffer.concat(hashes);
}
