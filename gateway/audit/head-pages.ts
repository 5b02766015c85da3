import type { Database } from '../storage/pool.ts';

/**
 * Pages of the one row that all appends lock. Where they are many, somebody holds a snapshot of long ago or has held one: no version
 * of the row since then can be forgotten meanwhile, and each append reads them all.
 */
export async function pagesOfHead(db: Database): Promise<number> {
  const { rows } = await db.query<{ pages: number }>(
    "SELECT (pg_relation_size('log_head') / current_setting('block_size')::integer)::float8 AS pages",
  );
  return rows[0]?.pages ?? 0;
}
