import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_BOUNDS, type GuardFindings, LEAST_BOUND } from '../exchange/guard-port.ts';
import { createGuardIndex } from './guard-index.ts';
import { createNumbering } from './numbering.ts';
import { tallyGuesses, valuesByUnit } from './tally-guesses.ts';
import { readWords, wordsOf } from './word-array.ts';

const NOTHING = new Uint8Array(0);
type Pair = readonly [bigint, bigint];
/** Few enough that the same come again; halves of them are alike. */
const word = fc.constantFrom(0n, 1n, -1n, 1n << 32n, -(1n << 32n), (1n << 63n) - 1n, 0x7fff_ffff_0000_0001n);
const pairs = fc.array(fc.tuple(word, word), { maxLength: 60 });

function findings(misses: readonly Pair[], legalEntity = 'A'): GuardFindings {
  const [missUnits, missValues] = [wordsOf(misses.map(([unit]) => unit)), wordsOf(misses.map(([, value]) => value))];
  const missFields = Uint8Array.from(misses, ([unit]) => 1 + Number(BigInt.asUintN(64, unit) % 3n));
  const missCounts = Uint8Array.from(misses, (_, i) => i);
  const missCrossings = wordsOf(misses.map((_, i) => BigInt(i)));
  return {
    ...{ legalEntity, bounds: DEFAULT_BOUNDS, revision: 0, units: missUnits, tags: NOTHING },
    ...{ missUnits, missValues, missFields, missCounts, missCrossings },
  };
}

test('a tally is what sets of values by unit say, whatever is held and comes twice', () => {
  fc.assert(
    fc.property(pairs, fc.array(pairs, { maxLength: 4 }), (held, items) => {
      const values = Map.groupBy(held, ([unit]) => unit);
      const before = new Map([...values].map(([unit, all]) => [unit, new Set(all.map(([, value]) => value))]));
      const packed = wordsOf(held.flat());
      expect(valuesByUnit(packed)).toEqual(before);

      const after = new Map([...before].map(([unit, all]) => [unit, new Set(all)]));
      const fresh: Pair[] = [];
      for (const [unit, value] of items.flat()) {
        const all = after.get(unit) ?? new Set();
        if (!all.has(value)) fresh.push([unit, value]);
        after.set(unit, all.add(value));
      }
      const tally = tallyGuesses(
        items.map((misses) => findings(misses)),
        packed,
      );
      const units = readWords(tally.freshUnits);
      expect(readWords(tally.freshValues).map((value, i) => [units[i], value])).toEqual(fresh);
      const near = [...new Set(units)].filter((unit) => (after.get(unit)?.size ?? 0) >= LEAST_BOUND);
      expect(new Map(tally.near.map((one) => [one.unit, one]))).toEqual(
        new Map(
          near.map((unit) => {
            const field = 1 + Number(BigInt.asUintN(64, unit) % 3n);
            return [unit, { unit, count: after.get(unit)?.size, field, legalEntity: 'A' }];
          }),
        ),
      );
    }),
    { numRuns: 200 },
  );
});

test('an index tells the same of a unit whether it is asked for a few or for many', () => {
  fc.assert(
    fc.property(pairs, word, (misses, unit) => {
      const index = createGuardIndex(findings(misses));
      const told = () => ({
        values: index.valuesOf(unit),
        known: index.knownOf(unit),
        crossing: index.crossingOf(unit),
        answers: index.answersOn({ unit, count: 5, field: 2, legalEntity: 'A' }),
      });
      const places = [...misses.keys()].filter((i) => misses[i]?.[0] === unit);
      const first = places[0] ?? 0;
      for (let n = 0; n < 30; n++) {
        expect(told()).toEqual({
          values: places.map((i) => misses[i]?.[1]),
          known: first,
          crossing: BigInt(first),
          answers: places.length,
        });
      }
      expect(index.answersOn({ unit, count: 5, field: 2, legalEntity: 'B' })).toBe(0);
    }),
    { numRuns: 50 },
  );
});

test('a numbering counts from nought, knows all three parts, and takes no more than was said', () => {
  const numbering = createNumbering(4);
  const triples = [
    [0, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
    [1, 0, 0],
  ] as const;
  for (let again = 0; again < 2; again++)
    expect(triples.map(([a, b, c]) => numbering.numberOf(a, b, c))).toEqual([0, 1, 2, 3]);
  expect(numbering.size).toBe(4);
  expect(() => numbering.numberOf(-1, 0, 0)).toThrow(RangeError);
});
