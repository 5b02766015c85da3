import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rootOf } from '../../../gateway/proof/browser/tree.ts';
import { createFrontier } from '../../../gateway/proof/frontier.ts';
import { hashOf } from '../../../gateway/proof/reference.test-support.ts';
import {
  consistencyProof,
  inclusionProof,
  NODE_TAGS,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from '../../../gateway/proof/tree.ts';

interface Vectors {
  readonly inputs: readonly string[];
  readonly roots: readonly string[];
  readonly inclusion: readonly { readonly index: number; readonly size: number; readonly path: readonly string[] }[];
  readonly consistency: readonly {
    readonly first: number;
    readonly second: number;
    readonly path: readonly string[];
  }[];
}
const vectors = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as Vectors;
const bytes = (hex: string) => Buffer.from(hex, 'hex');
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');
const leaves = vectors.inputs.map((input) => hashOf(Uint8Array.of(0), bytes(input)));
const first = (count: number) => Buffer.concat(leaves.slice(0, count));
const rootOfSize = (size: number) => bytes(vectors.roots[size] ?? '');

/** What the reference tests do to each proof: none of it may verify. */
const DAMAGE: readonly [string, (path: Buffer) => Buffer][] = [
  ['a hash in front', (path) => Buffer.concat([Buffer.alloc(32), path])],
  ['a hash behind', (path) => Buffer.concat([path, Buffer.alloc(32)])],
  ['its own first hash twice', (path) => Buffer.concat([path.subarray(0, 32), path])],
  ['half a hash behind', (path) => Buffer.concat([path, Buffer.alloc(16)])],
  ['without its last hash', (path) => path.subarray(0, -32)],
  ['without its first hash', (path) => path.subarray(32)],
  ['one bit flipped', (path) => Buffer.from(path.map((byte, at) => (at === 4 ? byte ^ 16 : byte)))],
];

describe('public vectors of RFC 6962', () => {
  it('roots, of whole leaves and of a growing tree', () => {
    const frontier = createFrontier(NODE_TAGS.log);
    for (const [size, root] of vectors.roots.entries()) {
      expect(hex(treeRoot(first(size), NODE_TAGS.log))).toBe(root);
      expect(hex(frontier.root())).toBe(root);
      const leaf = leaves[size];
      if (leaf !== undefined) frontier.append(leaf);
    }
  });

  it.each(vectors.inclusion)('inclusion of $index in $size, and no damaged form of it', async ({
    index,
    size,
    path,
  }) => {
    const proof = Buffer.concat(path.map(bytes));
    const leaf = Uint8Array.from(leaves[index] ?? []);
    const root = rootOfSize(size);
    expect(hex(inclusionProof(first(size), index, NODE_TAGS.log))).toBe(hex(proof));
    const verify = (changed: Uint8Array, at = index, of = size, to: Uint8Array = root) =>
      verifyInclusion(leaf, at, of, changed, to, NODE_TAGS.log);
    expect(verify(proof)).toBe(true);
    const hashes = path.map((hash) => Uint8Array.from(bytes(hash)));
    expect(hex((await rootOf(leaf, index, size, hashes, NODE_TAGS.log)) ?? Buffer.alloc(0))).toBe(hex(root));
    for (const [name, change] of DAMAGE) {
      const changed = change(proof);
      if (!changed.equals(proof)) expect(verify(changed), name).toBe(false);
    }
    for (const at of [index - 1, index + 1, index ^ 2]) expect(verify(proof, at), `index ${at}`).toBe(false);
    for (const of of [size * 2, Math.floor(size / 2), 0]) {
      // A larger tree may need as long a proof: then it leads to another root than that of its size.
      expect(verify(proof, index, of, rootOfSize(of)), `size ${of}`).toBe(false);
    }
    expect(verify(proof, index, size, rootOfSize(0)), 'root of nothing').toBe(false);
  });

  it.each(vectors.consistency)('consistency of $first with $second, and no damaged form of it', (vector) => {
    const proof = Buffer.concat(vector.path.map(bytes));
    const { first: from, second: to } = vector;
    expect(hex(consistencyProof(first(to), from, NODE_TAGS.log))).toBe(hex(proof));
    const verify = (changed: Uint8Array, roots = [rootOfSize(from), rootOfSize(to)] as const) =>
      verifyConsistency(from, roots[0], to, roots[1], changed, NODE_TAGS.log);
    expect(verify(proof)).toBe(true);
    for (const [name, change] of DAMAGE) {
      const changed = change(proof);
      if (!changed.equals(proof)) expect(verify(changed), name).toBe(false);
    }
    expect(verify(proof, [rootOfSize(0), rootOfSize(to)])).toBe(false);
    if (from !== to) expect(verify(proof, [rootOfSize(to), rootOfSize(from)])).toBe(false);
  });
});
