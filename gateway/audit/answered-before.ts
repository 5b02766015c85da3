import type { AnswerKey } from '../exchange/answer-key.ts';
import type { Database } from '../storage/pool.ts';

/** Whether an answer to exactly this stands in the log. Whoever records it again is told for certain; this only spares the work. */
export function createAnsweredBefore(db: Database) {
  return async (key: AnswerKey): Promise<boolean> => {
    const { rows } =
      'jobId' in key
        ? await db.query('SELECT FROM job_chunk WHERE job_id = $1 AND num = $2 AND digest = $3', [
            ...[key.jobId, key.num, key.digest],
          ])
        : await db.query('SELECT FROM request_key WHERE agency = $1 AND request_id = $2 AND digest = $3', [
            ...[key.agency, key.requestId, key.digest],
          ]);
    return rows.length > 0;
  };
}
