/** GetJob, ListJobs, CancelJob: about jobs, and about nobody's data. */
import { type KeyObject, randomBytes } from 'node:crypto';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import {
  CancelJobRequestSchema,
  CancelJobResponseSchema,
  GetJobRequestSchema,
  GetJobResponseSchema,
  JobState,
  ListJobsRequestSchema,
  ListJobsResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { Violation } from '../errors/violations.ts';
import { aboutNobody, changing } from '../exchange/about-nobody.ts';
import type { Transaction } from '../exchange/log-port.ts';
import { CallRefused } from '../exchange/refused.ts';
import { checkedContext, decodeRequest, encodeMessage } from '../exchange/request.ts';
import type { UnaryMethod } from '../exchange/work.ts';
import { findJob, type JobRow, listJobs, parseJobId, toJob } from './job-store.ts';
import { openingOf } from './opening.ts';

export interface JobDeps {
  readonly db: Transaction;
  readonly key: KeyObject;
}

/** Calls a minute that may end a job although the rate is used up: as many as an agency has open. More end nothing. */
export const ENDINGS = 1000;
const SERVICE = '/lienthong.verification.v1.VerificationService';
const MOST_JOBS = 200;
const DEFAULT_JOBS = 50;

/** The violation of a job id that is none. */
export function jobIdViolations(text: string): Violation[] {
  return parseJobId(text) === undefined ? [{ field: 'job_id', rule: 'FORMAT' }] : [];
}

/** @throws {CallRefused} JOB_UNKNOWN */
export async function knownJob(db: Transaction, agency: string, jobId: string): Promise<JobRow> {
  const id = parseJobId(jobId);
  const job = id === undefined ? undefined : await findJob(db, agency, id);
  if (job === undefined) throw new CallRefused(ErrorReason.JOB_UNKNOWN);
  return job;
}

export function createGetJob({ db, key }: JobDeps): UnaryMethod {
  return {
    path: `${SERVICE}/GetJob`,
    read(message) {
      const request = decodeRequest(GetJobRequestSchema, message);
      const context = checkedContext(request, jobIdViolations(request.jobId));
      return aboutNobody(context, async ({ caller }) => {
        const job = await knownJob(db, caller.agency, request.jobId);
        const payload = encodeMessage(GetJobResponseSchema, {
          requestId: context.requestId,
          job: toJob(job, openingOf(job, key)),
          blind: randomBytes(16),
        });
        return { payload, jobId: job.jobId };
      });
    },
  };
}

export function createListJobs({ db, key }: JobDeps): UnaryMethod {
  return {
    path: `${SERVICE}/ListJobs`,
    read(message) {
      const request = decodeRequest(ListJobsRequestSchema, message);
      const after = request.pageToken === '' ? undefined : parseJobId(request.pageToken);
      const violations: Violation[] = [];
      if (request.pageSize > MOST_JOBS) violations.push({ field: 'page_size', rule: 'RANGE' });
      if (request.pageToken !== '' && after === undefined) violations.push({ field: 'page_token', rule: 'FORMAT' });
      const context = checkedContext(request, violations);
      const limit = request.pageSize === 0 ? DEFAULT_JOBS : request.pageSize;
      return aboutNobody(context, async ({ caller }) => {
        const found = await listJobs(db, caller.agency, limit + 1, after);
        const page = found.slice(0, limit);
        return {
          payload: encodeMessage(ListJobsResponseSchema, {
            requestId: context.requestId,
            jobs: page.map((job) => toJob(job, openingOf(job, key))),
            nextPageToken: found.length > limit ? (page.at(-1)?.jobId.toString('hex') ?? '') : '',
            blind: randomBytes(16),
          }),
        };
      });
    },
  };
}

export function createCancelJob({ db, key }: JobDeps): UnaryMethod {
  return {
    path: `${SERVICE}/CancelJob`,
    read(message) {
      const request = decodeRequest(CancelJobRequestSchema, message);
      const context = checkedContext(request, jobIdViolations(request.jobId));
      return changing(ENDINGS, context, async ({ caller }) => {
        const job = await knownJob(db, caller.agency, request.jobId);
        // A job that is cancelled already gets as far as the log, which knows whether this is the same request again.
        if (job.state === JobState.DONE || job.state === JobState.EXPIRED) {
          throw new CallRefused(ErrorReason.JOB_STATE, { jobState: job.state });
        }
        return {
          payload: encodeMessage(CancelJobResponseSchema, {
            requestId: context.requestId,
            job: toJob({ ...job, state: JobState.CANCELLED }, openingOf(job, key)),
            blind: randomBytes(16),
          }),
          jobId: job.jobId,
          effects: [
            {
              text: 'UPDATE job SET state = $2, active_at = clock_timestamp() WHERE job_id = $1 AND state IN (1, 2, 3) RETURNING 1',
              values: [job.jobId, JobState.CANCELLED],
              orRefuse: { reason: ErrorReason.JOB_STATE },
            },
          ],
        };
      });
    },
  };
}
