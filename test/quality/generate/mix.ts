/** How many rows of which label a file holds: shares that are stated here and nowhere else, dealt exactly. */
import { createPermutation } from '../../../gateway/development/synthetic/random.ts';
import { ABSENT, UNREADABLE } from './absent.ts';
import { CLEAN } from './clean.ts';
import { DATE_DAMAGES } from './dates/index.ts';
import { DIFFERENT } from './different.ts';
import { NAME_DAMAGES } from './names/index.ts';
import { NUMBER_DAMAGES } from './numbers/forms.ts';
import type { Kind } from './row.ts';
import type { World } from './world.ts';

/** Shares of all rows. A file to measure with, not a telco's: what is rare there must be met here often enough to count. */
export const MIX = { clean: 0.28, one: 0.42, two: 0.12, different: 0.13, absent: 0.03, unreadable: 0.02 } as const;

/** Shares of the rows with two damages, by what they damage. */
export const TWO = { 'name+name': 35, 'name+date': 35, 'name+id': 20, 'date+id': 10 } as const;
export type TwoAreas = keyof typeof TWO;

const LABEL_KIND: Readonly<Record<string, Kind>> = {
  different: 'different',
  absent: 'absent',
  unreadable: 'unreadable',
};

/** What is true of all rows of a label. */
export const kindOf = (label: string): Kind => LABEL_KIND[label.slice(0, label.indexOf('.'))] ?? 'same';

type Shares = readonly (readonly [label: string, share: number])[];

function scaled(prefix: string, total: number, table: Readonly<Record<string, number>>): Shares {
  const sum = Object.values(table).reduce((all, share) => all + share, 0);
  return Object.entries(table).map(([key, share]) => [`${prefix}.${key}`, (total * share) / sum] as const);
}

const pluck = <T>(table: Readonly<Record<string, T>>, share: (entry: T) => number): Record<string, number> =>
  Object.fromEntries(Object.entries(table).map(([key, entry]) => [key, share(entry)]));

/** Damages of one kind each that this world can show. */
function singles(world: World): Shares {
  const all = {
    ...prefixed('name', NAME_DAMAGES),
    ...prefixed('date', DATE_DAMAGES),
    ...prefixed('id', NUMBER_DAMAGES),
  };
  const shown = Object.entries(all).filter(([, { pool }]) => pool === undefined || world.pools[pool].length > 0);
  const sum = shown.reduce((total, [, { weight }]) => total + weight, 0);
  return shown.map(([label, { weight }]) => [label, (MIX.one * weight) / sum] as const);
}

function prefixed<T extends { readonly weight: number }>(area: string, table: Readonly<Record<string, T>>) {
  return Object.fromEntries(
    Object.entries(table).map(([key, { weight, ...rest }]) => [
      `${area}.${key}`,
      { weight, pool: 'pool' in rest ? (rest.pool as keyof World['pools'] | undefined) : undefined },
    ]),
  );
}

/** Every label with its share of all rows; the shares add up to 1. */
export function sharesOf(world: World): Shares {
  const different = Object.fromEntries(
    Object.entries(DIFFERENT).filter(([, { pairs }]) => pairs === undefined || pairs(world).length > 0),
  );
  return [
    ...scaled(
      'clean',
      MIX.clean,
      pluck(CLEAN, ({ share }) => share),
    ),
    ...singles(world),
    ...scaled('two', MIX.two, TWO),
    ...scaled(
      'different',
      MIX.different,
      pluck(different, ({ share }) => share),
    ),
    ...scaled(
      'absent',
      MIX.absent,
      pluck(ABSENT, ({ share }) => share),
    ),
    ...scaled(
      'unreadable',
      MIX.unreadable,
      pluck(UNREADABLE, ({ share }) => share),
    ),
  ];
}

/** Rows of each label in a file of `rows`: shares rounded down, the rest to the largest remainders. */
export function countsOf(shares: Shares, rows: number): ReadonlyMap<string, number> {
  const counts = new Map(shares.map(([label, share]) => [label, Math.floor(share * rows)]));
  let left = rows - [...counts.values()].reduce((sum, count) => sum + count, 0);
  for (const [label] of shares.toSorted((a, b) => ((b[1] * rows) % 1) - ((a[1] * rows) % 1))) {
    if (left-- <= 0) break;
    counts.set(label, counts.get(label)! + 1);
  }
  return counts;
}

const DEAL_USE = 0x5151;

/** The label of each row, spread over the file. */
export function deal(counts: ReadonlyMap<string, number>, seed: number): string[] {
  const labels = [...counts].flatMap(([label, count]) => new Array<string>(count).fill(label));
  const place = createPermutation(seed, DEAL_USE, Math.max(1, labels.length));
  return labels.map((_, row) => labels[place(row)]!);
}
