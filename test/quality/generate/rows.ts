/** The labelled subscriber file over a world: a pure function of seed and size. */
import { absentRow, unreadableRow } from './absent.ts';
import { CLEAN } from './clean.ts';
import type { Person } from './damage.ts';
import { DATE_DAMAGES } from './dates/index.ts';
import { differentRow } from './different.ts';
import { countsOf, deal, kindOf, sharesOf, type TwoAreas } from './mix.ts';
import { NAME_DAMAGES } from './names/index.ts';
import { NUMBER_DAMAGES } from './numbers/forms.ts';
import { createRng, type Rng } from './random.ts';
import type { Row, Shown } from './row.ts';
import { type Plan, sameRow } from './same.ts';
import type { World } from './world.ts';

/** Tries before the population is called too small for a label. */
const TRIES = 20_000;

/** Keys of a table, each as often as its weight says. */
const byWeight = (table: Readonly<Record<string, { readonly weight: number }>>): readonly string[] =>
  Object.entries(table).flatMap(([key, { weight }]) => new Array<string>(weight).fill(key));
const NAME_KEYS = byWeight(NAME_DAMAGES);
const DATE_KEYS = byWeight(DATE_DAMAGES);
const ID_KEYS = byWeight(NUMBER_DAMAGES);

function planTwo(areas: TwoAreas, rng: Rng): Plan | undefined {
  const name = rng.pick(NAME_KEYS);
  switch (areas) {
    case 'name+name': {
      const other = rng.pick(NAME_KEYS);
      // Two damages of one stage undo or hide each other more often than they meet.
      return NAME_DAMAGES[name]!.stage === NAME_DAMAGES[other]!.stage ? undefined : { name: [name, other] };
    }
    case 'name+date':
      return { name: [name], date: rng.pick(DATE_KEYS) };
    case 'name+id':
      return { name: [name], id: rng.pick(ID_KEYS) };
    case 'date+id':
      return { name: [], date: rng.pick(DATE_KEYS), id: rng.pick(ID_KEYS) };
  }
}

function planOne(area: string, key: string): Plan {
  if (area === 'name') return { name: [key] };
  return area === 'date' ? { name: [], date: key } : { name: [], id: key };
}

/** Someone who may show the plan: from the pool that its number needs. */
function someone(world: World, plan: Plan | undefined, rng: Rng): Person | undefined {
  const pool = plan?.id === undefined ? undefined : NUMBER_DAMAGES[plan.id]!.pool;
  const list = pool === undefined ? world.subscribers : world.pools[pool];
  return list.length === 0 ? undefined : world.people[rng.pick(list)];
}

function tryRow(world: World, label: string, rng: Rng): Shown | undefined {
  const at = label.indexOf('.');
  const [group, key] = [label.slice(0, at), label.slice(at + 1)];
  if (group === 'different') return differentRow(world, key, rng);
  if (group === 'two') {
    const plan = planTwo(key as TwoAreas, rng);
    const person = someone(world, plan, rng);
    return plan === undefined || person === undefined ? undefined : sameRow(person, plan, rng);
  }
  const plan = group === 'id' || group === 'name' || group === 'date' ? planOne(group, key) : undefined;
  const person = someone(world, plan, rng);
  if (person === undefined) return undefined;
  if (plan !== undefined) return sameRow(person, plan, rng);
  if (group === 'clean') return CLEAN[key]!.write(person, rng);
  return group === 'absent' ? absentRow(world, key, person, rng) : unreadableRow(key, person, rng);
}

/**
 * All rows in the order of the file.
 * @throws {RangeError} where the population is too small to show a label
 */
export function* generateRows(world: World, seed: number, rows: number): Generator<Row> {
  const labels = deal(countsOf(sharesOf(world), rows), seed);
  for (const [index, label] of labels.entries()) {
    const rng = createRng(seed, index);
    let shown: Shown | undefined;
    for (let attempt = 0; shown === undefined; attempt++) {
      if (attempt === TRIES) throw new RangeError(`the population is too small to show ${label}`);
      shown = tryRow(world, label, rng);
    }
    yield { ...shown, rowId: index + 1, kind: kindOf(label), label };
  }
}
