import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../test/support/any-text.ts';
import { digests, personLeaves, rowLeaves, rowRefs, treeRoot } from './batch.ts';
import { type BulkHasher, bulkHasher } from './bulk-hasher.ts';
import { personLeaf, personSalt, rowLeaf, rowSalt, rowSalts } from './leaf.ts';
import { createNativeHasher } from './native-hasher.ts';
import { hashOf, hex, sampleLeaves, slowRoot } from './reference.test-support.ts';
import { createLanesHasher } from './sha256-lanes.ts';
import { NODE_TAGS } from './tree.ts';

const lanes = createLanesHasher();
const hashers: [string, BulkHasher][] = [['native', createNativeHasher()]];
if (lanes !== undefined) hashers.push(['lanes', lanes]);

/** `length` bytes that depend on `seed`, without the cost of generating them one by one. */
function noise(length: number, seed: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => hashOf(Buffer.from(`noise ${seed} ${i}`)));
  return Buffer.concat(blocks).subarray(0, length);
}

function offsetsOf(lengths: readonly number[]): Uint32Array {
  let at = 0;
  return Uint32Array.from([0, ...lengths.map((length) => (at += length))]);
}

describe('this machine', () => {
  it('has the lanes, and uses them', () => {
    expect(lanes?.kind).toBe('lanes');
    expect(bulkHasher().kind).toBe('lanes');
  });
});

describe.each(hashers)('batch hashes on %s', (_name, hasher) => {
  it('give the row leaves of the single functions', () => {
    fc.assert(
      fc.property(fc.nat(70), fc.nat(1000), (count, seed) => {
        const chunkSeed = noise(32, seed);
        const refs = noise(count * 16, seed + 1);
        const results = noise(count * 22, seed + 2);
        const leaves = rowLeaves(chunkSeed, refs, results, hasher);
        expect(leaves.length).toBe(count * 32);
        for (let i = 0; i < count; i++) {
          const [ref, result] = [refs.subarray(i * 16, i * 16 + 16), results.subarray(i * 22, i * 22 + 22)];
          const own = rowLeaf(rowSalt(chunkSeed, i), ref, result);
          expect(hex(leaves.subarray(i * 32, i * 32 + 32))).toBe(hex(own));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('give the person leaves of the single functions, bodies of any length', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(45), { maxLength: 40 }),
        fc.nat(1000),
        fc.constantFrom(0, 1, 255, 65_536, 0xffff_0000),
        (lengths, seed, firstIndex) => {
          const keys = noise(lengths.length * 16, seed);
          const entryId = noise(16, seed + 1);
          const offsets = offsetsOf(lengths);
          const bodies = noise(offsets.at(-1)!, seed + 2);
          const leaves = personLeaves(keys, entryId, bodies, offsets, firstIndex, hasher);
          lengths.forEach((_, i) => {
            const salt = personSalt(keys.subarray(i * 16, i * 16 + 16), entryId, firstIndex + i);
            const own = personLeaf(salt, bodies.subarray(offsets[i], offsets[i + 1]));
            expect(hex(leaves.subarray(i * 32, i * 32 + 32))).toBe(hex(own));
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('give the tree roots of the slow reference', () => {
    fc.assert(
      fc.property(fc.nat(130), fc.constantFrom(...Object.values(NODE_TAGS)), (size, tag) => {
        const leaves = sampleLeaves(size);
        expect(hex(treeRoot(Buffer.concat(leaves), tag, hasher))).toBe(hex(slowRoot(leaves, tag)));
      }),
      { numRuns: 100 },
    );
  });

  it.each([8191, 8192, 8193, 8197, 16_385, 20_000])('give the root over %i leaves', (size) => {
    const packed = noise(size * 32, 7);
    const leaves = Array.from({ length: size }, (_, i) => packed.subarray(i * 32, i * 32 + 32));
    expect(hex(treeRoot(packed, NODE_TAGS.row, hasher))).toBe(hex(slowRoot(leaves, NODE_TAGS.row)));
  });

  it('give the row refs that HMAC-SHA-256 gives', () => {
    const cell = fc.oneof(fc.string({ maxLength: 30 }), anyText({ maxLength: 80 }));
    const row = fc.tuple(fc.nat(), cell, cell);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), fc.nat(1000), (rows, seed) => {
        const key = noise(32, seed);
        const refs = rowRefs(
          key,
          rows.map(([line]) => line),
          rows.map(([, id]) => id),
          rows.map(([, , phone]) => phone),
          hasher,
        );
        rows.forEach(([line, id, phone], i) => {
          const escaped = (text: string) => text.replaceAll('\x1b', '\x1b\x1b').replaceAll('\x1f', '\x1b\x1f');
          const own = createHmac('sha256', key)
            .update(`${line}\x1f${escaped(id)}\x1f${escaped(phone)}`, 'utf8')
            .digest();
          expect(hex(refs.subarray(i * 16, i * 16 + 16))).toBe(hex(own.subarray(0, 16)));
        });
      }),
      { numRuns: 200 },
    );
  });

  it('give the digests of messages of any length, wherever long ones stand', () => {
    const length = fc.oneof(
      { weight: 9, arbitrary: fc.nat(55) },
      { weight: 1, arbitrary: fc.integer({ min: 56, max: 200 }) },
    );
    fc.assert(
      fc.property(fc.array(length, { maxLength: 60 }), fc.nat(1000), (lengths, seed) => {
        const offsets = offsetsOf(lengths);
        const messages = noise(offsets.at(-1)!, seed);
        const packed = digests(messages, offsets, hasher);
        const own = lengths.map((_, i) => hashOf(messages.subarray(offsets[i], offsets[i + 1])));
        expect(hex(packed)).toBe(hex(Buffer.concat(own)));
      }),
      { numRuns: 100 },
    );
  });

  it('are the same over several batches as over one, long messages among short ones', () => {
    const count = 9000;
    const lengths = Array.from({ length: count }, (_, i) => (i === 5000 ? 300 : i % 39));
    const offsets = offsetsOf(lengths);
    const bodies = noise(offsets.at(-1)!, 1);
    const keys = noise(count * 16, 2);
    const entryId = noise(16, 3);
    const leaves = personLeaves(keys, entryId, bodies, offsets, 0, hasher);
    const each = digests(bodies, offsets, hasher);
    for (const i of [0, 1, 4095, 4096, 4999, 5000, 5001, 8191, 8192, 8999]) {
      const body = bodies.subarray(offsets[i], offsets[i + 1]);
      expect(hex(each.subarray(i * 32, i * 32 + 32))).toBe(hex(hashOf(body)));
      const salt = personSalt(keys.subarray(i * 16, i * 16 + 16), entryId, i);
      const own = personLeaf(salt, bodies.subarray(offsets[i], offsets[i + 1]));
      expect(hex(leaves.subarray(i * 32, i * 32 + 32))).toBe(hex(own));
    }
    const seed = noise(32, 4);
    const [refs, results] = [noise(count * 16, 5), noise(count * 22, 6)];
    const rows = rowLeaves(seed, refs, results, hasher);
    for (const i of [0, 4095, 4096, 8999]) {
      const own = rowLeaf(rowSalt(seed, i), refs.subarray(i * 16, i * 16 + 16), results.subarray(i * 22, i * 22 + 22));
      expect(hex(rows.subarray(i * 32, i * 32 + 32))).toBe(hex(own));
    }
  });

  it('leave nothing of one call in the next', () => {
    const seed = noise(32, 1);
    const first = hex(rowLeaves(seed, noise(80, 2), noise(110, 3), hasher));
    rowRefs(seed, [1, 2, 3], ['a', 'b'.repeat(100), 'c'], ['', '', ''], hasher);
    treeRoot(noise(32 * 77, 5), 3, hasher);
    expect(hex(rowLeaves(seed, noise(80, 2), noise(110, 3), hasher))).toBe(first);
  });
});

describe('row refs', () => {
  it('differ wherever a row differs, separators inside the cells too', () => {
    const key = noise(32, 1);
    const rows: [number, string, string][] = [
      [1, 'a\x1f', 'b'],
      [1, 'a', '\x1fb'],
      [1, 'a\x1b', 'b'],
      [1, 'a\x1b\x1f', 'b'],
      [1, 'a', 'b'],
      [1, 'ab', ''],
      [1, '', 'ab'],
      [11, 'a', 'b'],
      [1, '1a', 'b'],
      [1, 'ă', 'b'],
      [1, 'ă\x1fă', 'b'],
      [1, 'ă', 'ă\x1fb'],
      [1, 'ă'.normalize('NFD'), 'b'],
    ];
    const refs = rows.map(([line, id, phone]) => hex(rowRefs(key, [line], [id], [phone])));
    expect(new Set(refs).size).toBe(rows.length);
  });

  it('are refused for text without a UTF-8 form, for lines that are no numbers, for keys of other lengths', () => {
    const key = noise(32, 1);
    expect(() => rowRefs(key, [1], ['\ud800'], [''])).toThrow('NOT_CANONICAL');
    for (const line of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => rowRefs(key, [line], [''], [''])).toThrow('RANGE');
    expect(() => rowRefs(noise(31, 1), [1], [''], [''])).toThrow('LENGTH');
    expect(() => rowRefs(key, [1], ['', ''], [''])).toThrow('LENGTH');
  });
});

describe('row salts', () => {
  it('are one key stream, each block of which stands alone', () => {
    const seed = noise(32, 9);
    const salts = rowSalts(seed, 300);
    for (const i of [0, 1, 255, 256, 299]) {
      expect(hex(rowSalt(seed, i))).toBe(hex(salts.subarray(i * 16, i * 16 + 16)));
    }
  });
});

describe('packed arrays', () => {
  it('of wrong lengths are refused before anything is hashed', () => {
    const [seed, id] = [noise(32, 1), noise(16, 1)];
    expect(() => rowLeaves(seed, noise(17, 1), noise(22, 1))).toThrow('LENGTH');
    expect(() => rowLeaves(seed, noise(32, 1), noise(22, 1))).toThrow('LENGTH');
    expect(() => rowLeaves(seed.subarray(1), noise(16, 1), noise(22, 1))).toThrow('LENGTH');
    expect(() => personLeaves(noise(16, 1), id, noise(5, 1), Uint32Array.of(0))).toThrow('LENGTH');
    expect(() => personLeaves(noise(16, 1), id, noise(5, 1), Uint32Array.of(0, 6))).toThrow('RANGE');
    expect(() => personLeaves(noise(32, 1), id, noise(5, 1), Uint32Array.of(0, 5, 4))).toThrow('RANGE');
    expect(() => digests(noise(5, 1), Uint32Array.of(0, 6))).toThrow('RANGE');
    expect(() => digests(noise(5, 1), Uint32Array.of())).toThrow('LENGTH');
    expect(() => personLeaves(noise(16, 1), noise(15, 1), noise(5, 1), Uint32Array.of(0, 5))).toThrow('LENGTH');
  });
});
