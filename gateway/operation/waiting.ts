/** What waits or is kept in the database, as numbers. */
import { JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { type LimitAlarms, readAlarms } from '../limits/read-alarms.ts';
import type { Database } from '../storage/pool.ts';

/** Jobs that nobody touched for longer are history. */
const JOB_DAYS = 30;
const GOING_ON = [JobState.OPEN, JobState.PAUSED, JobState.CLOSING].join(', ');

export interface Waiting extends LimitAlarms {
  /** Those that went on or ended within {@link JOB_DAYS}, by name of the state. */
  readonly jobs: Readonly<Record<string, number>>;
  readonly usedTokens: number;
  /** Answers kept for a retry. */
  readonly storedAnswers: number;
}

/** @throws {StorageError} */
export async function readWaiting(db: Database): Promise<Waiting> {
  const { rows } = await db.query<{ kind: string; name: string; n: number }>(
    // Each half by an index of its own: jobs are kept for ever.
    `SELECT 'job' AS kind, state::text AS name, count(*)::float8 AS n FROM job
     WHERE state IN (${GOING_ON}) AND active_at > now() - interval '${JOB_DAYS} days' GROUP BY state
     UNION ALL SELECT 'job', state::text, count(*)::float8 FROM job
     WHERE state NOT IN (${GOING_ON}) AND active_at > now() - interval '${JOB_DAYS} days' GROUP BY state
     UNION ALL SELECT 'tokens', '', count(*)::float8 FROM used_token
     UNION ALL SELECT 'answers', '', count(*)::float8 FROM stored_answer`,
  );
  const of = (kind: string) => rows.filter((row) => row.kind === kind);
  return {
    jobs: Object.fromEntries(of('job').map(({ name, n }) => [JobState[Number(name)] ?? name, n])),
    usedTokens: of('tokens')[0]?.n ?? 0,
    storedAnswers: of('answers')[0]?.n ?? 0,
    ...(await readAlarms(db)),
  };
}
