/** Blocks that no run leads to any more, since the index was thrown away: taken out piece by piece, each by itself. */
import type { Database } from '../storage/pool.ts';

/** Blocks of one statement: some seconds, however large the index was. */
const AT_ONCE = 65_536;

/**
 * Each call takes out one piece; false where none is left. Runs are numbered upwards, and all that stood when the index was thrown
 * away are below the first one of the new index. Remembers how far it has come, so as not to pass over what it took out each time.
 */
export function createSweeper(db: Database): () => Promise<boolean> {
  let from = 0;
  return async () => {
    const { rows } = await db.query<{ first: number | null; run: number | null; block: number | null }>(
      `SELECT r.first::float8 AS first, b.run::float8 AS run, b.block FROM (SELECT min(run) AS first FROM access_run) r
       LEFT JOIN LATERAL (SELECT run, block FROM access_block WHERE run >= $1 AND (r.first IS NULL OR run < r.first)
         ORDER BY run, block LIMIT 1) b ON true`,
      [from],
    );
    const { first = null, run = null, block = null } = rows[0] ?? {};
    from = run ?? first ?? from;
    if (run === null || block === null) return false;
    await db.query('DELETE FROM access_block WHERE run = $1 AND block >= $2 AND block < $2::bigint + $3', [
      run,
      block,
      AT_ONCE,
    ]);
    return true;
  };
}
