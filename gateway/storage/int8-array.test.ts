import fc from 'fast-check';
import { expect, test } from 'vitest';
import { int8Array } from './int8-array.ts';

test('is the form that PostgreSQL documents for a one-dimensional array of int8 without nulls', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), { maxLength: 20 }), (values) => {
      const bytes = int8Array(Float64Array.from(values));
      expect([0, 4, 8, 12, 16].map((at) => bytes.readInt32BE(at))).toEqual([1, 0, 20, values.length, 1]);
      expect(bytes.length).toBe(20 + 12 * values.length);
      values.forEach((value, i) => {
        expect(bytes.readInt32BE(20 + 12 * i)).toBe(8);
        expect(bytes.readBigInt64BE(24 + 12 * i)).toBe(BigInt(value));
      });
    }),
  );
});
