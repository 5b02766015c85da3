import type { Transaction } from '../exchange/log-port.ts';
import { JOB_LIFE_HOURS } from '../jobs/job-store.ts';
import { purgeOffered } from './witnesses.ts';

/** How long a unary request is known by its id. */
export const REQUEST_MINUTES = 10;
/** Tokens are fresh for a minute; their identities are kept a little longer than anything can be late. */
const TOKEN_MINUTES = 5;

/**
 * Deletes what has served its time. The floor of tokens rises first, and an append refuses what lies below it, so that a
 * clock set back cannot bring a purged token to life.
 */
export async function purge(db: Transaction): Promise<void> {
  await db.query(
    `UPDATE token_floor SET iat_floor = greatest(iat_floor, floor(extract(epoch FROM clock_timestamp()))::bigint - ${TOKEN_MINUTES * 60})`,
  );
  await db.query('DELETE FROM used_token WHERE iat <= (SELECT iat_floor FROM token_floor)');
  await db.query(
    `WITH old AS (DELETE FROM request_key WHERE at < clock_timestamp() - interval '${REQUEST_MINUTES} minutes' RETURNING entry_id)
     DELETE FROM stored_answer a USING old WHERE a.entry_id = old.entry_id`,
  );
  await db.query(`DELETE FROM stored_answer WHERE at < clock_timestamp() - interval '${JOB_LIFE_HOURS} hours'`);
  await purgeOffered(db);
}

export async function readTokenFloor(db: Transaction): Promise<number> {
  const { rows } = await db.query('SELECT iat_floor::float8 AS floor FROM token_floor');
  return rows[0]?.floor as number;
}
