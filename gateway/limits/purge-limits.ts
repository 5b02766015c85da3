import { LEAST_BOUND } from '../exchange/guard-port.ts';
import type { Transaction } from '../exchange/log-port.ts';
import { GUESS_DAYS } from './limits-sql.ts';

const TODAY = `(clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date`;
const DAY_NUMBER = `(${TODAY} - DATE '1970-01-01')`;

/** Deletes what counts no longer: people of days before yesterday, wrong values whose days are over. */
export async function purgeLimits(db: Transaction): Promise<void> {
  await db.query(`DELETE FROM subject_seen WHERE day < ${TODAY} - 1`);
  await db.query(`DELETE FROM guess_crossing WHERE day <= ${DAY_NUMBER} - ${GUESS_DAYS}`);
  await db.query(`DELETE FROM guess WHERE newest <= ${DAY_NUMBER} - ${GUESS_DAYS}`);
  await db.query(
    `UPDATE guess AS g SET (vals, days, revision) = (
       SELECT array_agg(value ORDER BY day, value), array_agg(day ORDER BY day, value),
         CASE WHEN count(*) >= ${LEAST_BOUND} THEN g.revision ELSE - abs(g.revision) END
       FROM unnest(g.vals, g.days) AS t (value, day) WHERE day > ${DAY_NUMBER} - ${GUESS_DAYS})
     WHERE revision > 0 AND days[1] <= ${DAY_NUMBER} - ${GUESS_DAYS}`,
  );
}
