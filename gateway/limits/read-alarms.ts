import { MOST_EXCESS } from '../exchange/guard-port.ts';
import type { Transaction } from '../exchange/log-port.ts';
import { CROSSING_ENTITIES, dayNumber, dayStart, GUESS_DAYS, KINDS } from './limits-sql.ts';

/** What of the limits a person has to look at. */
export interface LimitAlarms {
  /** Fields of people that {@link CROSSING_ENTITIES} legal entities or more came near their bound of guessing, in {@link GUESS_DAYS} days. */
  readonly guessCrossings: number;
  /** Legal entities of which no job begins today without officers: too many of their rows matched nobody. */
  readonly missesOfDay: number;
}

/** @throws {StorageError} */
export async function readAlarms(db: Transaction): Promise<LimitAlarms> {
  const { rows } = await db.query(
    `SELECT
       (SELECT count(*) FROM (SELECT FROM guess_crossing WHERE day > ${dayNumber('now()')} - ${GUESS_DAYS}
          GROUP BY unit HAVING count(*) >= ${CROSSING_ENTITIES}) AS crossed)::float8 AS crossings,
       (SELECT count(*) FROM limit_counter WHERE kind = ${KINDS.excess} AND used > ${MOST_EXCESS}
          AND window_start >= ${dayStart('now()')})::float8 AS misses`,
  );
  const [row] = rows;
  return { guessCrossings: row?.crossings as number, missesOfDay: row?.misses as number };
}
