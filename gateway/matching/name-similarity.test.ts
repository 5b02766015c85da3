import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { letterSimilarity } from './name-similarity.ts';

/** The textbook distance without a band, on letters without marks: 4 a step. */
function slowScore(a: readonly number[], b: readonly number[]): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i + j) * 4),
  );
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const row = rows[i];
      if (row !== undefined) {
        row[j] = Math.min(at(i - 1, j) + 4, at(i, j - 1) + 4, at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 4));
      }
    }
  }
  return Math.round(99 * (1 - at(a.length, b.length) / (4 * Math.max(a.length, b.length))));
}

const letters = fc.array(fc.integer({ min: 97, max: 101 }), { minLength: 1, maxLength: 9 });

describe('letterSimilarity', () => {
  test('is the edit distance wherever the band holds it', () => {
    fc.assert(
      fc.property(letters, letters, (a, b) => {
        if (Math.abs(a.length - b.length) > 8) return;
        expect(letterSimilarity(Int32Array.from(a), a.length, Int32Array.from(b), b.length)).toBe(slowScore(a, b));
      }),
      { numRuns: 1000 },
    );
  });

  test('does not remember the names before', () => {
    const a = Int32Array.from([97, 98, 99]);
    const b = Int32Array.from([97, 98, 100]);
    const before = letterSimilarity(a, 3, b, 3);
    letterSimilarity(new Int32Array(200).fill(97), 200, new Int32Array(200).fill(98), 200);
    expect(letterSimilarity(a, 3, b, 3)).toBe(before);
  });

  test('takes a bounded number of steps a letter', () => {
    for (const size of [20, 50, 100, 200]) {
      let reads = 0;
      const counted = new Proxy(new Int32Array(size).fill(97), {
        get(target, key) {
          reads++;
          return Reflect.get(target, key);
        },
      });
      letterSimilarity(counted, size, new Int32Array(size).fill(98), size);
      expect(reads).toBeLessThanOrEqual(17 * size);
    }
  });
});
