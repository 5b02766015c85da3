/** Officers' release of a job that its misses paused: two of the book, who count for two, sign the same bytes. */

import { JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { type ActBook, mayPair } from '../acts/book.ts';
import { neverBack } from '../acts/never-back.ts';
import { type OfficerSignature, officerOf, signAct } from '../acts/officer-token.ts';
import { readBook, type Trust } from '../acts/read-acts.ts';
import type { JudgeRelease, StoredRelease } from '../exchange/log-port.ts';
import { RETENTION } from '../retention/table.ts';
import { digestOf } from '../signing/digest.ts';
import type { Signer } from '../signing/sign.ts';
import type { Database, Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';

export const RELEASE_PROBLEMS = {
  JOB_UNKNOWN: 'there is no such job',
  JOB_NOT_PAUSED: 'the job is not paused',
  JOB_EXPIRED: 'the job was not used for too long: what it was answered is deleted',
  JOB_CHANGED: 'the job is not as the officer saw it',
  OFFICER_UNKNOWN: 'the key is not one in use of an officer who counts and proposes or approves',
  SIGNED_ALREADY: 'this officer has agreed already: it takes another one',
  NOT_INDEPENDENT: 'one of the two created or re-keyed the other within 30 days, or neither approves',
} as const;
export type ReleaseProblem = keyof typeof RELEASE_PROBLEMS;

export class ReleaseRefused extends Error {
  override readonly name = 'ReleaseRefused';
  readonly problem: ReleaseProblem;
  constructor(problem: ReleaseProblem) {
    super(RELEASE_PROBLEMS[problem]);
    this.problem = problem;
  }
}

/** What is signed: the job as the officers saw it. Exact bytes, members in the order of their names. */
function releaseBody(jobId: string, judged: number, misses: number, deployment: string): Buffer {
  return Buffer.from(JSON.stringify({ deployment, job: jobId, judged, kind: 'job.release', misses }));
}

/** The signatures over exactly these bytes that count: of keys in use, of officers of the book who propose or approve. */
function signersOf(
  { body, signatures }: Pick<StoredRelease, 'body' | 'signatures'>,
  book: ActBook,
): Map<string, OfficerSignature> {
  const digest = digestOf(body);
  const signers = new Map<string, OfficerSignature>();
  for (const token of signatures) {
    const signature = officerOf(book, token, { typ: 'lt-act+jws', digest });
    const officer = signature === undefined ? undefined : book.officers.get(signature.officer);
    // A replaced key could be dated back; a role that was taken away signs nothing.
    if (signature === undefined || officer?.counts !== true || officer.kid !== signature.kid) continue;
    if (officer.roles.has('proposer') || officer.roles.has('approver')) signers.set(officer.code, signature);
  }
  return signers;
}

/** Whether any two of them count for two, one of them an approver. */
function areTwo(signers: ReadonlyMap<string, OfficerSignature>, book: ActBook): boolean {
  const all = [...signers.values()];
  const approves = ({ officer }: OfficerSignature) => book.officers.get(officer)?.roles.has('approver') === true;
  return all.some((one) =>
    all.some((other) => approves(other) && mayPair(book, one.officer, other.officer, Math.max(one.iat, other.iat))),
  );
}

/** For the append: whatever is written into the database, a job beyond the share of misses goes on with two signatures only. */
export function createReleaseJudge({
  book: bookNow,
  nowSeconds,
}: {
  /** As last read: a bar may take as long to count here as it does for calls. */
  readonly book: () => ActBook;
  readonly nowSeconds: () => number;
}): JudgeRelease {
  const asOf = neverBack();
  return (release) => {
    const book = { ...bookNow(), now: asOf(nowSeconds()) };
    if (!areTwo(signersOf(release, book), book)) return undefined;
    let read: unknown;
    try {
      read = JSON.parse(Buffer.from(release.body).toString('utf8'));
    } catch {
      return undefined;
    }
    const { judged, misses } = read as { judged: number; misses: number };
    const same = releaseBody(release.jobId, judged, misses, book.deployment).equals(release.body);
    return same && Number.isSafeInteger(judged) && Number.isSafeInteger(misses) ? { judged, misses } : undefined;
  };
}

export interface ReleaseRequest {
  readonly trust: Trust;
  readonly pool: Pool;
  readonly jobId: Buffer;
  readonly officer: string;
  readonly signer: Signer;
  /** As the officer was shown it: nothing else is signed. */
  readonly seen: Pick<PausedJob, 'judged' | 'misses'>;
  /** Unix seconds. */
  readonly now: number;
}

/** What an officer who releases a job is asked about. */
export interface PausedJob {
  readonly agency: string;
  readonly purpose: string;
  readonly rows: number;
  /** Rows that could be judged, and those of them that missed: what is signed. */
  readonly judged: number;
  readonly misses: number;
  /** Codes of the officers whose agreement to just this counts. */
  readonly signers: readonly string[];
}

/** @throws {ReleaseRefused | StorageError} */
export async function readPausedJob(pool: Pool, trust: Trust, jobId: Buffer): Promise<PausedJob> {
  const { agency, purpose, rows, judged, misses } = await pausedRow(pool, jobId, '');
  const body = releaseBody(jobId.toString('hex'), judged, misses, trust.deployment);
  const signatures = await signaturesOf(pool, jobId, judged);
  const signers = [...signersOf({ body, signatures }, await readBook(pool, trust)).keys()].sort();
  return { agency, purpose, rows, judged, misses, signers };
}

async function pausedRow(db: Database, jobId: Buffer, lock: '' | 'FOR NO KEY UPDATE') {
  const { rows } = await db.query<Omit<PausedJob, 'signers'> & { state: number; over: boolean }>(
    `SELECT agency, purpose, state, rows::float8 AS rows, judged::float8 AS judged, misses::float8 AS misses,
       active_at < now() - interval '${RETENTION.job_answer.seconds} seconds' AS over
     FROM job WHERE job_id = $1 ${lock}`,
    [jobId],
  );
  const [job] = rows;
  if (job === undefined) throw new ReleaseRefused('JOB_UNKNOWN');
  if (job.state !== JobState.PAUSED) throw new ReleaseRefused('JOB_NOT_PAUSED');
  // Revived it would end at its first chunk that is asked for again.
  if (job.over) throw new ReleaseRefused('JOB_EXPIRED');
  return job;
}

/**
 * One officer's agreement that a paused job goes on as it stands; with the second one's it does.
 * @throws {ReleaseRefused | StorageError}
 */
export async function releaseJob(
  request: ReleaseRequest,
): Promise<{ readonly agency: string; readonly signers: readonly string[]; readonly released: boolean }> {
  const { pool, trust, jobId, officer, signer, seen, now } = request;
  const { deployment } = trust;
  return inTransaction(pool, async (tx) => {
    const job = await pausedRow(tx, jobId, 'FOR NO KEY UPDATE');
    if (job.judged !== seen.judged || job.misses !== seen.misses) throw new ReleaseRefused('JOB_CHANGED');
    const body = releaseBody(jobId.toString('hex'), job.judged, job.misses, deployment);
    const book = await readBook(tx, trust);
    const before = await signaturesOf(tx, jobId, job.judged);
    if (signersOf({ body, signatures: before }, book).has(officer)) throw new ReleaseRefused('SIGNED_ALREADY');
    const signatures = [...before, signAct(signer, { digest: digestOf(body), officer, deployment, iat: now })];
    const signers = signersOf({ body, signatures }, book);
    if (!signers.has(officer)) throw new ReleaseRefused('OFFICER_UNKNOWN');
    const released = areTwo(signers, book);
    if (!released && signers.size > 1) throw new ReleaseRefused('NOT_INDEPENDENT');
    await tx.query(
      `INSERT INTO job_release (job_id, judged, body, signatures) VALUES ($1, $2, $3, $4)
       ON CONFLICT (job_id, judged) DO UPDATE SET signatures = excluded.signatures, at = clock_timestamp()`,
      [jobId, job.judged, body, signatures],
    );
    if (released) {
      await tx.query(
        `UPDATE job SET state = CASE WHEN expected_chunks IS NULL THEN ${JobState.OPEN} ELSE ${JobState.CLOSING} END,
           active_at = clock_timestamp() WHERE job_id = $1`,
        [jobId],
      );
    }
    return { agency: job.agency, signers: [...signers.keys()].sort(), released };
  });
}

async function signaturesOf(db: Database, jobId: Buffer, judged: number): Promise<string[]> {
  const { rows } = await db.query<{ signatures: string[] }>(
    'SELECT signatures FROM job_release WHERE job_id = $1 AND judged = $2',
    [jobId, judged],
  );
  return rows[0]?.signatures ?? [];
}
