/** RFC 6962 written down word for word, slow on purpose: the second opinion in the tests. */
import { createHash } from 'node:crypto';

export function hashOf(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function largestPowerBelow(n: number): number {
  return n <= 2 ? 1 : 2 ** (Math.ceil(Math.log2(n)) - 1);
}

/** MTH(D[n]) of section 2.1. */
export function slowRoot(leaves: readonly Uint8Array[], tag: number): Uint8Array {
  if (leaves.length === 0) return hashOf();
  if (leaves.length === 1) return leaves[0]!;
  const k = largestPowerBelow(leaves.length);
  return hashOf(Uint8Array.of(tag), slowRoot(leaves.slice(0, k), tag), slowRoot(leaves.slice(k), tag));
}

/** PATH(m, D[n]) of section 2.1.1. */
export function slowPath(m: number, leaves: readonly Uint8Array[], tag: number): Uint8Array[] {
  if (leaves.length <= 1) return [];
  const k = largestPowerBelow(leaves.length);
  return m < k
    ? [...slowPath(m, leaves.slice(0, k), tag), slowRoot(leaves.slice(k), tag)]
    : [...slowPath(m - k, leaves.slice(k), tag), slowRoot(leaves.slice(0, k), tag)];
}

/** SUBPROOF(m, D[n], b) of section 2.1.2. */
export function slowSubproof(m: number, leaves: readonly Uint8Array[], whole: boolean, tag: number): Uint8Array[] {
  const n = leaves.length;
  if (m === n) return whole ? [] : [slowRoot(leaves, tag)];
  const k = largestPowerBelow(n);
  return m <= k
    ? [...slowSubproof(m, leaves.slice(0, k), whole, tag), slowRoot(leaves.slice(k), tag)]
    : [...slowSubproof(m - k, leaves.slice(k), false, tag), slowRoot(leaves.slice(0, k), tag)];
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** `count` different 32-byte hashes that depend on `seed`. */
export function sampleLeaves(count: number, seed = 0): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => hashOf(Buffer.from(`leaf ${seed} ${i}`)));
}
