/** Jobs: what is kept of a file that is answered chunk by chunk. */
import { create } from '@bufbuild/protobuf';
import {
  type ChunkRange,
  ChunkRangeSchema,
  type Job,
  JobSchema,
  type JobState,
  type StartJobRequest,
  type Verdict,
  VerdictCountSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { Transaction } from '../exchange/log-port.ts';
import { RETENTION } from '../retention/table.ts';

/** One row of `job`, its opening still sealed. */
export interface JobRow {
  /** 16 bytes. */
  readonly jobId: Buffer;
  readonly agency: string;
  readonly purpose: string;
  /** StartJobRequest as received, sealed under the job id. */
  readonly opening: Buffer;
  /** SHA-256 of it. */
  readonly openingDigest: Buffer;
  readonly chunkRows: number;
  readonly state: JobState;
  readonly chunks: number;
  readonly rows: number;
  /** By verdict code, from 1. */
  readonly totals: readonly number[];
  readonly ackedThrough: number;
  readonly startedAt: number;
  readonly activeAt: number;
  readonly receipt: string | undefined;
  readonly checkpoint: string | undefined;
  /** Another one with whatever is changed of the row. */
  readonly version: string;
}

/** Jobs that nobody has touched for this long are expired, their stored answers gone. */
export const JOB_LIFE_HOURS = RETENTION.job_answer.seconds / 3600;

const COLUMNS = `job_id, agency, purpose, opening, opening_digest, chunk_rows,
  CASE WHEN state IN (1, 2, 3) AND active_at < clock_timestamp() - interval '${JOB_LIFE_HOURS} hours' THEN 6 ELSE state END AS state,
  chunks::float8 AS chunks, rows::float8 AS rows, totals::float8[] AS totals, acked_through,
  floor(extract(epoch FROM started_at))::float8 AS started_at, floor(extract(epoch FROM active_at))::float8 AS active_at,
  receipt, checkpoint, xmin::text AS version`;

function readRow(row: Record<string, unknown>): JobRow {
  return {
    jobId: row.job_id as Buffer,
    agency: row.agency as string,
    purpose: row.purpose as string,
    opening: row.opening as Buffer,
    openingDigest: row.opening_digest as Buffer,
    chunkRows: row.chunk_rows as number,
    state: row.state as JobState,
    chunks: row.chunks as number,
    rows: row.rows as number,
    totals: row.totals as number[],
    ackedThrough: row.acked_through as number,
    startedAt: row.started_at as number,
    activeAt: row.active_at as number,
    receipt: (row.receipt as string | null) ?? undefined,
    checkpoint: (row.checkpoint as string | null) ?? undefined,
    version: row.version as string,
  };
}

/** A job id as it is written, or undefined where the text is none. */
export function parseJobId(text: string): Buffer | undefined {
  return /^[0-9a-f]{32}$/.test(text) ? Buffer.from(text, 'hex') : undefined;
}

/** The agency's job; another agency's is as unknown as none. */
export async function findJob(db: Transaction, agency: string, jobId: Buffer): Promise<JobRow | undefined> {
  const { rows } = await db.query(`SELECT ${COLUMNS} FROM job WHERE job_id = $1 AND agency = $2`, [jobId, agency]);
  const [row] = rows;
  return row === undefined ? undefined : readRow(row);
}

/** Newest first, from `after` (exclusive) on. */
export async function listJobs(db: Transaction, agency: string, limit: number, after?: Buffer): Promise<JobRow[]> {
  const { rows } = await db.query(
    `SELECT ${COLUMNS} FROM job
     WHERE agency = $1
       AND ($3::bytea IS NULL OR (job.started_at, job.job_id) < (SELECT j.started_at, j.job_id FROM job j WHERE j.job_id = $3))
     ORDER BY job.started_at DESC, job.job_id DESC LIMIT $2`,
    [agency, limit, after ?? null],
  );
  return rows.map(readRow);
}

/** Chunk numbers that are answered, as ranges. */
export async function answeredRanges(db: Transaction, jobId: Buffer): Promise<ChunkRange[]> {
  const { rows } = await db.query(
    `SELECT min(num) AS first, max(num) AS last
     FROM (SELECT num, num - row_number() OVER (ORDER BY num) AS island FROM job_chunk WHERE job_id = $1) AS n
     GROUP BY island ORDER BY first`,
    [jobId],
  );
  return rows.map((row) => create(ChunkRangeSchema, { first: row.first as number, last: row.last as number }));
}

/** The ranges of 0 … expected−1 that the answered ones leave open. */
export function missingRanges(answered: readonly ChunkRange[], expected: number): ChunkRange[] {
  const missing: ChunkRange[] = [];
  let next = 0;
  for (const { first, last } of answered) {
    if (first > next) missing.push(create(ChunkRangeSchema, { first: next, last: Math.min(first, expected) - 1 }));
    next = Math.max(next, last + 1);
    if (next >= expected) break;
  }
  if (next < expected) missing.push(create(ChunkRangeSchema, { first: next, last: expected - 1 }));
  return missing;
}

/**
 * Whether a chunk other than the last has fewer rows than the job's chunks have: the root over the chunks is the root over the
 * rows only while every chunk but the last is full.
 */
export async function hasShortChunk(db: Transaction, job: JobRow): Promise<boolean> {
  const { rows } = await db.query(
    `SELECT 1 FROM job_chunk WHERE job_id = $1 AND rows <> $2
       AND num < (SELECT max(num) FROM job_chunk WHERE job_id = $1) LIMIT 1`,
    [job.jobId, job.chunkRows],
  );
  return rows.length > 0;
}

/** Row roots of all chunks, in the order of their numbers. */
export async function rowRoots(db: Transaction, jobId: Buffer): Promise<Buffer[]> {
  const { rows } = await db.query('SELECT row_root FROM job_chunk WHERE job_id = $1 ORDER BY num', [jobId]);
  return rows.map((row) => row.row_root as Buffer);
}

/** A job as its agency sees it; of the request that opened it, the context and what was learnt of the file. */
export function toJob(row: JobRow, { context, fileProfile }: StartJobRequest): Job {
  return create(JobSchema, {
    jobId: row.jobId.toString('hex'),
    state: row.state,
    ...(context === undefined ? {} : { context }),
    chunkRows: row.chunkRows,
    chunks: BigInt(row.chunks),
    rows: BigInt(row.rows),
    totals: row.totals.flatMap((rows, i) =>
      rows === 0 ? [] : [create(VerdictCountSchema, { verdict: (i + 1) as Verdict, rows: BigInt(rows) })],
    ),
    startedAt: BigInt(row.startedAt),
    activeAt: BigInt(row.activeAt),
    openingDigest: row.openingDigest,
    ackedThrough: row.ackedThrough,
    ...(fileProfile === undefined ? {} : { fileProfile }),
  });
}
