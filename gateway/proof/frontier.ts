/**
 * The compact form of a growing RFC 6962 tree: the roots of its perfect subtrees, largest first. Enough to append and to know
 * the root at every size; it is what stands in the one row that the appender locks.
 */
import { HASH_BYTES, sha256 } from './bytes.ts';
import { needLength, needRange, ProofError } from './errors.ts';
import { hashNode, type NodeTag } from './tree.ts';

/** Told of every perfect subtree that an append completes, the appended one first, then upwards: store these for proofs. */
export type OnNode = (level: number, index: number, hash: Uint8Array) => void;

export interface Frontier {
  /** Leaves so far. */
  readonly size: number;
  /** Appends one leaf hash. */
  append(leaf: Uint8Array, onNode?: OnNode): void;
  /** Appends a perfect subtree of 2^level leaves by its root. Throws RANGE unless `size` is a multiple of 2^level. */
  appendSubtree(root: Uint8Array, level: number, onNode?: OnNode): void;
  /** Root at the present size; SHA-256("") for 0. */
  root(): Uint8Array;
  /** size as u64 big endian ‖ roots of the perfect subtrees, largest first, 32 bytes each. */
  serialise(): Uint8Array;
}

interface Node {
  readonly level: number;
  readonly hash: Uint8Array;
}

/** Starts from nothing, or from what `serialise` wrote. Throws LENGTH or RANGE on anything else. */
export function createFrontier(tag: NodeTag, serialised?: Uint8Array): Frontier {
  const parsed = serialised === undefined ? { size: 0, nodes: [] } : parse(serialised);
  let size = parsed.size;
  const nodes: Node[] = parsed.nodes;

  function appendSubtree(root: Uint8Array, level: number, onNode?: OnNode): void {
    needLength(root, HASH_BYTES, 'leaf');
    needRange(level, 0, 52, 'level');
    const width = 2 ** level;
    if (size % width !== 0) throw new ProofError('RANGE', 'level');
    needRange(size + width, 1, Number.MAX_SAFE_INTEGER, 'size');
    let index = size / width;
    // The caller may re-use its buffer, so what is kept is a copy.
    let node: Node = { level, hash: Uint8Array.from(root) };
    onNode?.(node.level, index, node.hash);
    for (let last = nodes.at(-1); last?.level === node.level; last = nodes.at(-1)) {
      nodes.pop();
      node = { level: node.level + 1, hash: hashNode(tag, last.hash, node.hash) };
      index = Math.floor(index / 2);
      onNode?.(node.level, index, node.hash);
    }
    nodes.push(node);
    size += width;
  }

  return {
    get size() {
      return size;
    },
    append: (leaf, onNode) => appendSubtree(leaf, 0, onNode),
    appendSubtree,
    root: () =>
      nodes.length === 0
        ? sha256(Buffer.alloc(0))
        : Uint8Array.from(nodes.map((node) => node.hash).reduceRight((right, left) => hashNode(tag, left, right))),
    serialise() {
      const head = Buffer.alloc(8);
      head.writeBigUInt64BE(BigInt(size));
      return Buffer.concat([head, ...nodes.map((node) => node.hash)]);
    },
  };
}

function parse(bytes: Uint8Array): { size: number; nodes: Node[] } {
  if (bytes.length < 8) throw new ProofError('LENGTH', 'frontier');
  const big = Buffer.from(bytes).readBigUInt64BE(0);
  if (big > BigInt(Number.MAX_SAFE_INTEGER)) throw new ProofError('RANGE', 'frontier');
  const nodes: Node[] = [];
  let at = 8;
  for (let level = 52; level >= 0; level--) {
    if (((big >> BigInt(level)) & 1n) === 0n) continue;
    nodes.push({ level, hash: Uint8Array.from(bytes.subarray(at, at + HASH_BYTES)) });
    at += HASH_BYTES;
  }
  needLength(bytes, at, 'frontier');
  return { size: Number(big), nodes };
}
