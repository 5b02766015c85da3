/** Orders numbers of up to 12 digits by radix: four passes over the places instead of a comparison function. */

const BITS = 10;
const SIZE = 1 << BITS;
const HALF = 1 << (2 * BITS);

/**
 * The places of the first `count` values (whole, from 0, below 2^40) in ascending order; equal values keep their order.
 * The arrays behind the answer are used again by the next call.
 */
export function createNumberSort(): (values: Float64Array, count: number) => Uint32Array {
  let [low, high, order, next] = Array.from({ length: 4 }, () => new Uint32Array(0)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const starts = new Uint32Array(SIZE);

  const pass = (digits: Uint32Array, shift: number, count: number): void => {
    starts.fill(0);
    for (let i = 0; i < count; i++) starts[((digits[i] ?? 0) >>> shift) & (SIZE - 1)]!++;
    for (let value = 0, sum = 0; value < SIZE; value++) {
      const found = starts[value] ?? 0;
      starts[value] = sum;
      sum += found;
    }
    for (let i = 0; i < count; i++) {
      const place = order[i] ?? 0;
      const digit = ((digits[place] ?? 0) >>> shift) & (SIZE - 1);
      next[starts[digit]!++] = place;
    }
    [order, next] = [next, order];
  };

  return (values, count) => {
    if (low.length < count) {
      [low, high, order, next] = [low, high, order, next].map(() => new Uint32Array(count)) as [
        Uint32Array,
        Uint32Array,
        Uint32Array,
        Uint32Array,
      ];
    }
    for (let i = 0; i < count; i++) {
      const value = values[i] ?? 0;
      const upper = Math.floor(value / HALF);
      high[i] = upper;
      low[i] = value - upper * HALF;
      order[i] = i;
    }
    pass(low, 0, count);
    pass(low, BITS, count);
    pass(high, 0, count);
    pass(high, BITS, count);
    return order.subarray(0, count);
  };
}
