/**
 * All records of one person: the one that numbers lead to, and those that turned out to be of the same person (`merged_into`). What
 * was recorded under one of these stays under it, in the log sealed; so whoever asks for what is known of a person asks for all.
 */
import type { Database } from '../storage/pool.ts';

/** Records merged one into the other, in a row; an import makes no cycle, and nobody's table is to make an endless one. */
const MOST_DEEP = 32;

/** A query for the person numbers. @param person expression of the living record's number, such as "$1" */
export function recordsOf(person: string): string {
  return `WITH RECURSIVE record (person_no, depth) AS (
    SELECT ${person}::bigint, 0
    UNION SELECT p.person_no, r.depth + 1 FROM record r JOIN person p ON p.merged_into = r.person_no WHERE r.depth < ${MOST_DEEP})
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
