import { type Job, JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';

/** A job followed by asking for it again and again: a change for every answer that differs from the one before. */

export type JobChange = {
  readonly job: Job;
  /** Rows a second over the last half minute, at first over the whole job; undefined while nothing can be said. */
  readonly rate: number | undefined;
  /** Nothing more happens to the job by itself. */
  readonly over: boolean;
};

export type FollowOptions = {
  readonly ask: () => Promise<Job>;
  readonly wait: (ms: number) => Promise<void>;
  /** Milliseconds of a clock that only rises. */
  readonly now: () => number;
  /** Between two questions while the job moves; up to eight times as long while it does not. */
  readonly everyMs: number;
};

const RATE_OVER_MS = 30_000;
const SLOWEST = 8;

/** A paused job waits for the operator: whoever follows it is told, and need not wait along. */
export const OVER: ReadonlySet<JobState> = new Set([
  JobState.DONE,
  JobState.CANCELLED,
  JobState.EXPIRED,
  JobState.PAUSED,
]);

/** Ends behind the change that shows the job to be over; what `ask` and `wait` throw ends it too. */
export async function* followJob({ ask, wait, now, everyMs }: FollowOptions): AsyncGenerator<JobChange> {
  const seen: { rows: number; at: number }[] = [];
  let last: Job | undefined;
  let slower = 1;
  for (;;) {
    const job = await ask();
    const [rows, at] = [Number(job.rows), now()];
    const changed = last === undefined || last.rows !== job.rows || last.state !== job.state;
    slower = changed ? 1 : Math.min(SLOWEST, slower * 2);
    seen.push({ rows, at });
    while (seen.length > 2 && at - (seen[1]?.at ?? at) > RATE_OVER_MS) seen.shift();
    if (changed) {
      const over = OVER.has(job.state);
      yield { job, rate: last === undefined ? wholeRate(job) : rateOf(seen), over };
      if (over) return;
    }
    last = job;
    await wait(everyMs * slower);
  }
}

function rateOf(seen: readonly { rows: number; at: number }[]): number | undefined {
  const [first, last] = [seen[0], seen.at(-1)];
  if (first === undefined || last === undefined || last.at <= first.at) return undefined;
  return ((last.rows - first.rows) * 1000) / (last.at - first.at);
}

/** From its opening to its last use, in whole seconds: pauses between runs count as well. */
function wholeRate({ rows, startedAt, activeAt }: Job): number | undefined {
  const taken = Number(activeAt - startedAt);
  return taken > 0 ? Number(rows) / taken : undefined;
}
