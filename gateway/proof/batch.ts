/** The hashes of whole chunks in one call. Same bytes as the functions of `leaf.ts`; see there for the formats. */
import { type BulkHasher, bulkHasher } from './bulk-hasher.ts';
import { needLength, needRange, ProofError, packedCount } from './errors.ts';
import { ENTRY_ID_BYTES, LOG_KEY_BYTES, ROW_REF_BYTES, rowSalts } from './leaf.ts';
import { RESULT_BYTES } from './result-bytes.ts';

export { rowRefs } from './row-ref.ts';
export { treeRoot } from './tree.ts';

/**
 * Leaves of the persons of one entry, packed 32·n. `logKeys` 16·n; body i is `bodies[offsets[i] … offsets[i+1]−1]`, n+1 offsets;
 * person i has salt number `firstIndex` + i (0 unless an entry is hashed in parts). A row without a person gets 16 fresh random
 * bytes in place of a log key.
 */
export function personLeaves(
  logKeys: Uint8Array,
  entryId: Uint8Array,
  bodies: Uint8Array,
  offsets: Uint32Array,
  firstIndex = 0,
  hasher: BulkHasher = bulkHasher(),
): Uint8Array {
  const count = packedCount(logKeys, LOG_KEY_BYTES, 'log keys');
  needLength(entryId, ENTRY_ID_BYTES, 'entry id');
  if (offsets.length !== count + 1) throw new ProofError('LENGTH', 'offsets');
  needRange(firstIndex, 0, 0xffff_ffff - count, 'first index');
  needOffsets(offsets, bodies);
  return hasher.personLeaves(logKeys, entryId, bodies, offsets, firstIndex);
}

/** Leaves of the rows of one chunk, packed 32·n, from its seed, `refs` packed 16·n and `results` packed 22·n. */
export function rowLeaves(
  seed: Uint8Array,
  refs: Uint8Array,
  results: Uint8Array,
  hasher: BulkHasher = bulkHasher(),
): Uint8Array {
  const count = packedCount(refs, ROW_REF_BYTES, 'row refs');
  if (packedCount(results, RESULT_BYTES, 'results') !== count) throw new ProofError('LENGTH', 'results');
  return hasher.rowLeaves(rowSalts(seed, count), refs, results);
}

/** SHA-256 of each of many messages, packed 32·n; message i is `messages[offsets[i] … offsets[i+1]−1]`, n+1 offsets. */
export function digests(messages: Uint8Array, offsets: Uint32Array, hasher: BulkHasher = bulkHasher()): Uint8Array {
  if (offsets.length === 0) throw new ProofError('LENGTH', 'offsets');
  needOffsets(offsets, messages);
  return hasher.digests(messages, offsets);
}

function needOffsets(offsets: Uint32Array, bytes: Uint8Array): void {
  const count = offsets.length - 1;
  for (let i = 0; i < count; i++) if (offsets[i]! > offsets[i + 1]!) throw new ProofError('RANGE', 'offsets');
  if (offsets[count]! > bytes.length) throw new ProofError('RANGE', 'offsets');
}
