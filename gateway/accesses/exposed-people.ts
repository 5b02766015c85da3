/** Whom to notify after a key was in other hands: the number of each, with the first and last time and how often. */

import { int8Array } from '../storage/int8-array.ts';
import type { Database } from '../storage/pool.ts';
import { type Exposing, exposedEntries } from './exposed-entries.ts';
import { type Exposure, type ExposureDeps, usesOf } from './exposure.ts';
import type { NumberSet } from './number-set.ts';

/** People of whom times and uses are in memory at once, 24 bytes each: for every so many the entries are read once more. */
const MOST_AT_ONCE = 2_000_000;
/** Numbers asked for by one statement. */
const BATCH = 10_000;

export interface ExposedPerson {
  /** The number in use, or the last one. */
  readonly personalId: number;
  /** Unix seconds. */
  readonly first: number;
  readonly last: number;
  readonly uses: number;
  /** Whether values left, or were merely compared with. */
  readonly told: boolean;
  /** Unix seconds before which a law does not let the person be told of all of these uses; 0 where none is in the way. */
  readonly toldFrom: number;
}

/** Some of them; `unlinked` are people whose log key is destroyed by now: they are not named. */
export interface ExposedPeople {
  readonly people: readonly ExposedPerson[];
  readonly unlinked: number;
}

/**
 * Those of the exposure whom the log still names, in pieces. The entries are read again, since the
 * times of tens of millions do not fit into memory; whoever was unlinked since the first reading is counted as that.
 */
export async function* exposedPeople(
  deps: ExposureDeps & { readonly db: Database },
  exposing: Exposing,
  { range, people, told }: Pick<Exposure, 'range' | 'people' | 'told'>,
  onPart: (done: number, total: number) => void,
  mostAtOnce = MOST_AT_ONCE,
): AsyncGenerator<ExposedPeople> {
  const turns = Math.ceil(people.size / mostAtOnce);
  let turn = 0;
  for (const numbers of pieces(people, mostAtOnce)) {
    const before = turn++;
    const times = await readTimes(deps, exposing, range, numbers, (done, total) =>
      onPart(before * total + done, turns * total),
    );
    for (let from = 0; from < numbers.length; from += BATCH) yield await name(deps.db, times, told, from);
  }
}

function* pieces(people: NumberSet, most: number): Generator<Float64Array> {
  let numbers = new Float64Array(Math.min(most, people.size));
  let count = 0;
  for (const number of people) {
    numbers[count++] = number;
    if (count < most) continue;
    yield numbers;
    numbers = new Float64Array(most);
    count = 0;
  }
  if (count > 0) yield numbers.subarray(0, count);
}

interface Times {
  /** Ascending; the others by the same place. */
  readonly numbers: Float64Array;
  readonly first: Uint32Array;
  readonly last: Uint32Array;
  readonly uses: Uint32Array;
  readonly toldFrom: Uint32Array;
}

async function readTimes(
  { db, evidence, now }: ExposureDeps,
  exposing: Exposing,
  range: Exposure['range'],
  numbers: Float64Array,
  onPart: (done: number, total: number) => void,
): Promise<Times> {
  const column = () => new Uint32Array(numbers.length);
  const times = { numbers, first: column(), last: column(), uses: column(), toldFrom: column() };
  for await (const exposed of exposedEntries(db, evidence, exposing, range, onPart)) {
    const at = Math.floor(Number(exposed.entry.timeMs) / 1000);
    for (const { personNo, outcome, toldFrom } of usesOf(exposed, now)) {
      const place = outcome === 'refused' ? -1 : placeOf(numbers, personNo);
      if (place < 0) continue;
      const uses = times.uses[place] ?? 0;
      times.first[place] = uses === 0 ? at : Math.min(times.first[place] ?? 0, at);
      times.last[place] = Math.max(times.last[place] ?? 0, at);
      times.toldFrom[place] = Math.max(times.toldFrom[place] ?? 0, toldFrom);
      times.uses[place] = uses + 1;
    }
  }
  return times;
}

/** Place of a number among ascending ones; -1 where it is none of them. */
function placeOf(numbers: Float64Array, number: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return numbers[low] === number ? low : -1;
}

async function name(db: Database, times: Times, told: NumberSet, from: number): Promise<ExposedPeople> {
  const numbers = times.numbers.subarray(from, from + BATCH);
  // Who was unlinked while this ran, or whose unlinking was broken off, is not named either: their key is destroyed first.
  const { rows } = await db.query<{ person_no: number; personal_id: number }>(
    `SELECT person_no::float8 AS person_no, personal_id::float8 AS personal_id FROM person
     WHERE person_no = ANY ($1::bigint[]) AND log_key IS NOT NULL`,
    [int8Array(numbers)],
  );
  const people = rows.flatMap((row): ExposedPerson[] => {
    const place = placeOf(times.numbers, row.person_no);
    const uses = times.uses[place] ?? 0;
    if (uses === 0) return [];
    return [
      {
        ...{ personalId: row.personal_id, uses, told: told.has(row.person_no) },
        first: times.first[place] ?? 0,
        last: times.last[place] ?? 0,
        toldFrom: times.toldFrom[place] ?? 0,
      },
    ];
  });
  return { people, unlinked: numbers.length - people.length };
}
