/**
 * AES-256-GCM of many short messages under one key, with the same result as `sealing/seal.ts`.
 *
 * Setting up a cipher costs more than encrypting 20 bytes. Here the block cipher runs once, natively, over the counter blocks
 * of a whole batch; what is left of GCM (NIST SP 800-38D) is an exclusive or and GHASH, by tables of the key.
 */
import { createCipheriv, type KeyObject, randomFillSync } from 'node:crypto';
import { createGhash, type Words } from './ghash.ts';

const BLOCK = 16;
const NONCE = 12;
const TAG = 16;
/** Messages up to this length go by powers of H: one look-up a byte. */
const SHORT = 2 * BLOCK;
const NUMBER = 8;

/** Bytes that a sealed message takes: nonce ‖ ciphertext ‖ tag. */
export const sealedLength = (plain: number): number => NONCE + plain + TAG;

export interface BulkSealer {
  /**
   * Adds a message to the batch; `at` is where its sealed bytes will stand. Its context is `number` as 8 bytes big endian ‖
   * the sealer's suffix.
   */
  add(number: number, plain: Uint8Array, at: number): void;
  /** Seals the batch into `bytes`, each message at its place, and begins the next. */
  run(bytes: Uint8Array): void;
}

const xor = (into: Words, table: Uint32Array, place: number, value: number): void => {
  const at = (place * 256 + value) * 4;
  into[0] ^= table[at] ?? 0;
  into[1] ^= table[at + 1] ?? 0;
  into[2] ^= table[at + 2] ?? 0;
  into[3] ^= table[at + 3] ?? 0;
};

/** `suffix` ends the context of every message: authenticated, not stored. */
export function createBulkSealer(key: KeyObject, suffix: Uint8Array): BulkSealer {
  const encrypt = (blocks: Uint8Array) => createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(blocks);
  const ghash = createGhash(encrypt(Buffer.alloc(BLOCK)));
  const context = new Uint8Array(NUMBER + suffix.length);
  context.set(suffix, NUMBER);
  const contextBlocks = Math.ceil(context.length / BLOCK);
  let numbers: number[] = [];
  let plains: Uint8Array[] = [];
  let places: number[] = [];
  let blocks = 0;

  const lengths = (plain: number): Uint8Array => {
    const bytes = Buffer.alloc(BLOCK);
    bytes.writeUInt32BE(context.length * 8, 4);
    bytes.writeUInt32BE(plain * 8, 12);
    return bytes;
  };

  /** Of each short length: what the suffix and the lengths, alike for all messages, contribute. */
  const constants: Words[] = [];
  const constantOf = (plain: number): Words => {
    const state: Words = [0, 0, 0, 0];
    context.fill(0, 0, NUMBER);
    ghash.absorb(state, context, 0, context.length);
    ghash.absorb(state, new Uint8Array(plain), 0, plain);
    ghash.absorb(state, lengths(plain), 0, BLOCK);
    return state;
  };

  const state: Words = [0, 0, 0, 0];
  const hash = (number: number, bytes: Uint8Array, from: number, length: number): void => {
    if (length <= SHORT) {
      constants[length] ??= constantOf(length);
      const constant = constants[length]!;
      const cipherBlocks = (length + BLOCK - 1) >> 4;
      for (let word = 0; word < 4; word++) state[word] = constant[word] ?? 0;
      const ofNumber = ghash.tables(contextBlocks + cipherBlocks + 1);
      for (let place = NUMBER - 1, rest = number; rest > 0; place--) {
        const low = rest % 256;
        xor(state, ofNumber, place, low);
        rest = (rest - low) / 256;
      }
      for (let start = 0, power = cipherBlocks + 1; start < length; start += BLOCK, power--) {
        const table = ghash.tables(power);
        const end = Math.min(BLOCK, length - start);
        for (let i = 0; i < end; i++) xor(state, table, i, bytes[from + start + i] ?? 0);
      }
      return;
    }
    for (let i = NUMBER - 1, rest = number; i >= 0; i--) {
      context[i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    state.fill(0);
    ghash.absorb(state, context, 0, context.length);
    ghash.absorb(state, bytes, from, length);
    ghash.absorb(state, lengths(length), 0, BLOCK);
  };

  const counterBlocks = (): Buffer => {
    const counters = Buffer.alloc(blocks * BLOCK);
    const nonces = randomFillSync(new Uint32Array((plains.length * NONCE) / 4));
    const words = new Uint32Array(counters.buffer, counters.byteOffset, blocks * 4);
    let block = 0;
    for (let index = 0; index < plains.length; index++) {
      const count = 1 + ((plains[index]!.length + BLOCK - 1) >> 4);
      for (let i = 1; i <= count; i++, block++) {
        for (let word = 0; word < 3; word++) words[block * 4 + word] = nonces[index * 3 + word] ?? 0;
        counters.writeUInt32BE(i, block * BLOCK + NONCE);
      }
    }
    return counters;
  };

  return {
    add: (number, plain, at) => {
      numbers.push(number);
      places.push(at);
      plains.push(plain);
      blocks += 1 + ((plain.length + BLOCK - 1) >> 4);
    },
    run: (bytes) => {
      if (plains.length === 0) return;
      const counters = counterBlocks();
      const stream = encrypt(counters);
      let from = 0;
      for (let index = 0; index < plains.length; index++) {
        const plain = plains[index]!;
        const { length } = plain;
        let at = places[index] ?? 0;
        for (let i = 0; i < NONCE; i++) bytes[at + i] = counters[from + i] ?? 0;
        at += NONCE;
        for (let i = 0; i < length; i++) bytes[at + i] = (plain[i] ?? 0) ^ (stream[from + BLOCK + i] ?? 0);
        hash(numbers[index] ?? 0, bytes, at, length);
        at += length;
        for (let i = 0; i < TAG; i++) {
          bytes[at + i] = ((state[i >> 2] ?? 0) >>> (24 - (i & 3) * 8)) ^ (stream[from + i] ?? 0);
        }
        from += BLOCK * (1 + ((length + BLOCK - 1) >> 4));
      }
      numbers = [];
      plains = [];
      places = [];
      blocks = 0;
    },
  };
}
