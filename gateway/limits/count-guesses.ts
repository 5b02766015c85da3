import { GUARD_FIELDS, type GuardFindings, type GuardHint, type GuardNews } from '../exchange/guard-port.ts';
import type { AppendItem } from '../exchange/log-port.ts';
import { createGuardIndex, type GuardIndex, type Unit } from './guard-index.ts';
import { ADD_CROSSINGS, ADD_GUESSES, NEAR_SINCE, PUT_NEAR, READ_GUESSES } from './limits-sql.ts';
import type { Counters, LimitsConnection } from './take-quotas.ts';
import { type Held, tallyGuesses, valuesByUnit } from './tally-guesses.ts';
import { wordArray, wordsOf } from './word-array.ts';

/** An item with what its rows were judged by. */
export interface Guarded {
  readonly item: AppendItem;
  readonly guard: GuardFindings;
  readonly index: GuardIndex;
}

export function guarded(item: AppendItem, guard: GuardFindings): Guarded {
  return { item, guard, index: createGuardIndex(guard) };
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
  const held = await readGuesses(tx, left);
  if (held === undefined) return { news, crossed: 0 };
  let tally = tallyGuesses(left.map(guardOf), held);
  const critical = tally.near.filter((unit) => left.some((one) => concerns(unit, one)));
  if (critical.length > 0) {
    const { kept, hints } = settleInOrder(left, critical, held);
    if (kept.length < left.length) {
      for (const one of left) if (!kept.includes(one)) overtake(one.item);
      for (const [legalEntity, ofEntity] of hints) {
        const at = counters.revisionOf(legalEntity);
        news.push({ legalEntity, from: at, to: at, near: [], hints: ofEntity });
      }
      left = kept;
      tally = tallyGuesses(left.map(guardOf), held);
    }
  }
  const { near, freshUnits, freshValues } = tally;
  if (freshUnits.length > 0) await tx.execute(ADD_GUESSES, [wordArray([freshUnits]), wordArray([freshValues])]);
  for (const [legalEntity, units] of Map.groupBy(near, (unit) => unit.legalEntity)) {
    const from = counters.revisionOf(legalEntity);
    counters.raiseRevision(legalEntity);
    news.push({ legalEntity, from, to: from + 1, near: units, hints: [] });
  }
  await putNear(tx, near, counters);
  return { news, crossed: await countCrossings(tx, near, left) };
}

const NONE = new Uint8Array(0);
const guardOf = ({ guard }: Guarded) => guard;

/** What there is of the units that these items add to; undefined where they add nothing. */
async function readGuesses(tx: LimitsConnection, items: readonly Guarded[]): Promise<Held | undefined> {
  const units = items.map(({ guard }) => guard.missUnits).filter(({ length }) => length > 0);
  if (units.length === 0) return undefined;
  const { rows } = await tx.execute(READ_GUESSES, [wordArray(units)]);
  return (rows[0]?.held as Buffer | null) ?? NONE;
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
      .map(({ index }) => ({ crossing: index.crossingOf(unit), legalEntity }))
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
    const late = revision < counters.revisionOf(legalEntity) && units.some((unit) => concerns(unit, one));
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

/** Whether an item stands on a unit whose budget, as its agreement has it, is spent or overdrawn. */
function concerns(unit: Unit, { guard, index }: Guarded): boolean {
  return guard.legalEntity === unit.legalEntity && unit.count >= boundOf(guard, unit) && index.answersOn(unit) > 0;
}

/**
 * Gives out what is left of the budgets in the order of the items. Whoever spends the last of one must have been judged so: nothing
 * of the item rests on the unit but what it adds to it, or its judge knew where the bound was reached, and what lies behind was judged
 * as beyond it.
 */
function settleInOrder(items: readonly Guarded[], critical: readonly Unit[], held: Held) {
  const values = valuesByUnit(held);
  const known = new Map(critical.map(({ unit }) => [unit, new Set(values.get(unit))]));
  const kept = items.filter(({ guard, index }) => {
    const touched = critical
      .filter((unit) => index.answersOn(unit) > 0)
      .map((unit) => {
        const before = known.get(unit.unit) ?? new Set();
        const after = new Set([...before, ...index.valuesOf(unit.unit)]);
        return { unit, after, added: after.size - before.size };
      });
    const fits = touched.every(({ unit, after, added }) => {
      const bound = boundOf(guard, unit);
      if (after.size !== bound || added === 0) return after.size < bound;
      return added === index.answersOn(unit) || index.knownOf(unit.unit) === bound;
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
