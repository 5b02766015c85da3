import { describe, expect, test } from 'vitest';
import { jaro, jaroWinkler } from './jaro-winkler.ts';

describe('Jaro–Winkler', () => {
  // Winkler 1990, table of examples.
  test.each([
    ['MARTHA', 'MARHTA', 0.944, 0.961],
    ['DWAYNE', 'DUANE', 0.822, 0.84],
    ['DIXON', 'DICKSONX', 0.767, 0.813],
  ])('%s and %s', (a, b, similarity, raised) => {
    expect(jaro(a, b)).toBeCloseTo(similarity, 3);
    expect(jaroWinkler(a, b)).toBeCloseTo(raised, 3);
    expect(jaroWinkler(b, a)).toBeCloseTo(raised, 3);
  });

  test('ends: equal, nothing in common, empty', () => {
    expect([jaroWinkler('a', 'a'), jaroWinkler('abc', 'xyz'), jaroWinkler('', 'abc'), jaroWinkler('', '')]).toEqual([
      1, 0, 0, 1,
    ]);
  });
});
