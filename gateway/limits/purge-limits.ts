import { LEAST_BOUND } from '../exchange/guard-port.ts';
import type { Transaction } from '../exchange/log-port.ts';
import { dateToday, dayNumber, GUESS_DAYS, SUBJECT_DAYS } from './limits-sql.ts';

const TODAY = dateToday('now()');
const DAY_NUMBER = dayNumber('now()');

const DAY_MS = 86_400_000;

/**
 * Deletes what counts no longer: people of days before yesterday, wrong values whose days are over. It reads all of the wrong values:
 * an index of their days would cost each of them more than one reading a day. So it does nothing more until the day is another one.
 *
 * A clock that runs a month ahead would have every budget begin anew, for good. So nothing is deleted at the first look that finds more
 * days gone by than this process has lived through.
 *
 * @param nowMs of a clock that never goes back
 */
export function createPurge(db: Transaction, nowMs = () => performance.now()): () => Promise<void> {
  let purged: number | undefined;
  let looked: { readonly day: number; readonly at: number } | undefined;
  return async () => {
    const { rows } = await db.query(`SELECT ${DAY_NUMBER} AS day`);
    const day = rows[0]?.day as number;
    const at = nowMs();
    const leapt = looked !== undefined && day - looked.day > Math.ceil((at - looked.at) / DAY_MS);
    looked = { day, at };
    if (day === purged || leapt) return;
    await purgeLimits(db);
    purged = day;
  };
}

async function purgeLimits(db: Transaction): Promise<void> {
  await db.query(`DELETE FROM subject_seen WHERE day <= ${TODAY} - ${SUBJECT_DAYS}`);
  await db.query(`DELETE FROM guess_crossing WHERE day <= ${DAY_NUMBER} - ${GUESS_DAYS}`);
  await db.query(`DELETE FROM guess WHERE day <= ${DAY_NUMBER} - ${GUESS_DAYS}`);
  // A unit that an append is about to put back is locked by it, and then not touched: it has a newer revision.
  await db.query(
    `WITH now AS (
       SELECT n.unit, n.revision, (SELECT count(DISTINCT value) FROM guess g WHERE g.unit = n.unit AND g.day > ${DAY_NUMBER} - ${GUESS_DAYS}) AS count
       FROM guess_near n)
     UPDATE guess_near AS n SET count = now.count FROM now
     WHERE n.unit = now.unit AND n.revision = now.revision AND n.count <> now.count`,
  );
  await db.query(`DELETE FROM guess_near WHERE count < ${LEAST_BOUND}`);
}
