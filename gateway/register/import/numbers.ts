/** Numbers that are no longer current: chains followed to the person at their end, set-wise. */
import type { Connection } from '../../storage/pool.ts';
import type { NumberRow } from './read-row.ts';
import type { Reject, RejectReason } from './reject.ts';

export type NumberLine = NumberRow & { readonly line: number };

/** Hands rows over some at a time; `list` gives one of their numbers as an array of SQL. */
export async function inBatches<T>(
  rows: readonly T[],
  work: (list: (pick: (row: T) => number) => string) => Promise<unknown>,
): Promise<void> {
  const size = 20_000;
  for (let from = 0; from < rows.length; from += size) {
    const part = rows.slice(from, from + size);
    await work((pick) => `{${part.map(pick).join(',')}}`);
  }
}

/** Puts the rows into the temporary table `stage_number`. */
export async function stageNumbers(db: Connection, numbers: readonly NumberLine[]): Promise<void> {
  await db.query(
    'CREATE TEMP TABLE stage_number (line bigint, value bigint, superseded_by bigint, id_status smallint) ON COMMIT DROP',
  );
  await inBatches(numbers, (list) =>
    db.query(
      'INSERT INTO stage_number SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::smallint[])',
      [list((r) => r.line), list((r) => r.number), list((r) => r.supersededBy), list((r) => r.idStatus)],
    ),
  );
  await db.query('ANALYZE stage_number');
}

const TWICE = `DELETE FROM stage_number n USING
    (SELECT line, row_number() OVER (PARTITION BY value ORDER BY line) AS nth FROM stage_number) d
  WHERE n.line = d.line AND d.nth > 1 RETURNING n.line`;

// UNION, not UNION ALL: a cycle ends when it only repeats itself, and then has no end.
const ENDS = `CREATE TEMP TABLE number_end ON COMMIT DROP AS
  WITH RECURSIVE chain (line, value, at) AS (
    SELECT line, value, superseded_by FROM stage_number
    UNION SELECT c.line, c.value, n.superseded_by FROM chain c JOIN stage_number n ON n.value = c.at)
  SELECT line, value, at FROM chain c WHERE NOT EXISTS (SELECT FROM stage_number n WHERE n.value = c.at)`;

/**
 * Fills `number_target(value, id_status, person_no)` from `stage_number` and returns the rejects. `owner` is a query for
 * (value, person_no) of personal IDs that may stand at the end of a chain; `taken` a query for the personal IDs that are
 * persons' own in this file. Lines of `number_target` are unique by value.
 */
export async function resolveNumbers(db: Connection, owner: string, taken: string): Promise<Reject[]> {
  const rejects: Reject[] = [];
  const refuse = (rows: readonly { line: number }[], column: string, reason: RejectReason) => {
    for (const { line } of rows) rejects.push({ line, column, reason });
  };
  refuse((await db.query<{ line: number }>(TWICE)).rows, 'personal_id', 'DUPLICATE');
  const own = `DELETE FROM stage_number n WHERE n.value IN (${taken}) RETURNING n.line`;
  refuse((await db.query<{ line: number }>(own)).rows, 'personal_id', 'DUPLICATE');
  await db.query(ENDS);
  const cycles = 'SELECT line FROM stage_number n WHERE NOT EXISTS (SELECT FROM number_end e WHERE e.value = n.value)';
  refuse((await db.query<{ line: number }>(cycles)).rows, 'superseded_by', 'SUPERSEDED_BY_CYCLE');
  await db.query(`CREATE TEMP TABLE number_target ON COMMIT DROP AS
    SELECT e.line, e.value, n.id_status, o.person_no FROM number_end e JOIN stage_number n USING (line)
    LEFT JOIN (SELECT value, min(person_no) AS person_no FROM (${owner}) AS each GROUP BY value) o ON o.value = e.at`);
  const unknown = 'DELETE FROM number_target WHERE person_no IS NULL RETURNING line';
  refuse((await db.query<{ line: number }>(unknown)).rows, 'superseded_by', 'SUPERSEDED_BY_UNKNOWN');
  return rejects;
}
