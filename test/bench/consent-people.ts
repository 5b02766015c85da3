/** Who gives a consent to what a file asks about: all whom it names but every twentieth, then others of the register. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { int8Array } from '../../gateway/storage/int8-array.ts';
import type { Pool } from '../../gateway/storage/pool.ts';
import { type CleanPerson, cleanPeople } from './clean-people.ts';
import type { Giver } from './give-consents.ts';

/** One person in so many gives none. */
export const WITHOUT_EVERY = 20;
const AT_ONCE = 20_000;
const NUMBER = /^\d{9}$|^\d{12}$/;

const gives = ({ personNo }: Giver): boolean => personNo % WITHOUT_EVERY !== 0;

export interface BenchPeople {
  /** In no order, as they come to give it. */
  readonly givers: readonly Giver[];
  /** Named by the file, and without a consent. */
  readonly without: readonly Giver[];
  /** Of the givers, people whom a correct single call finds. */
  readonly single: readonly CleanPerson[];
}

/**
 * @param givers at least so many
 * @param file subscribers; the column `id_number`
 * @param single how many are looked at for single calls
 */
export async function choosePeople(
  pool: Pool,
  options: { readonly file: string; readonly persons: number; readonly givers: number; readonly single: number },
): Promise<BenchPeople> {
  const next = cleanPeople({ persons: options.persons, from: 0 });
  const clean = Array.from({ length: Math.min(options.single, options.persons >> 2) }, next);
  const byId = await holdersOf(
    pool,
    clean.map(({ idNumber }) => Number(idNumber)),
  );
  const single = new Map(byId.filter(gives).map((giver) => [giver.personalId, giver]));
  const named = await holdersOf(pool, await numbersIn(options.file));
  const givers = new Map([...single.values(), ...named.filter(gives)].map((giver) => [giver.personNo, giver]));
  await fillUp(pool, givers, options.givers);
  return {
    givers: shuffled([...givers.values()]),
    without: named.filter((giver) => !gives(giver)),
    single: clean.filter(({ idNumber }) => single.has(idNumber)),
  };
}

/** Numbers as the register knows them; what is damaged names nobody here. */
async function numbersIn(file: string): Promise<number[]> {
  const numbers: number[] = [];
  let at = -1;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    const cells = line.split(',');
    if (at < 0) at = cells.indexOf('id_number');
    else if (NUMBER.test(cells[at] ?? '')) numbers.push(Number(cells[at]));
  }
  return numbers;
}

/** Holders of these numbers, each once. */
async function holdersOf(pool: Pool, numbers: readonly number[]): Promise<Giver[]> {
  const found = new Map<number, Giver>();
  for (let from = 0; from < numbers.length; from += AT_ONCE) {
    const values = int8Array(Float64Array.from(numbers.slice(from, from + AT_ONCE)).sort());
    await take(pool, found, 'value = ANY ($1::bigint[])', [values]);
  }
  return [...found.values()];
}

/** Adds people of the register, by their numbers, until there are so many or no more. */
async function fillUp(pool: Pool, givers: Map<number, Giver>, wanted: number): Promise<void> {
  const page = new Map<number, Giver>();
  for (let after = 0; givers.size < wanted; ) {
    page.clear();
    await take(pool, page, `value > $1 AND kind = 1 AND current_id = 0 ORDER BY value LIMIT ${AT_ONCE}`, [after]);
    if (page.size === 0) throw new Error(`the register has no ${wanted} people who could give a consent`);
    for (const giver of page.values()) {
      after = Number(giver.personalId);
      if (gives(giver) && givers.size < wanted) givers.set(giver.personNo, giver);
    }
  }
}

/** Holders, with the personal ID that is theirs now. */
async function take(pool: Pool, into: Map<number, Giver>, where: string, values: readonly unknown[]): Promise<void> {
  const text = `SELECT person_no::float8, CASE WHEN current_id > 0 THEN current_id WHEN kind = 1 THEN value END::float8
    FROM person_match WHERE ${where}`;
  const { rows } = await pool.query<[number, number | null]>({ text, values: [...values], rowMode: 'array' });
  for (const [personNo, id] of rows) {
    if (id !== null) into.set(personNo, { personNo, personalId: String(id).padStart(12, '0') });
  }
}

function shuffled<T>(all: T[]): T[] {
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [all[i], all[j]] = [all[j] as T, all[i] as T];
  }
  return all;
}
