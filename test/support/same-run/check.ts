/** Holds a disturbed run of a file against an undisturbed one. */
import type { VerifySummary } from '../../../connectors/telco/verify.ts';
import { verifyLog } from '../../../gateway/audit/verify-log.ts';
import type { Transaction } from '../../../gateway/exchange/log-port.ts';
import type { KeyRing } from '../../../gateway/sealing/key-ring.ts';
import type { Difference, Report } from './difference.ts';
import { compareJobs, findAddedJobs, readJob } from './job.ts';
import { compareEntries, readLoggedRun, sortEntries } from './log.ts';
import { checkChunks, checkReceipt, type ReceiptFacts } from './receipt.ts';
import { compareResults, compareSummaries, findLeftBehind } from './results.ts';

/** A run that ended with all of its rows answered. */
export interface FinishedRun {
  readonly summary: VerifySummary;
}

export interface SameRunOptions extends ReceiptFacts {
  /** The gateway's database, as one who may read everything. */
  readonly db: Transaction;
  readonly keys: KeyRing;
  /** The file that both runs were about. */
  readonly file: string;
  readonly undisturbed: FinishedRun;
  readonly disturbed: FinishedRun;
  /** Every job that the caller knows of, these two besides. */
  readonly knownJobs?: readonly string[];
  /** Reasons of refusals that the disturbance may have added, none unless given. */
  readonly refusals?: readonly string[];
}

/** What differs, the first of each kind first; empty where the disturbed run is as the undisturbed one. */
export async function sameRun(options: SameRunOptions): Promise<Difference[]> {
  const { db, keys, file, undisturbed, disturbed, knownJobs = [], refusals = [] } = options;
  const found: Difference[] = [];
  const report: Report = (kind, where) => void found.push({ kind, where });
  const [before, after] = [undisturbed.summary, disturbed.summary];

  compareSummaries(before, after, report);
  compareResults(file, before.files.results, after.files.results, report);
  findLeftBehind(after.files.results, report);

  await findAddedJobs(db, [...knownJobs, before.jobId, after.jobId], report);
  const [expected, job] = [await readJob(db, before.jobId), await readJob(db, after.jobId)];
  if (expected === undefined || job === undefined) {
    report('JOB', 'is not there');
    return found;
  }
  compareJobs(expected, job, report);

  const [one, other] = await Promise.all(
    [before, after].map(({ jobId }) => readLoggedRun(db, jobId, options.agency)),
  ).then(([a, b]) => [a as NonNullable<typeof a>, b as NonNullable<typeof b>] as const);
  const sorted = [sortEntries(one, refusals, () => undefined), sortEntries(other, refusals, report)] as const;
  await compareEntries(db, keys, ...sorted, report);
  checkChunks(other, job, report);
  const { root, agency, deployment, logOrigin } = options;
  const facts = { root, agency, deployment, logOrigin };
  await checkReceipt(db, { out: after.files.results, run: other, job, facts }, report);

  const log = await verifyLog(db);
  for (const { finding, index } of log.findings) report('LOG', `${finding} at ${index ?? 'the head'}`);
  return found;
}
