import { GUARD_FIELDS, type GuardFindings } from '../exchange/guard-port.ts';
import { WORD, wordAt } from './word-array.ts';

/** A unit as the database tells it. */
export interface Unit {
  readonly unit: bigint;
  readonly count: number;
  readonly field: number;
  readonly legalEntity: string;
}

/** Looking for so many units among the thousands of a chunk costs less than putting all of them in order. */
const FEW = 32;

/**
 * What an item's rows add and stand on, made ready to be asked when it is first asked for: what they add only where a unit is near its
 * bound, what they stand on only where one is spent, which is seldom.
 */
export function createGuardIndex(guard: GuardFindings) {
  const own = placesIn(guard.missUnits);
  const answers = placesIn(guard.units);
  const answersOfTags = once(() => countEach(readTags(guard.tags)));
  return {
    /** Values that the item adds to a unit. */
    valuesOf: (unit: bigint): readonly bigint[] => own(unit).map((i) => wordAt(guard.missValues, i)),
    /** Values that its judge knew the unit to have after its rows; 0 where it did not know. */
    knownOf(unit: bigint): number {
      const [first] = own(unit);
      return first === undefined ? 0 : (guard.missCounts[first] ?? 0);
    },
    /** What all legal entities have in common of the unit; 0 where the item does not add to it, or there is nobody. */
    crossingOf(unit: bigint): bigint {
      const [first] = own(unit);
      return first === undefined ? 0n : wordAt(guard.missCrossings, first);
    },
    /** How many answers rest on the unit: somebody's field was compared, or a name and date that cannot be told from it. */
    answersOn({ unit, field, legalEntity }: Unit): number {
      if (legalEntity !== guard.legalEntity) return 0;
      const compared = field === GUARD_FIELDS.number ? (answersOfTags().get(headOf(unit)) ?? 0) : answers(unit).length;
      return Math.max(compared, own(unit).length);
    },
  };
}
export type GuardIndex = ReturnType<typeof createGuardIndex>;

/** Where a word stands among others. */
function placesIn(words: Uint8Array): (word: bigint) => readonly number[] {
  const all = once(() => Map.groupBy(Array(words.length / WORD).keys(), (i) => wordAt(words, i)));
  let looked = 0;
  return (word) => (looked++ < FEW ? search(words, word) : (all().get(word) ?? []));
}

function search(words: Uint8Array, word: bigint): readonly number[] {
  const view = new DataView(words.buffer, words.byteOffset, words.length);
  const [high, low] = [Number(BigInt.asIntN(32, word >> 32n)), Number(BigInt.asIntN(32, word))];
  const places: number[] = [];
  for (let at = 0; at < words.length; at += WORD) {
    if (view.getInt32(at) === high && view.getInt32(at + 4) === low) places.push(at / WORD);
  }
  return places;
}

const headOf = (unit: bigint) => Number(BigInt.asUintN(64, unit) >> 48n);

function readTags(tags: Uint8Array): Uint16Array {
  const out = new Uint16Array(tags.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = ((tags[i * 2] ?? 0) << 8) | (tags[i * 2 + 1] ?? 0);
  return out;
}

function countEach<T>(all: Iterable<T>): ReadonlyMap<T, number> {
  const counts = new Map<T, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
