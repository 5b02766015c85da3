import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNumberSort } from './sort-numbers.ts';

test('orders as a stable comparison does, call after call', () => {
  const sort = createNumberSort();
  const number = fc.oneof(fc.nat(5), fc.integer({ min: 0, max: 999_999_999_999 }), fc.nat(2 ** 21));
  fc.assert(
    fc.property(fc.array(number, { maxLength: 60 }), (numbers) => {
      const expected = numbers.map((_, i) => i).sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0) || a - b);
      expect([...sort(Float64Array.from(numbers), numbers.length)]).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
