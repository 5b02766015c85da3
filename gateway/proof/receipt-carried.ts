/**
 * What a receipt says of rows that its results carry from earlier ones. The gateway signs nothing of it: such a row is proven by
 * the receipt of the job that asked about it, which is named here by its digest.
 */
import { fromBase64url, HASH_BYTES, toBase64url } from './bytes.ts';
import { ProofError } from './errors.ts';
import { closedObject, needArray, needCount, needText } from './receipt-shape.ts';

export interface CarriedFrom {
  /** The job that asked about these rows. */
  readonly jobId: string;
  /** SHA-256 of its receipt file, 32 bytes. */
  readonly receipt: Uint8Array;
  readonly rows: number;
}

export interface ReceiptCarried {
  /** The job whose results the file was compared with. */
  readonly since: string;
  readonly rows: number;
  /** Those that rows came from: that job, and those that it had carried from itself. */
  readonly from: readonly CarriedFrom[];
}

export function carriedMembers({ since, rows, from }: ReceiptCarried): object {
  const jobs = from.map((one) => ({ job_id: one.jobId, receipt: toBase64url(one.receipt), rows: one.rows }));
  return { since, rows, from: jobs };
}

/** Throws ProofError SHAPE; INCONSISTENT for rows that do not add up, and for a job that stands twice. */
export function parseCarried(value: unknown): ReceiptCarried {
  const json = closedObject(value, ['since', 'rows', 'from'], 'carried');
  const from = needArray(json.from, 'carried').map((one) => {
    const job = closedObject(one, ['job_id', 'receipt', 'rows'], 'carried');
    return {
      jobId: needText(job.job_id, 'carried'),
      receipt: fromBase64url(needText(job.receipt, 'carried'), 'carried', HASH_BYTES),
      rows: needCount(job.rows, 'carried'),
    };
  });
  const carried = { since: needText(json.since, 'carried'), rows: needCount(json.rows, 'carried'), from };
  const twice = new Set(from.map(({ jobId }) => jobId)).size !== from.length;
  if (twice || from.reduce((sum, { rows }) => sum + rows, 0) !== carried.rows)
    throw new ProofError('INCONSISTENT', 'carried');
  return carried;
}
