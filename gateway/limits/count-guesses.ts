import {
  GUARD_FIELDS,
  type GuardFindings,
  type GuardHint,
  type GuardNews,
  LEAST_BOUND,
} from '../exchange/guard-port.ts';
import type { AppendItem } from '../exchange/log-port.ts';
import { createGuardIndex, type GuardIndex, type Unit } from './guard-index.ts';
import { ADD_CROSSINGS, ADD_GUESSES, NEAR_SINCE, PUT_NEAR, READ_GUESSES } from './limits-sql.ts';
import type { Counters, LimitsConnection } from './take-quotas.ts';
import { readWords, wordArray, wordsOf } from './word-array.ts';

/** An item with what its rows were judged by. */
export interface Guarded {
  readonly item: AppendItem;
  readonly guard: GuardFindings;
  /** Made when it is first asked for. */
  readonly index: () => GuardIndex;
}

export function guarded(item: AppendItem, guard: GuardFindings): Guarded {
  let index: GuardIndex | undefined;
  return {
    item,
    guard,
    index: () => {
      index ??= createGuardIndex(guard);
      return index;
    },
  };
}

export interface Counted {
  readonly news: GuardNews[];
  /** Fields of people that several legal entities guess at, since this group. */
  readonly crossed: number;
}

/**
 * Counts wrong values, and finds what was judged too early: whoever has been given all answers of a budget since, or shares it with
 * another item of the group. `overtake` takes such an item out of the group; nothing of it is counted.
 *
 * The counters' rows of the legal entities are held, so nobody else adds to their units before the commit: what is read here is
 * what there is.
 */
export async function countGuesses(
  tx: LimitsConnection,
  all: readonly Guarded[],
  counters: Counters,
  overtake: (item: AppendItem) => void,
): Promise<Counted> {
  const news: GuardNews[] = [];
  let left = await dropLate(tx, all, counters, overtake, news);
  const before = await readGuesses(tx, left);
  if (before === undefined) return { news, crossed: 0 };
  let tallies = tally(left, before);
  const critical = nearOf(tallies).filter((unit) => concerned(unit, left).length > 0);
  if (!critical.every((unit) => isExpected(unit, left))) {
    const { kept, hints } = settleInOrder(left, critical, before);
    for (const one of left) if (!kept.includes(one)) overtake(one.item);
    for (const [legalEntity, ofEntity] of hints) {
      const at = counters.revisionOf(legalEntity);
      news.push({ legalEntity, from: at, to: at, near: [], hints: ofEntity });
    }
    left = kept;
    tallies = tally(left, before);
  }
  await addGuesses(tx, tallies);
  const near = nearOf(tallies);
  for (const [legalEntity, units] of Map.groupBy(near, (unit) => unit.legalEntity)) {
    const from = counters.revisionOf(legalEntity);
    counters.raiseRevision(legalEntity);
    news.push({ legalEntity, from, to: from + 1, near: units, hints: [] });
  }
  await putNear(tx, near, counters);
  return { news, crossed: await countCrossings(tx, near, left) };
}

/** Values of a unit, those of these items among them. */
interface Tally {
  readonly unit: bigint;
  readonly field: number;
  readonly legalEntity: string;
  readonly values: Set<bigint>;
  readonly fresh: bigint[];
}

/** What there is of the units that these items add to; undefined where they add nothing. */
async function readGuesses(
  tx: LimitsConnection,
  items: readonly Guarded[],
): Promise<ReadonlyMap<bigint, readonly bigint[]> | undefined> {
  const units = items.map(({ guard }) => guard.missUnits).filter(({ length }) => length > 0);
  if (units.length === 0) return undefined;
  const { rows } = await tx.execute(READ_GUESSES, [wordArray(units)]);
  const before = new Map<bigint, bigint[]>();
  for (const row of rows) {
    const unit = BigInt(row.unit as string);
    before.set(unit, [...(before.get(unit) ?? []), BigInt(row.value as string)]);
  }
  return before;
}

function tally(items: readonly Guarded[], before: ReadonlyMap<bigint, readonly bigint[]>): Tally[] {
  const tallies = new Map<bigint, Tally>();
  for (const { guard } of items) {
    const { legalEntity, missFields } = guard;
    const [units, values] = [readWords(guard.missUnits), readWords(guard.missValues)];
    for (const [i, unit] of units.entries()) {
      let one = tallies.get(unit);
      if (one === undefined) {
        one = { unit, field: missFields[i] ?? 0, legalEntity, values: new Set(before.get(unit)), fresh: [] };
        tallies.set(unit, one);
      }
      const value = values[i] ?? 0n;
      if (one.values.has(value)) continue;
      one.values.add(value);
      one.fresh.push(value);
    }
  }
  return [...tallies.values()].filter(({ fresh }) => fresh.length > 0);
}

/** Those that are near their bounds with what is added now. */
function nearOf(tallies: readonly Tally[]): Unit[] {
  return tallies
    .filter(({ values }) => values.size >= LEAST_BOUND)
    .map(({ unit, field, legalEntity, values }) => ({ unit, field, legalEntity, count: values.size }));
}

async function addGuesses(tx: LimitsConnection, tallies: readonly Tally[]): Promise<void> {
  if (tallies.length === 0) return;
  const units = tallies.flatMap(({ unit, fresh }) => fresh.map(() => unit));
  const values = tallies.flatMap(({ fresh }) => fresh);
  await tx.execute(ADD_GUESSES, [wordArray([wordsOf(units)]), wordArray([wordsOf(values)])]);
}

/** Those near their bounds, at the revision that the counters have now. */
async function putNear(tx: LimitsConnection, near: readonly Unit[], counters: Counters): Promise<void> {
  if (near.length === 0) return;
  await tx.execute(PUT_NEAR, [
    wordArray([wordsOf(near.map(({ unit }) => unit))]),
    near.map(({ legalEntity }) => legalEntity),
    near.map(({ field }) => field),
    near.map(({ count }) => count),
    near.map(({ legalEntity }) => counters.revisionOf(legalEntity)),
  ]);
}

/** People of whom several legal entities guess the same field: how many became an alarm now. */
async function countCrossings(tx: LimitsConnection, near: readonly Unit[], items: readonly Guarded[]): Promise<number> {
  const ofPeople = near.filter(({ field }) => field !== GUARD_FIELDS.number);
  const crossings = ofPeople.flatMap(({ unit, legalEntity }) =>
    items
      .map(({ index }) => ({ crossing: index().crossingOf(unit), legalEntity }))
      .filter(({ crossing }) => crossing !== 0n),
  );
  if (crossings.length === 0) return 0;
  const { rows } = await tx.execute(ADD_CROSSINGS, [
    wordArray([wordsOf(crossings.map(({ crossing }) => crossing))]),
    crossings.map(({ legalEntity }) => legalEntity),
  ]);
  return rows.length;
}

/** Those who were judged before a budget was spent that they stand on. */
async function dropLate(
  tx: LimitsConnection,
  all: readonly Guarded[],
  counters: Counters,
  overtake: (item: AppendItem) => void,
  news: GuardNews[],
): Promise<readonly Guarded[]> {
  const since = new Map<string, number>();
  for (const { guard } of all) {
    const { legalEntity, revision } = guard;
    if (revision >= counters.revisionOf(legalEntity)) continue;
    since.set(legalEntity, Math.min(revision, since.get(legalEntity) ?? revision));
  }
  if (since.size === 0) return all;
  const { rows } = await tx.execute(NEAR_SINCE, [[...since.keys()], [...since.values()]]);
  const units = rows.map(readUnit);
  for (const [legalEntity, from] of since) {
    const near = units.filter((unit) => unit.legalEntity === legalEntity);
    news.push({ legalEntity, from, to: counters.revisionOf(legalEntity), near, hints: [] });
  }
  return all.filter((one) => {
    const { legalEntity, revision } = one.guard;
    const late = revision < counters.revisionOf(legalEntity) && units.some((unit) => concerned(unit, [one]).length > 0);
    if (late) overtake(one.item);
    return !late;
  });
}

function readUnit(row: Record<string, unknown>): Unit {
  return {
    unit: BigInt(row.unit as string),
    count: row.count as number,
    field: row.field as number,
    legalEntity: row.entity as string,
  };
}

function boundOf({ bounds }: GuardFindings, { field }: Unit): number {
  return field === GUARD_FIELDS.number ? bounds.perName : bounds.perField;
}

/** The items that stand on a unit whose budget, as their agreement has it, is spent or overdrawn. */
function concerned(unit: Unit, items: readonly Guarded[]): Guarded[] {
  return items.filter(
    ({ guard, index }) =>
      guard.legalEntity === unit.legalEntity && unit.count >= boundOf(guard, unit) && index().standsOn(unit),
  );
}

/** Whether one item alone spent it, knew that it would, and nobody else of the group stands on it. */
function isExpected(unit: Unit, items: readonly Guarded[]): boolean {
  const [only, ...others] = concerned(unit, items);
  if (only === undefined || others.length > 0) return false;
  const index = only.index();
  return unit.count === boundOf(only.guard, unit) && index.knownOf(unit.unit) === unit.count;
}

/**
 * Gives out what is left of the budgets in the order of the items. Whoever would spend one must have known it: only then were its
 * later rows of the same unit judged as beyond it.
 */
function settleInOrder(
  items: readonly Guarded[],
  critical: readonly Unit[],
  before: ReadonlyMap<bigint, readonly bigint[]>,
) {
  const known = new Map(critical.map(({ unit }) => [unit, new Set(before.get(unit))]));
  const kept = items.filter(({ guard, index: indexOf }) => {
    const index = indexOf();
    const touched = critical
      .filter((unit) => index.standsOn(unit))
      .map((unit) => {
        const values = index.valuesOf(unit.unit);
        const after = new Set([...(known.get(unit.unit) ?? []), ...values]);
        return { unit, after, adds: values.length > 0 };
      });
    const fits = touched.every(({ unit, after, adds }) => {
      const bound = boundOf(guard, unit);
      return after.size < bound || (adds && after.size === bound && index.knownOf(unit.unit) === bound);
    });
    if (fits) for (const { unit, after } of touched) known.set(unit.unit, after);
    return fits;
  });
  const hints = new Map<string, GuardHint[]>();
  for (const { unit, legalEntity } of critical) {
    const hint = { unit, values: [...(known.get(unit) ?? [])] };
    hints.set(legalEntity, [...(hints.get(legalEntity) ?? []), hint]);
  }
  return { kept, hints };
}
