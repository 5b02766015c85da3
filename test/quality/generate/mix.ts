/** How many rows of which label a file holds: shares that are stated here and nowhere else, dealt exactly. */
import { createPermutation } from '../../../gateway/development/synthetic/random.ts';
import { ABSENT, UNREADABLE } from './absent.ts';
import { CLEAN } from './clean.ts';
import type { Pool } from './damage.ts';
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

type Single = { readonly weight: number; readonly pool?: Pool };

const SINGLES: readonly (readonly [area: string, table: Readonly<Record<string, Single>>])[] = [
  ['name', NAME_DAMAGES],
  ['date', DATE_DAMAGES],
  ['id', NUMBER_DAMAGES],
];

/** Single damages that this world can show, with their weights. */
function singles(world: World): readonly (readonly [label: string, weight: number])[] {
  return SINGLES.flatMap(([area, table]) =>
    Object.entries(table)
      .filter(([, { pool }]) => pool === undefined || world.pools[pool].length > 0)
      .map(([key, { weight }]) => [`${area}.${key}`, weight] as const),
  );
}

/** Into how many parts the rows with one damage are cut: the sum of the weights. */
export const singleParts = (world: World): number => singles(world).reduce((total, [, weight]) => total + weight, 0);

/** Every label with its share of all rows; the shares add up to 1. */
export function sharesOf(world: World): Shares {
  const different = Object.fromEntries(
    Object.entries(DIFFERENT).filter(([, { pairs }]) => pairs === undefined || pairs(world).length > 0),
  );
  const parts = singleParts(world);
  return [
    ...scaled(
      'clean',
      MIX.clean,
      pluck(CLEAN, ({ share }) => share),
    ),
    ...singles(world).map(([label, weight]) => [label, (MIX.one * weight) / parts] as const),
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
