/** The three kinds of leaves, one at a time. First bytes keep them apart from each other and from nodes (01, 03, 05). */
import { createCipheriv } from 'node:crypto';
import { sha256 } from './bytes.ts';
import { needLength, needRange } from './errors.ts';
import { RESULT_BYTES } from './result-bytes.ts';

export const LEAF_TAGS = { entry: 0x00, person: 0x02, row: 0x04 } as const;
export const SALT_BYTES = 16;
export const ROW_REF_BYTES = 16;
export const ENTRY_ID_BYTES = 16;
export const LOG_KEY_BYTES = 16;
export const CHUNK_SEED_BYTES = 32;

const PERSON_SALT_PREFIX = Buffer.from('lt-salt\0', 'latin1');

/** SHA-256(00 ‖ salt ‖ entry). `entry` is the stored bytes as they are, never serialised again. */
export function entryLeaf(salt: Uint8Array, entry: Uint8Array): Uint8Array {
  needLength(salt, SALT_BYTES, 'salt');
  return sha256(Buffer.concat([Buffer.of(LEAF_TAGS.entry), salt, entry]));
}

/**
 * Salt of person leaf `index` of an entry: first 16 bytes of SHA-256("lt-salt\0" ‖ log key ‖ entry id ‖ index u32 BE).
 * Once the person's log key is destroyed the leaf cannot be tied to them any more, and still verifies.
 */
export function personSalt(logKey: Uint8Array, entryId: Uint8Array, index: number): Uint8Array {
  needLength(logKey, LOG_KEY_BYTES, 'log key');
  needLength(entryId, ENTRY_ID_BYTES, 'entry id');
  needRange(index, 0, 0xffff_ffff, 'index');
  const number = Buffer.alloc(4);
  number.writeUInt32BE(index);
  return sha256(Buffer.concat([PERSON_SALT_PREFIX, logKey, entryId, number])).subarray(0, SALT_BYTES);
}

/** SHA-256(02 ‖ salt ‖ body); `body` as `encodePersonBody` writes it. */
export function personLeaf(salt: Uint8Array, body: Uint8Array): Uint8Array {
  needLength(salt, SALT_BYTES, 'salt');
  return sha256(Buffer.concat([Buffer.of(LEAF_TAGS.person), salt, body]));
}

/** SHA-256(04 ‖ salt ‖ row ref ‖ result), 55 bytes hashed: one SHA-256 block. */
export function rowLeaf(salt: Uint8Array, rowRef: Uint8Array, result: Uint8Array): Uint8Array {
  needLength(salt, SALT_BYTES, 'salt');
  needLength(rowRef, ROW_REF_BYTES, 'row ref');
  needLength(result, RESULT_BYTES, 'result');
  return sha256(Buffer.concat([Buffer.of(LEAF_TAGS.row), salt, rowRef, result]));
}

/** The first `count` row salts of a chunk, packed: AES-256-CTR key stream of the chunk's seed from counter 0. */
export function rowSalts(seed: Uint8Array, count: number): Uint8Array {
  needLength(seed, CHUNK_SEED_BYTES, 'seed');
  needRange(count, 0, 0xffff_ffff, 'count');
  return createCipheriv('aes-256-ctr', seed, Buffer.alloc(16)).update(Buffer.alloc(count * SALT_BYTES));
}

/** Salt `index` alone: what a row's proof reveals. It tells nothing of the seed or of any other salt. */
export function rowSalt(seed: Uint8Array, index: number): Uint8Array {
  needLength(seed, CHUNK_SEED_BYTES, 'seed');
  needRange(index, 0, 0xffff_ffff, 'index');
  const counter = Buffer.alloc(16);
  counter.writeUInt32BE(index, 12);
  return createCipheriv('aes-256-ctr', seed, counter).update(Buffer.alloc(SALT_BYTES));
}
