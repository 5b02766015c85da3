/** Jobs in the append transaction: locked, asked whether they take a chunk, and added to. */
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { AppendItem, AppendOutcome, ChunkUse, JudgeRelease, Released } from '../exchange/log-port.ts';
import { ADD_EXCESS } from '../limits/limits-sql.ts';
import type { AppendConnection } from './append-group.ts';
import * as sql from './append-sql.ts';
import { byteaArray } from './bytea-array.ts';
import { type JobShape, misshapen, NO_CHUNKS, withChunk } from './job-shape.ts';

/** What became of each item of a group; undefined while nothing stands against it. */
export type Outcomes = (AppendOutcome | undefined)[];

export const hex = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');

/** A job as this group found it, its row locked. */
interface LockedJob {
  readonly state: JobState;
  readonly ackedThrough: number;
  readonly rows: number;
  /** Chunks that its close named; undefined before a close. */
  readonly expectedChunks: number | undefined;
  readonly chunkRows: number;
  readonly shape: JobShape;
  readonly released: Released;
  readonly judged: number;
  readonly misses: number;
  /** To be paused by this group: the table still has it open. */
  readonly halted: boolean;
}
type LockedJobs = ReadonlyMap<string, LockedJob>;

/** Locks the jobs that the group's chunks are of, in the order of their keys. */
export async function lockJobs(
  tx: AppendConnection,
  items: readonly AppendItem[],
  judgeRelease: JudgeRelease | undefined,
): Promise<LockedJobs> {
  const asked = new Map(
    items.flatMap((item) =>
      item.chunk === undefined ? [] : [[hex(item.chunk.jobId), { id: item.chunk.jobId, entity: entityOf(item) }]],
    ),
  );
  if (asked.size === 0) return new Map();
  const of = [...asked.values()];
  const { rows } = await tx.execute(sql.LOCK_JOBS, [
    byteaArray(of.map(({ id }) => id)),
    of.map(({ entity }) => entity),
  ]);
  const needsRelease = (row: Record<string, unknown>) => row.over === true || mustWait(row);
  // Not only where it is needed now, with the rows of this group it may be; there whatever `signed` says, which is of before the wait.
  const asks = rows
    .filter((row) => (needsRelease(row) || row.signed === true) && row.state !== JobState.PAUSED)
    .map((row) => row.job_id as Buffer);
  const released = asks.length === 0 ? new Map() : await readReleases(tx, asks, judgeRelease);
  return new Map(
    rows.map((row) => {
      const key = hex(row.job_id as Buffer);
      const release = released.get(key);
      return [
        key,
        {
          // Whoever writes a state into the table opens nothing: beyond the share, officers have to have signed.
          state:
            needsRelease(row) && release === undefined && isOpen(row.state) ? JobState.PAUSED : (row.state as JobState),
          ackedThrough: row.acked_through as number,
          rows: row.rows as number,
          expectedChunks: (row.expected_chunks as number | null) ?? undefined,
          chunkRows: row.chunk_rows as number,
          shape: { highest: row.highest_chunk as number, short: (row.short_chunk as number | null) ?? undefined },
          released: release ?? { judged: 0, misses: 0 },
          ...{ judged: row.judged as number, misses: row.misses as number },
          halted: mustWait(row) && release === undefined && isOpen(row.state),
        },
      ];
    }),
  );
}

/** By whom misses of a day are added up: what the call was let in by, since agencies that officers admit stand in no table. */
const entityOf = ({ legalEntity, agency }: Pick<AppendItem, 'legalEntity' | 'agency'>): string => legalEntity ?? agency;

/** Whether a job is one of those that wait where too many missed today: its own rows are too few to speak for it. */
const mustWait = (row: Record<string, unknown>) => row.day_over === true && (row.judged as number) < sql.JUDGED_ALONE;

/**
 * What of a job's misses is beyond the share, of as many rows as it takes to judge it: a job that is cut up into small ones adds as
 * much as it would have missed, and a bad file no more than its first rows.
 */
function excessOf(judged: number, misses: number): number {
  return judged === 0 ? 0 : Math.max(0, misses / judged - 1 / sql.SHARE) * Math.min(judged, sql.JUDGED_ALONE);
}

const isOpen = (state: unknown) => state === JobState.OPEN || state === JobState.CLOSING;

async function readReleases(
  tx: AppendConnection,
  jobs: readonly Buffer[],
  judgeRelease: JudgeRelease | undefined,
): Promise<Map<string, Released>> {
  const { rows } = await tx.execute(sql.READ_RELEASES, [byteaArray(jobs)]);
  const released = new Map<string, Released>();
  for (const row of rows) {
    const jobId = hex(row.job_id as Buffer);
    const stored = { jobId, body: row.body as Buffer, signatures: row.signatures as string[] };
    const counts = judgeRelease?.(stored);
    if (counts !== undefined) released.set(jobId, counts);
  }
  return released;
}

/**
 * Refuses chunks of jobs that take none (any more), those beyond the rows that the agreement allows a job, and those that cannot
 * belong to a file whose other chunks are answered: no receipt could be given for it.
 */
export function checkJobs(jobs: LockedJobs, items: readonly AppendItem[], outcomes: Outcomes): void {
  const now = new Map(jobs);
  for (const [i, { chunk }] of items.entries()) {
    if (chunk === undefined || outcomes[i] !== undefined) continue;
    const key = hex(chunk.jobId);
    const job = now.get(key);
    const refused = refusalOf(job, chunk);
    if (refused !== undefined) outcomes[i] = { kind: 'refused', ...refused };
    else if (job !== undefined) {
      now.set(key, { ...job, rows: job.rows + chunk.rows, shape: withChunk(job.shape, job.chunkRows, chunk) });
    }
  }
}

function refusalOf(job: LockedJob | undefined, chunk: ChunkUse) {
  if (job === undefined) return { reason: ErrorReason.JOB_UNKNOWN, facts: {} } as const;
  const { state, expectedChunks, chunkRows, shape } = job;
  // A close has said how many chunks there are: what it did not name missing was never part of the file.
  const beyond = state === JobState.CLOSING && expectedChunks !== undefined && chunk.num >= expectedChunks;
  if (!isOpen(state) || beyond) return { reason: ErrorReason.JOB_STATE, facts: { jobState: state } } as const;
  // All chunks below it are full, answered or not yet: a number says how many rows the file has at least.
  const least = Math.max(job.rows + chunk.rows, chunk.num * chunkRows + chunk.rows);
  if (least > chunk.rowsPerJob) return { reason: ErrorReason.LIMITED, facts: { limits: ['ROWS'] } } as const;
  const violations = misshapen(shape, chunkRows, chunk);
  return violations && ({ reason: ErrorReason.BAD_REQUEST, facts: { violations } } as const);
}

/** Adds the chunks to their jobs, all statements sent at once; returns up to where each job is acknowledged now. */
export function addToJobs(
  tx: AppendConnection,
  items: readonly AppendItem[],
  jobs: LockedJobs,
): { readonly acknowledged: ReadonlyMap<string, number>; readonly added: Promise<unknown> } {
  const chunks = items.flatMap((item) => item.chunk ?? []);
  const byJob = Map.groupBy(chunks, (chunk) => hex(chunk.jobId));
  const acknowledged = new Map<string, number>();
  const sent: Promise<unknown>[] = [];
  for (const [key, ofJob] of [...byJob].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const jobId = ofJob[0]?.jobId;
    const sum = (of: (chunk: ChunkUse) => number) => ofJob.reduce((total, chunk) => total + of(chunk), 0);
    const totals = Array.from({ length: 10 }, (_, i) => sum((chunk) => chunk.totals[i + 1] ?? 0));
    // Nobody has written the answer of a chunk that is being sent: "all below N are safe" reaches to that chunk at most.
    const acked = ofJob.reduce((highest, { num, ackedThrough }) => Math.max(highest, Math.min(num, ackedThrough)), 0);
    const before = jobs.get(key)?.ackedThrough ?? 0;
    const misses = sum((chunk) => chunk.misses);
    const judged = sum((chunk) => chunk.judged);
    const released = jobs.get(key)?.released ?? { judged: 0, misses: 0 };
    const added = [ofJob.length, sum((c) => c.rows), misses, totals, acked, judged];
    const { highest, short } = ofJob.reduce(
      (shape, chunk) => withChunk(shape, jobs.get(key)?.chunkRows ?? 0, chunk),
      NO_CHUNKS,
    );
    sent.push(tx.execute(sql.UPDATE_JOB, [jobId, ...added, released.judged, released.misses, highest, short]));
    if (acked > before) sent.push(tx.execute(sql.DELETE_ACKNOWLEDGED, [jobId, before, acked]));
    acknowledged.set(key, Math.max(acked, before));
  }
  const halted = Array.from(jobs).flatMap(([key, job]) => (job.halted ? [Buffer.from(key, 'hex')] : []));
  if (halted.length > 0) sent.push(tx.execute(sql.PAUSE_JOBS, [byteaArray(halted)]));
  const excess = excessByEntity(items, jobs);
  if (excess.size > 0) sent.push(tx.execute(ADD_EXCESS, [[...excess.keys()], [...excess.values()]]));
  return { acknowledged, added: Promise.all(sent) };
}

/** What a group's chunks add to the misses beyond the share, by legal entity: of nearly all groups nothing. */
function excessByEntity(items: readonly AppendItem[], jobs: LockedJobs): Map<string, number> {
  const excess = new Map<string, number>();
  const byJob = Map.groupBy(
    items.filter(({ chunk }) => chunk !== undefined && chunk.misses > 0),
    ({ chunk }) => hex(chunk?.jobId ?? NO_JOB),
  );
  for (const [key, ofJob] of byJob) {
    const { judged, misses } = jobs.get(key) ?? { judged: 0, misses: 0 };
    const sum = (of: 'judged' | 'misses') => ofJob.reduce((total, { chunk }) => total + (chunk?.[of] ?? 0), 0);
    // Never taken back: rows that agree later would pay for those that were tried before.
    const more = Math.round(excessOf(judged + sum('judged'), misses + sum('misses')) - excessOf(judged, misses));
    const entity = ofJob[0] === undefined ? '' : entityOf(ofJob[0]);
    if (more > 0) excess.set(entity, (excess.get(entity) ?? 0) + more);
  }
  return excess;
}

const NO_JOB = new Uint8Array(0);
