/** Proposals that wait for an officer, counted: an approval that nobody gives in time is asked for anew, from its bytes on. */
import type { Database } from '../storage/pool.ts';

/** An open proposal that nobody decided for so long is over. */
export const OPEN_DAYS = 14;
/** Nearer to its end it is worth a warning: a weekend fits in. */
export const ENDS_SOON_DAYS = 3;

export interface OpenProposals {
  readonly open: number;
  /** Of these, those that end within {@link ENDS_SOON_DAYS}. */
  readonly soon: number;
}

/** @throws {StorageError} */
export async function countOpenProposals(db: Database): Promise<OpenProposals> {
  const { rows } = await db.query<OpenProposals>(
    `SELECT count(*)::float8 AS open,
       count(*) FILTER (WHERE at < clock_timestamp() - interval '${OPEN_DAYS - ENDS_SOON_DAYS} days')::float8 AS soon
     FROM act WHERE at >= clock_timestamp() - interval '${OPEN_DAYS} days'
       AND NOT EXISTS (SELECT FROM act_decision d WHERE d.digest = act.digest)`,
  );
  return rows[0] ?? { open: 0, soon: 0 };
}
