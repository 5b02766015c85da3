/**
 * Which subtrees an RFC 6962 proof is made of. Pure arithmetic on indices, good up to 2^53 leaves, so that one text serves
 * both proofs over leaves in memory (`tree.ts`) and proofs put together from stored nodes (`stored-proof.ts`).
 */
import { needRange } from './errors.ts';

/** The subtree over leaves `start` … `end`−1. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** A perfect subtree: leaves `index`·2^`level` … (`index`+1)·2^`level` − 1. */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

/** Largest power of two below `n`; `n` ≥ 2. */
export function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** Siblings of leaf `index` in a tree of `size` leaves, from the leaf up (RFC 6962, 2.1.1 PATH). */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  needRange(size, 1, Number.MAX_SAFE_INTEGER, 'size');
  needRange(index, 0, size - 1, 'index');
  const path: LeafRange[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
    }
  }
  return path.reverse();
}

/**
 * Nodes that show that the tree of `first` leaves is a prefix of the tree of `second` (RFC 6962, 2.1.2 SUBPROOF).
 * Precondition: 1 ≤ first ≤ second. Equal sizes need no nodes.
 */
export function consistencyRanges(first: number, second: number): LeafRange[] {
  needRange(second, 1, Number.MAX_SAFE_INTEGER, 'second');
  needRange(first, 1, second, 'first');
  const path: LeafRange[] = [];
  let start = 0;
  let end = second;
  let whole = true; // the first tree is the whole of what is left: its root is known to the verifier
  while (first !== end) {
    const middle = start + splitPoint(end - start);
    if (first <= middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
      whole = false;
    }
  }
  if (!whole) path.push({ start, end });
  return path.reverse();
}

/** The perfect subtrees of a range, left to right. Precondition: `start` is a multiple of a power of two ≥ the length. */
export function perfectNodes(range: LeafRange): NodeId[] {
  const nodes: NodeId[] = [];
  let start = range.start;
  while (start < range.end) {
    let width = 1;
    let level = 0;
    while (width * 2 <= range.end - start) {
      width *= 2;
      level += 1;
    }
    nodes.push({ level, index: start / width });
    start += width;
  }
  return nodes;
}
