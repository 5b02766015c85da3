import { GUARD_FIELDS, type GuardFindings } from '../exchange/guard-port.ts';
import { readWords } from './word-array.ts';

/** A unit as the database tells it. */
export interface Unit {
  readonly unit: bigint;
  readonly count: number;
  readonly field: number;
  readonly legalEntity: string;
}

/** What an item adds to a unit. */
interface Own {
  readonly values: bigint[];
  readonly known: number;
  readonly crossing: bigint;
  times: number;
}

/** Looking for so many units among the thousands of a chunk costs less than counting all of them. */
const FEW = 32;

/**
 * What an item's rows add and stand on, made ready to be asked when it is first asked for: what they add only where a unit is near its
 * bound, what they stand on only where one is spent, which is seldom.
 */
export function createGuardIndex(guard: GuardFindings) {
  const own = once(() => readOwn(guard));
  const answers = once(() => countEach(readWords(guard.units)));
  const answersOfTags = once(() => countEach(readTags(guard.tags)));
  let looked = 0;
  return {
    /** Values that the item adds to a unit. */
    valuesOf: (unit: bigint): readonly bigint[] => own().get(unit)?.values ?? [],
    /** Values that its judge knew the unit to have after its rows; 0 where it did not know. */
    knownOf: (unit: bigint): number => own().get(unit)?.known ?? 0,
    /** What all legal entities have in common of the unit; 0 where the item does not add to it, or there is nobody. */
    crossingOf: (unit: bigint): bigint => own().get(unit)?.crossing ?? 0n,
    /** How many answers rest on the unit: somebody's field was compared, or a name and date that cannot be told from it. */
    answersOn({ unit, field, legalEntity }: Unit): number {
      if (legalEntity !== guard.legalEntity) return 0;
      let compared: number | undefined;
      if (field === GUARD_FIELDS.number) compared = answersOfTags().get(headOf(unit));
      else compared = looked++ < FEW ? countOf(guard.units, unit) : answers().get(unit);
      return Math.max(compared ?? 0, own().get(unit)?.times ?? 0);
    },
  };
}
export type GuardIndex = ReturnType<typeof createGuardIndex>;

function readOwn(guard: GuardFindings): ReadonlyMap<bigint, Own> {
  const own = new Map<bigint, Own>();
  const values = readWords(guard.missValues);
  const crossings = readWords(guard.missCrossings);
  for (const [i, unit] of readWords(guard.missUnits).entries()) {
    let miss = own.get(unit);
    if (miss === undefined) {
      miss = { values: [], known: guard.missCounts[i] ?? 0, crossing: crossings[i] ?? 0n, times: 0 };
      own.set(unit, miss);
    }
    miss.times += 1;
    const value = values[i] ?? 0n;
    if (!miss.values.includes(value)) miss.values.push(value);
  }
  return own;
}

const headOf = (unit: bigint) => Number(BigInt.asUintN(64, unit) >> 48n);

function readTags(tags: Uint8Array): Uint16Array {
  const out = new Uint16Array(tags.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = ((tags[i * 2] ?? 0) << 8) | (tags[i * 2 + 1] ?? 0);
  return out;
}

function countOf(units: Uint8Array, unit: bigint): number {
  const view = new DataView(units.buffer, units.byteOffset, units.length);
  const [high, low] = [Number(BigInt.asIntN(32, unit >> 32n)), Number(BigInt.asIntN(32, unit))];
  let count = 0;
  for (let at = 0; at < units.length; at += 8) {
    if (view.getInt32(at) === high && view.getInt32(at + 4) === low) count += 1;
  }
  return count;
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
