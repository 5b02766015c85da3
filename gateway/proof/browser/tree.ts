import { type Bytes, HASH_BYTES, sha256 } from './bytes.ts';

/** First byte of an inner node of the log and of an entry's people. */
export const NODES = { log: 1, person: 3 } as const;

/**
 * The root that a path leads to from leaf `index` of `size` (RFC 9162, 2.1.3.2), or undefined where the path has not exactly
 * the hashes that index and size demand.
 */
export async function rootOf(
  leaf: Bytes,
  index: number,
  size: number,
  path: readonly Bytes[],
  node: number,
): Promise<Bytes | undefined> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return undefined;
  let [at, last, root] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0 || sibling.length !== HASH_BYTES) return undefined;
    // An even node that is the last of its level has no sibling and moves up as it is.
    while (at % 2 === 0 && at === last) [at, last] = [at / 2, Math.floor(last / 2)];
    const onRight = at % 2 === 1;
    root = await sha256(Uint8Array.of(node), onRight ? sibling : root, onRight ? root : sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? root : undefined;
}
