/** Officers' release of a job that its misses paused: two different ones sign the same bytes. */

import { JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { JudgeRelease, StoredRelease } from '../exchange/log-port.ts';
import { audienceOf, checkBinding } from '../signing/binding.ts';
import { digestOf } from '../signing/digest.ts';
import { keyLookup } from '../signing/public-key.ts';
import type { Signer } from '../signing/sign.ts';
import { verifyToken } from '../signing/verify.ts';
import type { Database, Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';
import { OFFICER_ISSUER, type OfficerRow, officerKeys } from './officers.ts';

export interface ReleaseRules {
  readonly deployment: string;
  /** As of agreements: undefined lets every enrolled officer count. */
  readonly pinned: ReadonlySet<string> | undefined;
}

export const RELEASE_PROBLEMS = {
  JOB_UNKNOWN: 'there is no such job',
  JOB_NOT_PAUSED: 'the job is not paused',
  OFFICER_UNKNOWN: 'the key is not that of an active officer who counts',
  SIGNED_ALREADY: 'this officer has agreed already: it takes another one',
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

/** The officers whose valid signatures stand under exactly these bytes. */
function signersOf(
  { body, signatures }: Pick<StoredRelease, 'body' | 'signatures'>,
  officers: readonly OfficerRow[],
  { deployment, pinned }: ReleaseRules,
): Set<string> {
  const { keys, codes } = officerKeys(officers);
  const lookup = keyLookup(keys);
  const bound = { audience: audienceOf(OFFICER_ISSUER, deployment), digest: digestOf(body) };
  const signers = new Set<string>();
  for (const token of signatures) {
    const verified = verifyToken(token, { typ: 'lt-act+jws', keys: lookup });
    if (!verified.ok || checkBinding(verified.claims, bound) !== undefined) continue;
    const officer = codes.get(verified.kid);
    if (officer !== undefined && officer === verified.claims.off && pinned?.has(verified.kid) !== false) {
      signers.add(officer);
    }
  }
  return signers;
}

/** For the append: whatever is written into the database, a job beyond the share of misses goes on with two signatures only. */
export function createReleaseJudge(rules: ReleaseRules): JudgeRelease {
  return (release, officers) => {
    if (signersOf(release, officers, rules).size < 2) return undefined;
    let read: unknown;
    try {
      read = JSON.parse(Buffer.from(release.body).toString('utf8'));
    } catch {
      return undefined;
    }
    const { judged, misses } = read as { judged: number; misses: number };
    const same = releaseBody(release.jobId, judged, misses, rules.deployment).equals(release.body);
    return same && Number.isSafeInteger(judged) && Number.isSafeInteger(misses) ? { judged, misses } : undefined;
  };
}

export interface ReleaseRequest extends ReleaseRules {
  readonly pool: Pool;
  readonly jobId: Buffer;
  readonly officer: string;
  readonly signer: Signer;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * One officer's agreement that a paused job goes on as it stands; with the second one's it does.
 * @throws {ReleaseRefused | StorageError}
 */
export async function releaseJob(
  request: ReleaseRequest,
): Promise<{ readonly agency: string; readonly signers: readonly string[]; readonly released: boolean }> {
  const { pool, jobId, officer, signer, deployment, now } = request;
  return inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ agency: string; state: number; judged: number; misses: number }>(
      'SELECT agency, state, judged::float8 AS judged, misses::float8 AS misses FROM job WHERE job_id = $1 FOR NO KEY UPDATE',
      [jobId],
    );
    const [job] = rows;
    if (job === undefined) throw new ReleaseRefused('JOB_UNKNOWN');
    if (job.state !== JobState.PAUSED) throw new ReleaseRefused('JOB_NOT_PAUSED');
    const body = releaseBody(jobId.toString('hex'), job.judged, job.misses, deployment);
    const officers = await activeOfficers(tx);
    const before = await signaturesOf(tx, jobId, job.judged);
    const standing = signersOf({ body, signatures: before }, officers, request);
    if (standing.has(officer)) throw new ReleaseRefused('SIGNED_ALREADY');
    const aud = audienceOf(OFFICER_ISSUER, deployment);
    const token = signer.sign('lt-act+jws', { aud, iat: now, dig: digestOf(body), off: officer });
    const signatures = [...before, token];
    const signers = signersOf({ body, signatures }, officers, request);
    if (!signers.has(officer)) throw new ReleaseRefused('OFFICER_UNKNOWN');
    await tx.query(
      `INSERT INTO job_release (job_id, judged, body, signatures) VALUES ($1, $2, $3, $4)
       ON CONFLICT (job_id, judged) DO UPDATE SET signatures = excluded.signatures, at = clock_timestamp()`,
      [jobId, job.judged, body, signatures],
    );
    const released = signers.size >= 2;
    if (released) {
      await tx.query(
        `UPDATE job SET state = CASE WHEN expected_chunks IS NULL THEN ${JobState.OPEN} ELSE ${JobState.CLOSING} END,
           active_at = clock_timestamp() WHERE job_id = $1`,
        [jobId],
      );
    }
    return { agency: job.agency, signers: [...signers].sort(), released };
  });
}

async function activeOfficers(db: Database): Promise<OfficerRow[]> {
  return (await db.query<OfficerRow>(`SELECT code, kid, jwk FROM officer WHERE status = 'active'`)).rows;
}

async function signaturesOf(db: Database, jobId: Buffer, judged: number): Promise<string[]> {
  const { rows } = await db.query<{ signatures: string[] }>(
    'SELECT signatures FROM job_release WHERE job_id = $1 AND judged = $2',
    [jobId, judged],
  );
  return rows[0]?.signatures ?? [];
}
