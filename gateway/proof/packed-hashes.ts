import { HASH_BYTES } from './bytes.ts';

/**
 * A growing list of hashes in one piece of memory. A job has thousands of chunk roots: kept one by one, each holds the larger
 * buffer that it came in, or a hole in memory that was freed around it.
 */
export function createPackedHashes() {
  let bytes = Buffer.alloc(64 * HASH_BYTES);
  let count = 0;
  return {
    push(hash: Uint8Array): void {
      if ((count + 1) * HASH_BYTES > bytes.length) {
        const larger = Buffer.alloc(bytes.length * 2);
        bytes.copy(larger);
        bytes = larger;
      }
      bytes.set(hash, count * HASH_BYTES);
      count += 1;
    },
    get count(): number {
      return count;
    },
    /** 32 bytes each, as they stand; valid until the next `push`. */
    packed: (): Uint8Array => bytes.subarray(0, count * HASH_BYTES),
  };
}
