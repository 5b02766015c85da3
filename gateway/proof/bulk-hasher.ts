/** What the batch functions ask of a SHA-256 implementation. Callers check lengths; implementations do not. */

import { createNativeHasher } from './native-hasher.ts';
import { createLanesHasher } from './sha256-lanes.ts';

export interface BulkHasher {
  readonly kind: 'lanes' | 'native';
  /** RFC 6962 root over packed 32-byte hashes with node tag `tag`; SHA-256("") for none. */
  treeRoot(leaves: Uint8Array, tag: number): Uint8Array;
  /** Person leaves; body i is `bodies[offsets[i] … offsets[i+1]−1]`, its salt counts from `firstIndex`. */
  personLeaves(
    logKeys: Uint8Array,
    entryId: Uint8Array,
    bodies: Uint8Array,
    offsets: Uint32Array,
    firstIndex: number,
  ): Uint8Array;
  /** Row leaves from packed salts (16), row refs (16) and results (22). */
  rowLeaves(salts: Uint8Array, rowRefs: Uint8Array, results: Uint8Array): Uint8Array;
  /** First 16 bytes of HMAC-SHA-256 of each message; `key` ≤ 64 bytes. */
  hmac16(key: Uint8Array, messages: Uint8Array, offsets: Uint32Array): Uint8Array;
  /** SHA-256 of each message, packed. */
  digests(messages: Uint8Array, offsets: Uint32Array): Uint8Array;
}

let shared: BulkHasher | undefined;

/**
 * The fastest hasher of this thread: four SIMD lanes, or Node's SHA-256 where WebAssembly has no SIMD. Made at first use and
 * kept, for its only state is scratch memory; results are the same bytes either way.
 */
export function bulkHasher(): BulkHasher {
  shared ??= createLanesHasher() ?? createNativeHasher();
  return shared;
}
