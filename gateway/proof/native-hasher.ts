/** The batch hashes on Node's own SHA-256, one message at a time: the fall-back, and the second opinion on the lanes. */
import { hash } from 'node:crypto';
import type { BulkHasher } from './bulk-hasher.ts';
import { asBuffer, HASH_BYTES, sha256, sha256Into } from './bytes.ts';

const PERSON_SALT_PREFIX = Buffer.from('lt-salt\0', 'latin1');

export function createNativeHasher(): BulkHasher {
  return { kind: 'native', treeRoot, personLeaves, rowLeaves, hmac16, digests };
}

function treeRoot(leaves: Uint8Array, tag: number): Uint8Array {
  let size = leaves.length / HASH_BYTES;
  if (size === 0) return sha256(Buffer.alloc(0));
  const level = Buffer.from(leaves);
  const node = Buffer.alloc(1 + 2 * HASH_BYTES);
  node[0] = tag;
  while (size > 1) {
    const pairs = Math.floor(size / 2);
    for (let i = 0; i < pairs; i++) {
      level.copy(node, 1, i * 64, i * 64 + 64);
      sha256Into(node, level, i * HASH_BYTES);
    }
    // RFC 6962: the odd one is not hashed again, it moves up as it is.
    if (size % 2 === 1) level.copyWithin(pairs * HASH_BYTES, (size - 1) * HASH_BYTES, size * HASH_BYTES);
    size = pairs + (size % 2);
  }
  return Buffer.from(level.subarray(0, HASH_BYTES));
}

function personLeaves(
  logKeys: Uint8Array,
  entryId: Uint8Array,
  bodies: Uint8Array,
  offsets: Uint32Array,
  firstIndex: number,
): Uint8Array {
  const count = logKeys.length / 16;
  const out = Buffer.alloc(count * HASH_BYTES);
  const keys = asBuffer(logKeys);
  const packed = asBuffer(bodies);
  const salted = Buffer.alloc(44);
  PERSON_SALT_PREFIX.copy(salted, 0);
  salted.set(entryId, 24);
  let leaf = Buffer.alloc(64);
  for (let i = 0; i < count; i++) {
    keys.copy(salted, 8, i * 16, i * 16 + 16);
    salted.writeUInt32BE(firstIndex + i, 40);
    const start = offsets[i]!;
    const end = offsets[i + 1]!;
    if (leaf.length < 17 + end - start) leaf = Buffer.alloc(17 + end - start);
    leaf[0] = 0x02;
    leaf.write(hash('sha256', salted, 'binary'), 1, 16, 'latin1');
    packed.copy(leaf, 17, start, end);
    sha256Into(leaf.subarray(0, 17 + end - start), out, i * HASH_BYTES);
  }
  return out;
}

function rowLeaves(salts: Uint8Array, rowRefs: Uint8Array, results: Uint8Array): Uint8Array {
  const count = salts.length / 16;
  const out = Buffer.alloc(count * HASH_BYTES);
  const leaf = Buffer.alloc(55);
  leaf[0] = 0x04;
  const [saltBytes, refBytes, resultBytes] = [asBuffer(salts), asBuffer(rowRefs), asBuffer(results)];
  for (let i = 0; i < count; i++) {
    saltBytes.copy(leaf, 1, i * 16, i * 16 + 16);
    refBytes.copy(leaf, 17, i * 16, i * 16 + 16);
    resultBytes.copy(leaf, 33, i * 22, i * 22 + 22);
    sha256Into(leaf, out, i * HASH_BYTES);
  }
  return out;
}

function hmac16(key: Uint8Array, messages: Uint8Array, offsets: Uint32Array): Uint8Array {
  const count = offsets.length - 1;
  const out = Buffer.alloc(count * 16);
  const packed = asBuffer(messages);
  const outer = Buffer.alloc(96, 0x5c);
  let inner = Buffer.alloc(128);
  for (let i = 0; i < 64; i++) outer[i] = (key[i] ?? 0) ^ 0x5c;
  const setInner = () => {
    for (let i = 0; i < 64; i++) inner[i] = (key[i] ?? 0) ^ 0x36;
  };
  setInner();
  for (let i = 0; i < count; i++) {
    const start = offsets[i]!;
    const end = offsets[i + 1]!;
    if (inner.length < 64 + end - start) {
      inner = Buffer.alloc(64 + end - start);
      setInner();
    }
    packed.copy(inner, 64, start, end);
    outer.write(hash('sha256', inner.subarray(0, 64 + end - start), 'binary'), 64, 32, 'latin1');
    out.write(hash('sha256', outer, 'binary'), i * 16, 16, 'latin1');
  }
  return out;
}

function digests(messages: Uint8Array, offsets: Uint32Array): Uint8Array {
  const count = offsets.length - 1;
  const out = Buffer.alloc(count * HASH_BYTES);
  for (let i = 0; i < count; i++) sha256Into(messages.subarray(offsets[i]!, offsets[i + 1]!), out, i * HASH_BYTES);
  return out;
}
