import fc from 'fast-check';
import { expect, it } from 'vitest';
import { copyBytes, viewOf } from './copy-bytes.ts';
import { packTexts, writeNumber } from './packed-texts.ts';

it('packs texts as UTF-8, and refuses what has none', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 20 }), (texts) => {
      const { bytes, spans } = packTexts(texts);
      expect(texts.map((_, i) => bytes.toString('utf8', spans[2 * i], spans[2 * i + 1]))).toEqual(texts);
    }),
  );
  expect(() => packTexts(['a', '\ud800'])).toThrow('NOT_CANONICAL');
});

it('writes whole numbers in decimal, up to the largest that is exact', () => {
  const edges = fc.constantFrom(
    0,
    9,
    10,
    2 ** 31 - 1,
    2 ** 31,
    21_474_836_479,
    21_474_836_480,
    Number.MAX_SAFE_INTEGER,
  );
  fc.assert(
    fc.property(fc.oneof(edges, fc.maxSafeNat(), fc.nat()), (value) => {
      const out = Buffer.alloc(20, 'x');
      const end = writeNumber(out, 1, value);
      expect(out.toString('latin1', 0, end + 1)).toBe(`x${value}x`);
    }),
    { numRuns: 500 },
  );
});

it('copies pieces of any length and place, and nothing beside them', () => {
  const piece = fc.record({ from: fc.nat(9), length: fc.nat(400), at: fc.nat(9) });
  fc.assert(
    fc.property(piece, ({ from, length, at }) => {
      const source = Buffer.from(Array.from({ length: 420 }, (_, i) => i % 251));
      const out = Buffer.alloc(440, 0xff);
      const wanted = Buffer.from(out);
      source.copy(wanted, at + 3, from, from + length);
      // Views that begin inside of their memory.
      expect(copyBytes(viewOf(out.subarray(3)), at, viewOf(source), from, from + length)).toBe(at + length);
      expect(out.equals(wanted)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
