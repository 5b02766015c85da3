/**
 * Look-up by number: one set-based statement for any number of rows.
 *
 * What returns decides the cost on this side: one row with each column as one text is 6 to 8 times cheaper than a row a
 * candidate. The values are asked for in ascending order, because `person_match` is stored in that order.
 */
import type { MatchSet, RegisterLookup, RowLookup } from '../exchange/lookup-port.ts';
import { int8Array } from '../storage/int8-array.ts';
import type { Pool } from '../storage/pool.ts';
import { readNumbers } from '../storage/read-numbers.ts';
import { type Answered, gather, SEPARATOR, spread } from './match-set.ts';
import { createReadPersons } from './read-persons.ts';
import type { KeyPort } from './sensitive.ts';

const NO_BYTES = new Uint8Array(0);

// An unlinked person's log key is gone from the table: zeros hold its place, so that keys and candidates stay in step.
const KEYS = "string_agg(coalesce(log_key, '\\x00000000000000000000000000000000'), '')";

/**
 * Hidden from the planner, which would make a plan for each list that is shorter than what it assumes of a list it cannot see: 0.2 ms
 * for every single call, as much as the look-up itself takes.
 */
const ASKED = '(SELECT $1::bigint[])::bigint[]';

const MATCH = {
  name: 'register-match',
  text: `SELECT extract(epoch FROM head.as_of)::float8, head.position::text, found.numbers, found.names, found.keys
    FROM register_head head, (
      SELECT string_agg(concat_ws(',', value, person_no, current_id, birth_date,
                                  kind::int | (id_status::int << 4) | (sex::int << 8) | (person_status::int << 12)), ',') AS numbers,
             string_agg(name, E'\\x1e') AS names, ${KEYS} AS keys
      FROM person_match WHERE value = ANY (${ASKED})) found`,
};

const RESOLVE = {
  name: 'register-resolve',
  text: `SELECT 0, '0', string_agg(concat_ws(',', value, person_no, 0, 0, 0), ','), NULL, ${KEYS}
    FROM person_match WHERE value = ANY (${ASKED})`,
};

type Answer = [asOf: number, position: string, numbers: string | null, names: string | null, keys: Uint8Array | null];

/** Ascending, without the zeros of rows that have no number. */
function parameter(values: readonly number[]): Buffer {
  const sorted = new Float64Array(values).sort();
  let first = 0;
  while (first < sorted.length && !((sorted[first] ?? 0) > 0)) first++;
  return int8Array(sorted.subarray(first));
}

async function ask(pool: Pool, statement: { name: string; text: string }, values: readonly number[]) {
  const { rows } = await pool.query<Answer>({ ...statement, values: [parameter(values)], rowMode: 'array' });
  const [asOf, position, numberText, nameText, keys] = rows[0] ?? [0, '0', null, null, null];
  const numbers = readNumbers(numberText ?? '');
  const answered: Answered = {
    numbers,
    names: nameText === null ? [] : nameText.split(SEPARATOR),
    logKeys: keys ?? NO_BYTES,
    count: numbers.length / 5,
  };
  return { asOf, position, answered };
}

/** The look-up of the exchange, on PostgreSQL. `keys` open the sensitive fields where these are asked for. */
export function createLookup({ pool, keys }: { pool: Pool; keys: KeyPort }): RegisterLookup {
  return { ...createRowLookup(pool), readPersons: createReadPersons({ pool, keys }) };
}

/** What rows need of it. */
export function createRowLookup(pool: Pool): RowLookup {
  const match = async (
    values: readonly number[],
    allowed?: (row: number, personNo: number) => boolean,
  ): Promise<MatchSet> => {
    const { asOf, position, answered } = await ask(pool, MATCH, values);
    const all = spread(values, answered);
    const { starts, picks } = allowed === undefined ? all : keepAllowed(all, answered, allowed);
    return { asOf, position: BigInt(position), starts, ...gather(answered, picks) };
  };
  return {
    matchByIdentifier: (values) => match(values),
    resolve: async (values) => {
      const { answered } = await ask(pool, RESOLVE, values);
      const { starts, picks } = spread(values, answered);
      const { personNo, logKeys } = gather(answered, picks);
      return { starts, personNo, logKeys };
    },
    matchByPerson: (values, resolved) =>
      match(values, (row, personNo) =>
        resolved.personNo.subarray(resolved.starts[row], resolved.starts[row + 1]).includes(personNo),
      ),
  };
}

function keepAllowed(
  all: { starts: Uint32Array; picks: Uint32Array },
  answered: Answered,
  allowed: (row: number, personNo: number) => boolean,
): { starts: Uint32Array; picks: Uint32Array } {
  const starts = new Uint32Array(all.starts.length);
  const kept: number[] = [];
  for (let row = 0; row + 1 < starts.length; row++) {
    for (const pick of all.picks.subarray(all.starts[row], all.starts[row + 1])) {
      if (allowed(row, answered.numbers[pick * 5 + 1] ?? 0)) kept.push(pick);
    }
    starts[row + 1] = kept.length;
  }
  return { starts, picks: Uint32Array.from(kept) };
}
