/**
 * Who lives with whom. People stand in blocks of ten; a block's layout is drawn from the seed and divides it into whole
 * households, so a person's parents and spouse are found from the index alone, with no table of the population.
 */
import { draw, type Weighted, weighted } from './random.ts';
import { USE } from './uses.ts';

export const BLOCK = 10;

export type Relation = 'head' | 'spouse' | 'child' | 'parent' | 'child_in_law' | 'grandchild';

/** A place in a household; `father`, `mother`, `spouse`, `elder` are places in the same household. */
export interface Place {
  readonly relation: Relation;
  readonly sex?: 'M' | 'F';
  readonly father?: number;
  readonly mother?: number;
  readonly spouse?: number;
  /** The next older sibling. */
  readonly elder?: number;
  /** For those whose parents are not in the household: earliest and latest year of birth. */
  readonly born?: readonly [earliest: number, latest: number];
  /** For a first child: the latest year of birth that leaves time for its siblings, or for being a parent itself. */
  readonly latest?: number;
}

/** The register's last day; nobody is born later. */
export const LAST_YEAR = 2025;
/** Least and greatest age of a mother at her first child, and years between siblings. */
export const FIRST_CHILD_AGE = [19, 34] as const;
export const SIBLING_GAP = [2, 5] as const;

/** Latest year of birth of a mother of `children`, so that even the last is born by LAST_YEAR. */
const latestMother = (children: number): number => LAST_YEAR - FIRST_CHILD_AGE[0] - SIBLING_GAP[1] * (children - 1);
/** A wife is at most this many years younger or older than her husband. */
export const WIFE_YOUNGER = 6;
export const WIFE_OLDER = 3;

function children(
  count: number,
  parents: { father?: number; mother: number },
  first: number,
  relation: Relation,
): Place[] {
  const latest = LAST_YEAR - SIBLING_GAP[1] * (count - 1);
  return Array.from({ length: count }, (_, i) => ({
    relation,
    ...parents,
    ...(i > 0 ? { elder: first + i - 1 } : { latest }),
  }));
}

const single = (born: readonly [number, number], sex?: 'M' | 'F'): Place[] => [
  { relation: 'head', born, ...(sex === undefined ? {} : { sex }) },
];

const couple = (born: readonly [number, number]): Place[] => [
  { relation: 'head', sex: 'M', spouse: 1, born },
  { relation: 'spouse', sex: 'F', spouse: 0 },
];

const nuclear = (count: number, earliest = 1945): Place[] => [
  ...couple([earliest, latestMother(count) - WIFE_YOUNGER]),
  ...children(count, { father: 0, mother: 1 }, 2, 'child'),
];

/** A mother with children whose father is not of the household (and not known to the generator). */
const loneMother = (count: number): Place[] => [
  { relation: 'head', sex: 'F', born: [1945, latestMother(count)] },
  ...children(count, { mother: 0 }, 1, 'child'),
];

/** Grandparents, their son, his wife and children. */
function threeGenerations(count: number): Place[] {
  const latestSon = latestMother(count) - WIFE_YOUNGER;
  return [
    ...couple([1936, latestSon - FIRST_CHILD_AGE[0] - WIFE_YOUNGER - 4]),
    { relation: 'child', sex: 'M', father: 0, mother: 1, spouse: 3, latest: latestSon },
    { relation: 'child_in_law', sex: 'F', spouse: 2 },
    ...children(count, { father: 2, mother: 3 }, 4, 'grandchild'),
  ];
}

/** A couple with children and the husband's mother. */
function withGrandmother(count: number): Place[] {
  const latestSon = latestMother(count) - WIFE_YOUNGER;
  return [
    { relation: 'head', sex: 'M', mother: 2, spouse: 1, latest: latestSon },
    { relation: 'spouse', sex: 'F', spouse: 0 },
    { relation: 'parent', sex: 'F', born: [1930, latestSon - FIRST_CHILD_AGE[0] - 4] },
    ...children(count, { father: 0, mother: 1 }, 3, 'child'),
  ];
}

export const OLDEST_YEAR = 1922;
const ADULT: readonly [number, number] = [1950, 2007];
const MARRIED: readonly [number, number] = [1950, 1998];
const OLD: readonly [number, number] = [OLDEST_YEAR, 1962];
const RECENT = 1972;

/** Layouts of a block (each fills it exactly) with their weights. */
const LAYOUTS: Weighted<readonly (readonly Place[])[]> = weighted(
  (
    [
      [[nuclear(2, RECENT), nuclear(2), couple(OLD)], 14],
      [[nuclear(1), nuclear(2, RECENT), nuclear(1, RECENT)], 12],
      [[nuclear(3, RECENT), threeGenerations(1)], 10],
      [[threeGenerations(2), nuclear(1, RECENT), single(OLD, 'F')], 10],
      [[nuclear(2, RECENT), withGrandmother(2), single(ADULT)], 10],
      [[nuclear(2), loneMother(1), nuclear(2, RECENT)], 10],
      [[withGrandmother(1), nuclear(2, RECENT), couple(MARRIED)], 8],
      [[nuclear(4), nuclear(2, RECENT)], 6],
      [[couple(OLD), nuclear(3, RECENT), loneMother(2)], 8],
      [[single(ADULT), single(OLD), couple(OLD), nuclear(1), nuclear(1, RECENT)], 6],
      [[threeGenerations(3), nuclear(1)], 6],
    ] as const
  ).map(([households, weight]) => {
    const size = households.reduce((sum, household) => sum + household.length, 0);
    if (size !== BLOCK) throw new RangeError(`a block layout holds ${size} people`);
    return [households, weight] as const;
  }),
);

/** A person's place, with the index of the household's first member. */
export interface Position {
  readonly first: number;
  readonly size: number;
  readonly place: Place;
}

/** Layouts repeat after this many blocks (a million people), on which the uniqueness of IDs rests (`numbers.ts`). */
const LAYOUT_PERIOD = 1_000_000 / BLOCK;

/** The positions of a whole block, in order. */
const POSITIONS = new Map<readonly (readonly Place[])[], readonly Position[]>(
  LAYOUTS.entries.map((layout) => {
    const positions: Position[] = [];
    for (const household of layout) {
      const first = positions.length;
      for (const place of household) positions.push({ first, size: household.length, place });
    }
    return [layout, positions];
  }),
);

/** Positions of block `block` under a seed; `first` counts from the start of the block. */
export const positionsOf = (seed: number, block: number): readonly Position[] =>
  POSITIONS.get(LAYOUTS.pick(draw(seed, block % LAYOUT_PERIOD, USE.layout)))!;
