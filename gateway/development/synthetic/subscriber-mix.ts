/** How many rows of which kind a subscriber file holds: exact counts, dealt over the file by a permutation. */
import { DAMAGE_SHARES, type Damage } from './damage.ts';
import { createPermutation } from './random.ts';
import { USE } from './uses.ts';

/** Kinds of truly different people under one number, with their shares of all such rows. */
export const DIFFERENT_SHARES = { borrowed_id: 5, sibling: 2, parent_and_child: 2, spouse: 1 } as const;
export type Different = keyof typeof DIFFERENT_SHARES;

/** Kinds of rows that cannot be read, with their shares of all such rows. */
export const INVALID_SHARES = {
  id_letters: 3,
  id_length: 3,
  id_exponent: 2,
  date_impossible: 3,
  date_future: 1,
  date_text: 1,
  name_empty: 2,
  id_empty: 1,
} as const;
export type Invalid = keyof typeof INVALID_SHARES;

/** What is true of a row, for tests. */
export type Label = 'clean' | `damaged.${Damage}` | 'absent' | `different.${Different}` | `invalid.${Invalid}`;

/** Shares of all rows; the rest is clean. */
export interface Mix {
  readonly damaged: number;
  readonly absent: number;
  readonly different: number;
  readonly invalid: number;
  /** Whether clean rows have their own style: names in capitals, dates as dd/mm/yyyy, partial dates as they are. */
  readonly styled: boolean;
}

export const MIXES = {
  /** As telcos have them. */
  demo: { damaged: 0.08, absent: 0.02, different: 0.02, invalid: 0.0006, styled: true },
  /** 88 / 8 / 2 / 2, clean rows exactly as the register writes them with whole ISO dates. */
  bench: { damaged: 0.08, absent: 0.02, different: 0.02, invalid: 0, styled: false },
} as const satisfies Record<string, Mix>;

export type MixName = keyof typeof MIXES;

/** Splits `total` by shares without loss: floors first, the rest to the largest remainders in the order of the table. */
function split<K extends string>(total: number, shares: Readonly<Record<K, number>>): [K, number][] {
  const entries = Object.entries(shares) as [K, number][];
  const sum = entries.reduce((all, [, share]) => all + share, 0);
  const exact = entries.map(([key, share]) => ({ key, value: (total * share) / sum }));
  const floors = new Map(exact.map(({ key, value }) => [key, Math.floor(value)]));
  let left = total - [...floors.values()].reduce((all, count) => all + count, 0);
  const byRemainder = exact.toSorted((a, b) => (b.value % 1) - (a.value % 1));
  for (const { key } of byRemainder) {
    if (left-- <= 0) break;
    floors.set(key, (floors.get(key) ?? 0) + 1);
  }
  return entries.map(([key]) => [key, floors.get(key) ?? 0]);
}

/** Exact number of rows of each label in a file of `subscribers` rows; labels with none are left out. */
export function expectedCounts(subscribers: number, mix: Mix): ReadonlyMap<Label, number> {
  const part = (share: number): number => Math.round(subscribers * share);
  const [damaged, absent, different, invalid] = [mix.damaged, mix.absent, mix.different, mix.invalid].map(part);
  const clean = subscribers - (damaged ?? 0) - (absent ?? 0) - (different ?? 0) - (invalid ?? 0);
  if (clean < 0) throw new RangeError('the shares of a mix add up to more than one');
  const counts: [Label, number][] = [
    ['clean', clean],
    ...split(damaged ?? 0, DAMAGE_SHARES).map(([kind, count]): [Label, number] => [`damaged.${kind}`, count]),
    ['absent', absent ?? 0],
    ...split(different ?? 0, DIFFERENT_SHARES).map(([kind, count]): [Label, number] => [`different.${kind}`, count]),
    ...split(invalid ?? 0, INVALID_SHARES).map(([kind, count]): [Label, number] => [`invalid.${kind}`, count]),
  ];
  return new Map(counts.filter(([, count]) => count > 0));
}

/** The label of each row: a pure function of seed, size and mix whose counts are exactly `expectedCounts`. */
export function dealLabels(seed: number, subscribers: number, mix: Mix): (row: number) => Label {
  const counts = [...expectedCounts(subscribers, mix)];
  const until: number[] = [];
  let reached = 0;
  for (const [, count] of counts) {
    reached += count;
    until.push(reached);
  }
  const permute = createPermutation(seed, USE.deal, Math.max(1, subscribers));
  return (row) => {
    const place = permute(row);
    return counts[until.findIndex((end) => place < end)]![0];
  };
}
