import { foldedHeader } from '../kit/csv-header.ts';
import { type ColumnShape, shapeOf } from './cell-shapes.ts';
import { type ColumnName, headerSays, isPartOfName } from './column-words.ts';

/** Which column of a file is which, by what they are called and by what their cells look like. */
export type ProposedColumn = {
  readonly name: ColumnName;
  readonly header: string;
  /** `stated`: the user said so. `instead`: the file has none, so another stands in for it. */
  readonly by: 'stated' | 'header' | 'cells' | 'both' | 'instead';
  /** Of its cells that are filled, how many look as they should; 0 to 1. */
  readonly fits: number;
};

export type Proposal = {
  readonly columns: readonly ProposedColumn[];
  readonly missing: readonly ColumnName[];
  readonly unused: readonly string[];
};

/** The one that is hardest to take for another comes first. */
const ORDER: readonly ColumnName[] = ['id_number', 'date_of_birth', 'full_name', 'msisdn', 'row_id'];
/** What a column's name, all of it or a part, and its cells are worth. */
const WORTH = { sure: 0.6, part: 0.35, cells: 0.4 } as const;
/** By less nobody would say which it is. */
const LEAST = 0.3;
const LOOKS_SO = 0.5;
/** Of two columns that could be it, the one with fewer empty cells answers more rows, and the new number outlives the old card's. */
const [WORTH_WHERE_EMPTY, WORTH_OF_OLD_NUMBERS] = [0.5, 0.9] as const;
/** Holders are adults, and papers were issued lately: a column of later years is one of issues. */
export const LAST_MIDDLE_YEAR = 2012;

/**
 * @param columns header and some cells of each column, in the file's order
 * @param stated names that the user gave
 */
export function proposeColumns(
  columns: readonly { readonly header: string; readonly cells: readonly string[] }[],
  stated: Readonly<Record<string, string>> = {},
): Proposal {
  const looked = columns.map(({ header, cells }) => ({ header, says: headerSays(header), shape: shapeOf(cells) }));
  const taken = new Set<number>();
  const found = new Map<ColumnName, ProposedColumn>();
  const put = (name: ColumnName, at: number, by: ProposedColumn['by']): void => {
    const column = looked[at];
    if (column === undefined) return;
    taken.add(at);
    found.set(name, { name, header: column.header, by, fits: column.shape[name] });
  };

  for (const name of ORDER) {
    const wanted = stated[name];
    if (wanted === undefined) continue;
    put(
      name,
      looked.findIndex(({ header }) => same(header, wanted)),
      'stated',
    );
  }
  // Names in parts stand whole in no column, unless one says that it has them: what looks like names beside them is something else.
  const inParts = looked.some(({ header }) => isPartOfName(header));
  const free = ORDER.filter((name) => stated[name] === undefined);
  // The best pair first, whichever it is: a column that is surely the phone is not left to be taken for the key.
  for (;;) {
    let best = { worth: 0, name: undefined as ColumnName | undefined, at: -1 };
    for (const name of free) {
      if (found.has(name)) continue;
      looked.forEach((column, at) => {
        const byCellsAlone = column.says.name !== name;
        const no = taken.has(at) || (inParts && name === 'full_name' && byCellsAlone);
        const worth = no ? 0 : worthOf(name, column);
        if (worth > best.worth) best = { worth, name, at };
      });
    }
    if (best.name === undefined) break;
    const { says, shape } = looked[best.at] as (typeof looked)[number];
    const byHeader = says.name === best.name;
    const byCells = shape[best.name] >= LOOKS_SO;
    put(best.name, best.at, byHeader ? (byCells ? 'both' : 'header') : 'cells');
  }
  standIn(found, 'row_id', 'msisdn');
  standIn(found, 'msisdn', 'row_id');
  return {
    columns: ORDER.flatMap((name) => found.get(name) ?? []),
    missing: ORDER.filter((name) => !found.has(name)),
    unused: looked.filter((_, at) => !taken.has(at)).map(({ header }) => header),
  };
}

function worthOf(
  name: ColumnName,
  { says, shape }: { says: ReturnType<typeof headerSays>; shape: ColumnShape },
): number {
  const byName = says.name === name ? (says.sure ? WORTH.sure : WORTH.part) : 0;
  // What is called something else is not this, whatever it looks like.
  if (byName === 0 && (says.sure || says.other)) return 0;
  if (name === 'date_of_birth' && byName === 0 && shape.middleYear > LAST_MIDDLE_YEAR) return 0;
  // Keys look like anything: by their cells alone a column is never taken for one.
  if (name === 'row_id') return byName === 0 ? 0 : byName + WORTH.cells * shape.row_id;
  const byCells = WORTH.cells * shape[name];
  if (byName + byCells <= LEAST) return 0;
  const old = name === 'id_number' ? WORTH_OF_OLD_NUMBERS + (1 - WORTH_OF_OLD_NUMBERS) * shape.personalId : 1;
  return byName + byCells * old * (WORTH_WHERE_EMPTY + (1 - WORTH_WHERE_EMPTY) * shape.filled);
}

/** Neither is sent: a file that has one of them has what is needed to find a row again. */
function standIn(found: Map<ColumnName, ProposedColumn>, name: ColumnName, other: ColumnName): void {
  const stands = found.get(other);
  if (!found.has(name) && stands !== undefined) found.set(name, { ...stands, name, by: 'instead' });
}

function same(a: string, b: string): boolean {
  return foldedHeader(a) === foldedHeader(b);
}
