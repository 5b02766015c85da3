import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { below, createPermutation, createScramble, draw, weighted, weightedWords } from './random.ts';

describe('draw', () => {
  it('depends on each of its arguments', () => {
    const values = new Set([draw(1, 1, 1), draw(2, 1, 1), draw(1, 2, 1), draw(1, 1, 2)]);
    expect(values.size).toBe(4);
  });

  it('spreads evenly over its range, also for neighbouring indices', () => {
    const bins = new Array<number>(16).fill(0);
    for (let index = 0; index < 160_000; index++) bins[below(draw(7, index, 3), 16)]!++;
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('does not tie the draws of one use to those of another', () => {
    let equalTopBit = 0;
    for (let index = 0; index < 100_000; index++) {
      if (draw(7, index, 3) >>> 31 === draw(7, index, 4) >>> 31) equalTopBit++;
    }
    expect(Math.abs(equalTopBit - 50_000)).toBeLessThan(1_000);
  });
});

describe('scramble and permutation', () => {
  it('map their range onto itself one to one', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (seed, left, right) => {
        const scramble = createScramble(seed, 5, left, right);
        const image = new Set(Array.from({ length: left * right }, (_, index) => scramble(index)));
        expect(image.size).toBe(left * right);
        expect(Math.min(...image)).toBe(0);
        expect(Math.max(...image)).toBe(left * right - 1);
      }),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 500 }), (seed, size) => {
        const permute = createPermutation(seed, 9, size);
        expect(new Set(Array.from({ length: size }, (_, index) => permute(index))).size).toBe(size);
        expect(permute(size - 1)).toBeLessThan(size);
      }),
      { numRuns: 100 },
    );
  });

  it('refuse an index outside their range', () => {
    expect(() => createScramble(1, 1, 10, 10)(100)).toThrow(RangeError);
    expect(() => createScramble(1, 1, 10, 10)(-1)).toThrow(RangeError);
    expect(() => createPermutation(1, 1, 10)(10)).toThrow(RangeError);
    expect(() => createScramble(1, 1, 100_000, 100_000)).toThrow(RangeError);
  });
});

describe('weighted', () => {
  it('honours the weights', () => {
    const table = weighted([
      ['a', 3],
      ['b', 1],
    ]);
    let a = 0;
    for (let index = 0; index < 40_000; index++) if (table.pick(draw(1, index, 1)) === 'a') a++;
    expect(Math.abs(a - 30_000)).toBeLessThan(600);
  });

  it('picks something at both ends of the range', () => {
    const table = weightedWords('x:1 y:9');
    expect(table.pick(0)).toBe('x');
    expect(weightedWords('x:1 y_z:9').pick(0xffff_ffff)).toBe('y z');
    expect(() => weighted([])).toThrow(RangeError);
  });
});
