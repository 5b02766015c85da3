import type { Transaction } from '../../../gateway/exchange/log-port.ts';
import { differing, type Report } from './difference.ts';

export interface StoredJob {
  readonly row: Record<string, unknown>;
  readonly chunks: readonly StoredChunk[];
  readonly receipt: string;
}

export interface StoredChunk {
  readonly num: number;
  readonly rows: number;
  readonly digest: Buffer;
  readonly entryId: Buffer;
  readonly rowRoot: Buffer;
  /** Whether its answer is still kept. */
  readonly kept: boolean;
}

export async function readJob(db: Transaction, jobId: string): Promise<StoredJob | undefined> {
  const id = Buffer.from(jobId, 'hex');
  const { rows } = await db.query(
    `SELECT agency, purpose, match_fields, chunk_rows, state, chunks::float8, rows::float8, misses::float8, judged::float8,
            totals::float8[], acked_through, expected_chunks, receipt FROM job WHERE job_id = $1`,
    [id],
  );
  const [found] = rows;
  if (found === undefined) return undefined;
  const { receipt, ...row } = found;
  const { rows: chunks } = await db.query(
    `SELECT c.num, c.rows, c.digest, c.entry_id AS "entryId", c.row_root AS "rowRoot", a.entry_id IS NOT NULL AS kept
     FROM job_chunk c LEFT JOIN stored_answer a USING (entry_id) WHERE job_id = $1 ORDER BY num`,
    [id],
  );
  return { row, chunks: chunks as unknown as StoredChunk[], receipt: String(receipt ?? '') };
}

export function compareJobs(undisturbed: StoredJob, disturbed: StoredJob, report: Report): void {
  for (const column of differing(undisturbed.row, disturbed.row))
    report(column === 'totals' ? 'TOTALS' : 'JOB', column);
  const shape = ({ chunks }: StoredJob) => Object.fromEntries(chunks.map(({ num, rows }) => [num, rows]));
  for (const num of differing(shape(undisturbed), shape(disturbed))) report('CHUNK', `chunk ${num}`);
  const kept = ({ chunks }: StoredJob) => Object.fromEntries(chunks.map((chunk) => [chunk.num, chunk.kept]));
  for (const num of differing(kept(undisturbed), kept(disturbed))) report('STORED_ANSWERS', `chunk ${num}`);
}

export async function findAddedJobs(db: Transaction, known: readonly string[], report: Report): Promise<void> {
  const { rows } = await db.query(`SELECT encode(job_id, 'hex') AS id FROM job`);
  for (const { id } of rows) if (!known.includes(String(id))) report('JOB_ADDED', `job ${id}`);
}
