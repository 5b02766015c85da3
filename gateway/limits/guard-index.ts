import { GUARD_FIELDS, type GuardFindings } from '../exchange/guard-port.ts';
import { readWords } from './word-array.ts';

/** A unit as the database tells it. */
export interface Unit {
  readonly unit: bigint;
  readonly count: number;
  readonly field: number;
  readonly legalEntity: string;
}

/** What an item's rows stand on, made ready to be asked: only where a budget is spent, which is seldom. */
export function createGuardIndex(guard: GuardFindings) {
  const units = new Set(readWords(guard.units));
  const tags = new Set<number>();
  for (let at = 0; at < guard.tags.length; at += 2) tags.add(((guard.tags[at] ?? 0) << 8) | (guard.tags[at + 1] ?? 0));
  const own = new Map<bigint, { readonly values: bigint[]; readonly known: number; readonly crossing: bigint }>();
  const values = readWords(guard.missValues);
  const crossings = readWords(guard.missCrossings);
  for (const [i, unit] of readWords(guard.missUnits).entries()) {
    const miss = own.get(unit) ?? { values: [], known: guard.missCounts[i] ?? 0, crossing: crossings[i] ?? 0n };
    const value = values[i] ?? 0n;
    if (!miss.values.includes(value)) miss.values.push(value);
    own.set(unit, miss);
  }
  return {
    /** Values that the item adds to a unit. */
    valuesOf: (unit: bigint): readonly bigint[] => own.get(unit)?.values ?? [],
    /** Values that its judge knew the unit to have after its rows; 0 where it did not know. */
    knownOf: (unit: bigint): number => own.get(unit)?.known ?? 0,
    /** What all legal entities have in common of the unit; 0 where the item does not add to it, or there is nobody. */
    crossingOf: (unit: bigint): bigint => own.get(unit)?.crossing ?? 0n,
    /** Whether an answer rests on the unit: somebody's field was compared, or a name and date that cannot be told from it. */
    standsOn({ unit, field, legalEntity }: Unit): boolean {
      if (legalEntity !== guard.legalEntity) return false;
      if (own.has(unit)) return true;
      return field === GUARD_FIELDS.number ? tags.has(Number(BigInt.asUintN(64, unit) >> 48n)) : units.has(unit);
    },
  };
}
export type GuardIndex = ReturnType<typeof createGuardIndex>;
