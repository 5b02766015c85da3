import type { Database } from '../storage/pool.ts';
import { firstPositionSince } from './log-people.ts';
import { type DataKind, RETENTION } from './table.ts';

/** What is kept of a kind beyond its time. */
export type Overdue = Readonly<
  Record<Extract<DataKind, 'used_token' | 'call_answer' | 'job_answer' | 'log_people'>, number>
>;

/** The job runs each minute: what is late by less is not overdue. */
const GRACE = 180;

/** @throws {StorageError} */
export async function readOverdue(db: Database): Promise<Overdue> {
  const { used_token: token, call_answer: call, job_answer: job } = RETENTION;
  const { rows } = await db.query<Record<'used_token' | 'call_answer' | 'job_answer', number>>(
    `SELECT (SELECT count(*) FROM used_token WHERE iat < floor(extract(epoch FROM now()))::bigint - $1::bigint)::float8 AS used_token,
            (SELECT count(*) FROM request_key WHERE at < now() - make_interval(secs => $2))::float8 AS call_answer,
            (SELECT count(*) FROM stored_answer WHERE at < now() - make_interval(secs => $3))::float8 AS job_answer`,
    [token.seconds + GRACE, call.seconds + GRACE, job.seconds + GRACE],
  );
  const stored = rows[0] ?? { used_token: 0, call_answer: 0, job_answer: 0 };
  const before = await firstPositionSince(db, RETENTION.log_people.seconds);
  // None is so old yet, as long as the log is younger than that.
  if (before === 0) return { ...stored, log_people: 0 };
  const { rows: named } = await db.query<{ n: number }>(
    `SELECT count(*)::float8 AS n FROM log_index i JOIN log_entry e USING (entry_id) WHERE i.idx < $1 AND e.persons IS NOT NULL`,
    [before],
  );
  return { ...stored, log_people: named[0]?.n ?? 0 };
}
