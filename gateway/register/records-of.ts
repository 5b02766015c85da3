/**
 * All records of one person: the one that numbers lead to, and those that turned out to be of the same person (`merged_into`). What
 * was recorded under one of these stays under it, in the log sealed; so whoever asks for what is known of a person asks for all.
 */
import type { Database } from '../storage/pool.ts';

/** Records merged one into the other, in a row; an import makes no cycle, and nobody's table is to make an endless one. */
const MOST_DEEP = 32;

// OFFSET keeps the planner from reading the whole of `person` for a handful of records: each is asked for by its key.
const step = (column: string, from: string) => `SELECT o.person_no, r.depth + 1 FROM record r,
      LATERAL (SELECT p.${column} AS person_no FROM person p WHERE p.${from} = r.person_no OFFSET 0) o
      WHERE o.person_no IS NOT NULL AND r.depth < ${MOST_DEEP}`;

/** A query for the person numbers. @param person expression of the living record's number, such as "$1" */
export function recordsOf(person: string): string {
  return `WITH RECURSIVE record (person_no, depth) AS (
    SELECT ${person}::bigint, 0
    UNION ${step('person_no', 'merged_into')})
  SELECT DISTINCT person_no FROM record`;
}

/** A query for a record and those that it was merged into: the last of them has the numbers of all. @param person expression of a number */
export function mergedInto(person: string): string {
  return `WITH RECURSIVE record (person_no, depth) AS (
    SELECT ${person}::bigint, 0
    UNION ${step('merged_into', 'person_no')})
  SELECT DISTINCT person_no FROM record`;
}

/** The person's own number comes first. */
export async function readRecords(db: Pick<Database, 'query'>, personNo: number): Promise<number[]> {
  const { rows } = await db.query<{ no: number }>(
    `SELECT person_no::float8 AS no FROM (${recordsOf('$1')}) r ORDER BY person_no <> $1::bigint, person_no`,
    [personNo],
  );
  return rows.map(({ no }) => no);
}
