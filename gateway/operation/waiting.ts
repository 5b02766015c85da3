/** What waits or is kept in the database, as numbers. */
import { JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { MOST_EXCESS } from '../exchange/guard-port.ts';
import type { Database } from '../storage/pool.ts';

/** Jobs that nobody touched for longer are history. */
const JOB_DAYS = 30;

export interface Waiting {
  /** Those that went on or ended within {@link JOB_DAYS}, by name of the state. */
  readonly jobs: Readonly<Record<string, number>>;
  readonly usedTokens: number;
  /** Answers kept for a retry. */
  readonly storedAnswers: number;
  /** Fields of people that three legal entities or more came near their bound of guessing, in the last 30 days. */
  readonly guessCrossings: number;
  /** Legal entities of which no job begins today without officers: too many of their rows matched nobody. */
  readonly missesOfDay: number;
}

/** @throws {StorageError} */
export async function readWaiting(db: Database): Promise<Waiting> {
  const { rows } = await db.query<{ kind: string; name: string; n: number }>(
    // Each half by an index of its own: jobs are kept for ever.
    `SELECT 'job' AS kind, state::text AS name, count(*)::float8 AS n FROM job
     WHERE state IN (1, 2, 3) AND active_at > now() - interval '${JOB_DAYS} days' GROUP BY state
     UNION ALL SELECT 'job', state::text, count(*)::float8 FROM job
     WHERE state NOT IN (1, 2, 3) AND active_at > now() - interval '${JOB_DAYS} days' GROUP BY state
     UNION ALL SELECT 'tokens', '', count(*)::float8 FROM used_token
     UNION ALL SELECT 'answers', '', count(*)::float8 FROM stored_answer
     UNION ALL SELECT 'crossings', '', count(*)::float8 FROM (
       SELECT FROM guess_crossing WHERE day > (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date - DATE '1970-01-01' - 30
       GROUP BY unit HAVING count(*) >= 3) AS crossed
     UNION ALL SELECT 'misses', '', count(*)::float8 FROM limit_counter
       WHERE kind = 4 AND used > ${MOST_EXCESS} AND window_start >= date_trunc('day', now() AT TIME ZONE 'Asia/Ho_Chi_Minh') AT TIME ZONE 'Asia/Ho_Chi_Minh'`,
  );
  const of = (kind: string) => rows.filter((row) => row.kind === kind);
  return {
    jobs: Object.fromEntries(of('job').map(({ name, n }) => [JobState[Number(name)] ?? name, n])),
    usedTokens: of('tokens')[0]?.n ?? 0,
    storedAnswers: of('answers')[0]?.n ?? 0,
    guessCrossings: of('crossings')[0]?.n ?? 0,
    missesOfDay: of('misses')[0]?.n ?? 0,
  };
}
