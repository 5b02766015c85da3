import { type GuardFindings, LEAST_BOUND } from '../exchange/guard-port.ts';
import type { Unit } from './guard-index.ts';
import { createNumbering } from './numbering.ts';
import { WORD, wordAt } from './word-array.ts';

/** Values that units have in the database: unit and value in turn, 8 bytes each. */
export type Held = Uint8Array;
const RECORD = 2 * WORD;

/** What items add to their units. */
export interface Tally {
  /** Values that are not held: unit and value, 8 bytes each, each pair once. */
  readonly freshUnits: Buffer;
  readonly freshValues: Buffer;
  /** Units of them that are near their bounds, with what is held. */
  readonly near: Unit[];
}

/** Counts by tables of words: a group adds thousands, and while it is counted nobody else appends. */
export function tallyGuesses(items: readonly GuardFindings[], held: Held): Tally {
  const records = held.length / RECORD;
  const misses = items.reduce((sum, { missFields }) => sum + missFields.length, 0);
  const units = createNumbering(records + misses);
  const pairs = createNumbering(records + misses);
  const counts = new Int32Array(records + misses);

  /** The unit's number where it did not have the value, otherwise -1. */
  function add(unitView: DataView, unitAt: number, valueView: DataView, valueAt: number): number {
    const unit = units.numberOf(unitView.getInt32(unitAt), unitView.getInt32(unitAt + 4), 0);
    const before = pairs.size;
    if (pairs.numberOf(unit, valueView.getInt32(valueAt), valueView.getInt32(valueAt + 4)) < before) return -1;
    counts[unit] = (counts[unit] ?? 0) + 1;
    return unit;
  }

  const ofHeld = viewOf(held);
  for (let at = 0; at < held.length; at += RECORD) add(ofHeld, at, ofHeld, at + WORD);
  const [freshUnits, freshValues] = [Buffer.allocUnsafe(misses * WORD), Buffer.allocUnsafe(misses * WORD)];
  const near = new Map<number, { readonly guard: GuardFindings; readonly miss: number }>();
  let end = 0;
  for (const guard of items) {
    const [unitView, valueView] = [viewOf(guard.missUnits), viewOf(guard.missValues)];
    for (let miss = 0, at = 0; miss < guard.missFields.length; miss++, at += WORD) {
      const unit = add(unitView, at, valueView, at);
      if (unit < 0) continue;
      for (let b = 0; b < WORD; b++) freshUnits[end + b] = guard.missUnits[at + b] ?? 0;
      for (let b = 0; b < WORD; b++) freshValues[end + b] = guard.missValues[at + b] ?? 0;
      end += WORD;
      if ((counts[unit] ?? 0) >= LEAST_BOUND && !near.has(unit)) near.set(unit, { guard, miss });
    }
  }
  return {
    ...{ freshUnits: freshUnits.subarray(0, end), freshValues: freshValues.subarray(0, end) },
    near: Array.from(near, ([unit, { guard, miss }]) => ({
      unit: wordAt(guard.missUnits, miss),
      count: counts[unit] ?? 0,
      field: guard.missFields[miss] ?? 0,
      legalEntity: guard.legalEntity,
    })),
  };
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** What is held, by unit: to be looked at value by value, where a bound is near. */
export function valuesByUnit(held: Held): ReadonlyMap<bigint, ReadonlySet<bigint>> {
  const values = new Map<bigint, Set<bigint>>();
  for (let i = 0; i < held.length / WORD; i += 2) {
    const unit = wordAt(held, i);
    const own = values.get(unit) ?? new Set();
    values.set(unit, own.add(wordAt(held, i + 1)));
  }
  return values;
}
