import type { Transaction } from '../exchange/log-port.ts';
import { RETENTION } from '../retention/table.ts';
import { purgeOffered } from './witnesses.ts';

const { used_token: token, call_answer: call, job_answer: job } = RETENTION;

/**
 * Deletes what has served its time. The floor of tokens rises first, and an append refuses what lies below it, so that a
 * clock set back cannot bring a purged token to life. It rises to the highest token that goes and no further: were it the clock's,
 * one that runs ahead for a moment would have all calls refused for as long as it ran ahead. By `now()`: a time that may change while a statement runs finds nothing by index.
 * Answers by their keys, as an array: joined, all answers that are kept would be read beside those of a minute.
 */
export async function purge(db: Transaction): Promise<void> {
  await db.query(
    `UPDATE token_floor SET iat_floor = greatest(iat_floor,
       (SELECT max(iat) FROM used_token WHERE iat <= floor(extract(epoch FROM now()))::bigint - ${token.seconds}))`,
  );
  await db.query('DELETE FROM used_token WHERE iat <= (SELECT iat_floor FROM token_floor)');
  await db.query(
    `WITH old AS (DELETE FROM request_key WHERE at < now() - interval '${call.seconds} seconds' RETURNING entry_id)
     DELETE FROM stored_answer WHERE entry_id = ANY (ARRAY(SELECT entry_id FROM old))`,
  );
  await db.query(`DELETE FROM stored_answer WHERE at < now() - interval '${job.seconds} seconds'`);
  await purgeOffered(db);
}

export async function readTokenFloor(db: Transaction): Promise<number> {
  const { rows } = await db.query('SELECT iat_floor::float8 AS floor FROM token_floor');
  return rows[0]?.floor as number;
}
