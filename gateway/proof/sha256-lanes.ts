/**
 * The batch hashes on four SIMD lanes: every message here fits one SHA-256 block (a node two), so four of them are hashed in
 * step. Messages that do not fit go to Node's SHA-256. Scratch memory is fixed (1 MiB a thread) and no call yields.
 */

import type { BulkHasher } from './bulk-hasher.ts';
import { HASH_BYTES } from './bytes.ts';
import { createNativeHasher } from './native-hasher.ts';
import { SHA256_LANES_WASM } from './sha256-lanes.wasm.ts';

/** The exports of the generated module; `sha256-lanes.generate.ts` documents each. */
interface Lanes {
  readonly memory: { readonly buffer: ArrayBuffer };
  blocks(src: number, dst: number, n: number, iv: number): void;
  nodes(src: number, dst: number, n: number, iv: number, tag: number): void;
  stamp(block: number, dst: number, n: number): void;
  place(src: number, srcStep: number, dst: number, dstStep: number, n: number): void;
  count(dst: number, first: number, n: number): void;
  fill(src: number, offsets: number, dst: number, n: number, at: number, extraBits: number): void;
}

/** The part of WebAssembly that is used; Node's types know nothing of it without those of browsers. */
interface WebAssemblyApi {
  validate(code: Uint8Array): boolean;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

/** Messages that are hashed in step. */
const LANES = 4;
/** Items a call; a tree call takes twice as many. */
const BATCH = 4096;
const TREE_BATCH = 2 * BATCH;
const BLOCK = 64;
/** Bytes of a message that fit one block beside the 80 and the length. */
const ONE_BLOCK = 55;
const PERSON_HEAD = 17;

/** Where things lie in the module's memory, after its own first 640 bytes. */
const AT = { iv: 640, inner: 672, outer: 704, template: 768, blocks: 4096, digests: 266_240, keys: 397_312 } as const;
const REFS = AT.keys + 16 * BATCH;
const RESULTS = REFS + 16 * BATCH;
const MESSAGES = RESULTS + 22 * BATCH + 64;
const OFFSETS = MESSAGES + BLOCK * BATCH;

const INITIAL_STATE = Buffer.from('6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19', 'hex');

/** Undefined where WebAssembly or its SIMD is missing. */
export function createLanesHasher(): BulkHasher | undefined {
  const wasm = (globalThis as { readonly WebAssembly?: WebAssemblyApi }).WebAssembly;
  const code = Buffer.from(SHA256_LANES_WASM, 'base64');
  if (wasm === undefined || !wasm.validate(code)) return undefined;
  const lanes = new wasm.Instance(new wasm.Module(code)).exports as Lanes;
  const memory = Buffer.from(lanes.memory.buffer);
  const offsetMemory = new Uint32Array(lanes.memory.buffer, OFFSETS, BATCH + 1);
  const native = createNativeHasher();
  memory.set(INITIAL_STATE, AT.iv);

  function treeOf(leaves: Uint8Array, tag: number): Uint8Array {
    let size = leaves.length / HASH_BYTES;
    let [from, to]: [number, number] = [AT.blocks, AT.digests];
    memory.set(leaves, from);
    while (size > 1) {
      const pairs = size >> 1;
      lanes.nodes(from, to, pairs, AT.iv, tag);
      // RFC 6962: the odd one moves up as it is. After the call, which writes up to a multiple of four nodes.
      if (size & 1)
        memory.copyWithin(to + pairs * HASH_BYTES, from + (size - 1) * HASH_BYTES, from + size * HASH_BYTES);
      size = pairs + (size & 1);
      [from, to] = [to, from];
    }
    return Buffer.from(memory.subarray(from, from + HASH_BYTES));
  }

  function treeRoot(leaves: Uint8Array, tag: number): Uint8Array {
    if (leaves.length === 0) return native.treeRoot(leaves, tag);
    const step = TREE_BATCH * HASH_BYTES;
    if (leaves.length <= step) return treeOf(leaves, tag);
    // All slices but the last are perfect subtrees, so the tree over their roots is the rest of the same tree.
    const roots: Uint8Array[] = [];
    for (let at = 0; at < leaves.length; at += step) roots.push(treeOf(leaves.subarray(at, at + step), tag));
    return treeRoot(Buffer.concat(roots), tag);
  }

  /** Copies messages first … first+n−1 in; false (and nothing copied) if one of them does not fit a block after `head` bytes. */
  function loadMessages(bytes: Uint8Array, offsets: Uint32Array, first: number, n: number, head: number): boolean {
    const start = offsets[first]!;
    let previous = start;
    for (let i = 0; i < n; i++) {
      const end = offsets[first + i + 1]!;
      if (end - previous > ONE_BLOCK - head) return false;
      offsetMemory[i] = previous - start;
      previous = end;
    }
    offsetMemory[n] = previous - start;
    memory.set(bytes.subarray(start, previous), MESSAGES);
    return true;
  }

  function setTemplate(template: Uint8Array, messageBits: number, end: number): void {
    memory.fill(0, AT.template, AT.template + BLOCK);
    memory.set(template, AT.template);
    memory[AT.template + end] = 0x80;
    memory.writeUInt16BE(messageBits, AT.template + 62);
  }

  function personLeaves(
    logKeys: Uint8Array,
    entryId: Uint8Array,
    bodies: Uint8Array,
    offsets: Uint32Array,
    firstIndex: number,
  ): Uint8Array {
    const count = logKeys.length / 16;
    const out = Buffer.allocUnsafe(count * HASH_BYTES);
    setTemplate(Buffer.concat([Buffer.from('lt-salt\0', 'latin1'), Buffer.alloc(16), entryId]), 44 * 8, 44);
    for (let first = 0; first < count; first += BATCH) {
      const n = Math.min(BATCH, count - first);
      const keys = logKeys.subarray(first * 16, (first + n) * 16);
      if (!loadMessages(bodies, offsets, first, n, PERSON_HEAD)) {
        const part = offsets.subarray(first, first + n + 1);
        out.set(native.personLeaves(keys, entryId, bodies, part, firstIndex + first), first * HASH_BYTES);
        continue;
      }
      memory.set(keys, AT.keys);
      lanes.stamp(AT.template, AT.blocks, n);
      lanes.place(AT.keys, 16, AT.blocks + 8, BLOCK, n);
      lanes.count(AT.blocks + 40, firstIndex + first, n);
      lanes.blocks(AT.blocks, AT.digests, n, AT.iv);
      lanes.fill(MESSAGES, OFFSETS, AT.blocks, n, PERSON_HEAD, 0);
      for (let i = 0; i < n; i++) memory[AT.blocks + i * BLOCK] = 0x02;
      lanes.place(AT.digests, HASH_BYTES, AT.blocks + 1, BLOCK, n);
      lanes.blocks(AT.blocks, AT.digests, n, AT.iv);
      memory.copy(out, first * HASH_BYTES, AT.digests, AT.digests + n * HASH_BYTES);
    }
    return out;
  }

  function rowLeaves(salts: Uint8Array, rowRefs: Uint8Array, results: Uint8Array): Uint8Array {
    const count = salts.length / 16;
    const out = Buffer.allocUnsafe(count * HASH_BYTES);
    setTemplate(Uint8Array.of(0x04), 55 * 8, 55);
    for (let first = 0; first < count; first += BATCH) {
      const n = Math.min(BATCH, count - first);
      memory.set(salts.subarray(first * 16, (first + n) * 16), AT.keys);
      memory.set(rowRefs.subarray(first * 16, (first + n) * 16), REFS);
      memory.set(results.subarray(first * 22, (first + n) * 22), RESULTS);
      lanes.stamp(AT.template, AT.blocks, n);
      lanes.place(AT.keys, 16, AT.blocks + 1, BLOCK, n);
      lanes.place(REFS, 16, AT.blocks + 17, BLOCK, n);
      // 22 bytes as two overlapping sixteens.
      lanes.place(RESULTS, 22, AT.blocks + 33, BLOCK, n);
      lanes.place(RESULTS + 6, 22, AT.blocks + 39, BLOCK, n);
      lanes.blocks(AT.blocks, AT.digests, n, AT.iv);
      memory.copy(out, first * HASH_BYTES, AT.digests, AT.digests + n * HASH_BYTES);
    }
    return out;
  }

  function hmac16(key: Uint8Array, messages: Uint8Array, offsets: Uint32Array): Uint8Array {
    const count = offsets.length - 1;
    const out = Buffer.allocUnsafe(count * 16);
    // The two key blocks are hashed once; every message goes on from their states.
    keyState(key, 0x36, AT.inner);
    keyState(key, 0x5c, AT.outer);
    setTemplate(new Uint8Array(0), (BLOCK + HASH_BYTES) * 8, HASH_BYTES);
    for (let first = 0; first < count; first += BATCH) {
      const n = Math.min(BATCH, count - first);
      if (!loadMessages(messages, offsets, first, n, 0)) {
        out.set(native.hmac16(key, messages, offsets.subarray(first, first + n + 1)), first * 16);
        continue;
      }
      lanes.fill(MESSAGES, OFFSETS, AT.blocks, n, 0, BLOCK * 8);
      lanes.blocks(AT.blocks, AT.digests, n, AT.inner);
      lanes.stamp(AT.template, AT.blocks, n);
      lanes.place(AT.digests, HASH_BYTES, AT.blocks, BLOCK, n);
      lanes.place(AT.digests + 16, HASH_BYTES, AT.blocks + 16, BLOCK, n);
      lanes.blocks(AT.blocks, AT.digests, n, AT.outer);
      lanes.place(AT.digests, HASH_BYTES, AT.keys, 16, n);
      memory.copy(out, first * 16, AT.keys, AT.keys + n * 16);
    }
    return out;
  }

  function digests(messages: Uint8Array, offsets: Uint32Array): Uint8Array {
    const out = Buffer.allocUnsafe((offsets.length - 1) * HASH_BYTES);
    for (let first = 0; first < offsets.length - 1; first += BATCH) {
      digestsOf(messages, offsets.subarray(first, first + BATCH + 1), out.subarray(first * HASH_BYTES));
    }
    return out;
  }

  /** A long message is halved out of those beside it, which go on without it. */
  function digestsOf(messages: Uint8Array, offsets: Uint32Array, out: Buffer): void {
    const n = offsets.length - 1;
    if (loadMessages(messages, offsets, 0, n, 0)) {
      lanes.fill(MESSAGES, OFFSETS, AT.blocks, n, 0, 0);
      lanes.blocks(AT.blocks, AT.digests, n, AT.iv);
      memory.copy(out, 0, AT.digests, AT.digests + n * HASH_BYTES);
    } else if (n <= LANES) {
      out.set(native.digests(messages, offsets));
    } else {
      const half = n >> 1;
      digestsOf(messages, offsets.subarray(0, half + 1), out);
      digestsOf(messages, offsets.subarray(half), out.subarray(half * HASH_BYTES));
    }
  }

  function keyState(key: Uint8Array, pad: number, at: number): void {
    for (let i = 0; i < BLOCK; i++) memory[AT.blocks + i] = (key[i] ?? 0) ^ pad;
    lanes.blocks(AT.blocks, AT.digests, 1, AT.iv);
    memory.copy(memory, at, AT.digests, AT.digests + HASH_BYTES);
  }

  return { kind: 'lanes', treeRoot, personLeaves, rowLeaves, hmac16, digests };
}
