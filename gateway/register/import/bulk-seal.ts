/**
 * AES-256-GCM of many short messages under one key, with the same result as `sealing/seal.ts`.
 *
 * Setting up a cipher costs more than encrypting 20 bytes. Here the block cipher runs once, natively, over the counter blocks
 * of a whole batch; what is left of GCM (NIST SP 800-38D) is an exclusive or and GHASH, by tables of the key. Meant for a
 * trusted host that imports: table look-ups are not constant in time.
 */
import { createCipheriv, type KeyObject, randomFillSync } from 'node:crypto';

const BLOCK = 16;
const NONCE = 12;
const TAG = 16;

/** x · H for each value of each of the 16 bytes of x: 64 KB, of which each entry is four words. */
function ghashTables(h: Buffer): Uint32Array {
  const tables = new Uint32Array(BLOCK * 256 * 4);
  let [a, b, c, d] = [h.readUInt32BE(0), h.readUInt32BE(4), h.readUInt32BE(8), h.readUInt32BE(12)];
  for (let bit = 0; bit < 128; bit++) {
    const table = (bit >> 3) * 256;
    const mask = 0x80 >> (bit & 7);
    for (let value = 0; value < 256; value++) {
      if ((value & mask) === 0) continue;
      const at = (table + value) * 4;
      tables[at]! ^= a;
      tables[at + 1]! ^= b;
      tables[at + 2]! ^= c;
      tables[at + 3]! ^= d;
    }
    // Times x: one bit to the right, and the polynomial where a bit falls out.
    const out = d & 1;
    d = (d >>> 1) | (c << 31);
    c = (c >>> 1) | (b << 31);
    b = (b >>> 1) | (a << 31);
    a = (a >>> 1) ^ (out === 1 ? 0xe1000000 : 0);
  }
  return tables;
}

export interface BulkSealer {
  /** Adds a message to the batch; returns its place. Its context is `number` as 8 bytes big endian ‖ the sealer's suffix. */
  add(number: number, plain: Uint8Array): number;
  /** Seals the batch: nonce ‖ ciphertext ‖ tag of message i stand in `bytes` from `ends[i - 1]` (0) to `ends[i]`. */
  run(): { readonly bytes: Buffer; readonly ends: readonly number[] };
}

/** `suffix` ends the context of every message: authenticated, not stored. */
export function createBulkSealer(key: KeyObject, suffix: Uint8Array): BulkSealer {
  const encrypt = (blocks: Uint8Array) => createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(blocks);
  const tables = ghashTables(encrypt(Buffer.alloc(BLOCK)));
  const state = new Uint32Array(4);
  const context = new Uint8Array(8 + suffix.length);
  context.set(suffix, 8);
  let numbers: number[] = [];
  let plains: Uint8Array[] = [];
  let size = 0;
  let blocks = 0;

  /** Takes `length` bytes of `data`, filled up with zeros to whole blocks, into the hash. */
  const absorb = (data: Uint8Array, from: number, length: number) => {
    for (let start = 0; start < length; start += BLOCK) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let i = 0; i < BLOCK; i++) {
        const fed = start + i < length ? (data[from + start + i] ?? 0) : 0;
        const before = ((state[i >> 2] ?? 0) >>> (24 - (i & 3) * 8)) & 255;
        const at = (i * 256 + (fed ^ before)) * 4;
        a ^= tables[at] ?? 0;
        b ^= tables[at + 1] ?? 0;
        c ^= tables[at + 2] ?? 0;
        d ^= tables[at + 3] ?? 0;
      }
      state[0] = a;
      state[1] = b;
      state[2] = c;
      state[3] = d;
    }
  };
  const lengths = new Uint8Array(BLOCK);
  const lengthView = new DataView(lengths.buffer);

  const run = (): { bytes: Buffer; ends: number[] } => {
    const bytes = Buffer.allocUnsafe(size);
    const ends: number[] = [];
    const counters = Buffer.alloc(blocks * BLOCK);
    const nonces = randomFillSync(Buffer.allocUnsafe(plains.length * NONCE));
    let block = 0;
    plains.forEach((plain, index) => {
      const count = 1 + Math.ceil(plain.length / BLOCK);
      for (let i = 1; i <= count; i++) {
        nonces.copy(counters, block * BLOCK, index * NONCE, (index + 1) * NONCE);
        counters.writeUInt32BE(i, block * BLOCK + NONCE);
        block++;
      }
    });
    const stream = encrypt(counters);
    let from = 0;
    let at = 0;
    plains.forEach((plain, index) => {
      let rest = numbers[index] ?? 0;
      for (let i = 7; i >= 0; i--) {
        context[i] = rest % 256;
        rest = Math.floor(rest / 256);
      }
      nonces.copy(bytes, at, index * NONCE, (index + 1) * NONCE);
      at += NONCE;
      for (let i = 0; i < plain.length; i++) bytes[at + i] = (plain[i] ?? 0) ^ (stream[from + BLOCK + i] ?? 0);
      state.fill(0);
      absorb(context, 0, context.length);
      absorb(bytes, at, plain.length);
      lengthView.setUint32(4, context.length * 8);
      lengthView.setUint32(12, plain.length * 8);
      absorb(lengths, 0, BLOCK);
      at += plain.length;
      for (let i = 0; i < TAG; i++) {
        bytes[at + i] = ((state[i >> 2] ?? 0) >>> (24 - (i & 3) * 8)) ^ (stream[from + i] ?? 0);
      }
      at += TAG;
      from += BLOCK * (1 + Math.ceil(plain.length / BLOCK));
      ends.push(at);
    });
    numbers = [];
    plains = [];
    size = 0;
    blocks = 0;
    return { bytes, ends };
  };

  return {
    add: (number, plain) => {
      numbers.push(number);
      size += NONCE + plain.length + TAG;
      blocks += 1 + Math.ceil(plain.length / BLOCK);
      return plains.push(plain) - 1;
    },
    run,
  };
}
