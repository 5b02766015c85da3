import { randomBytes } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import {
  ChunkStreamOpenedSchema,
  type ChunkStreamOpening,
  ChunkStreamResponseSchema,
  JobState,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { CallRefused } from '../exchange/refused.ts';
import { checkedContext } from '../exchange/request.ts';
import type { JobFacts } from '../exchange/verify-chunk.ts';
import type { Asked, Work } from '../exchange/work.ts';
import type { FileProfile } from '../matching/index.ts';
import { matchFields } from '../verification/match-fields.ts';
import { type JobDeps, jobIdViolations, knownJob } from './job-methods.ts';
import { answeredRanges, toJob } from './job-store.ts';
import { habitsOf, openingOf } from './opening.ts';

/** A job that a stream may attach to. */
export interface AttachedJob {
  readonly facts: JobFacts;
  readonly asked: Asked;
  readonly habits: FileProfile;
  /** The opening as work: it looks nobody up, and its answer tells the job as it stands. */
  readonly work: Work;
}

/**
 * Finds the job that an opening names.
 * @throws {CallRefused} BAD_REQUEST, JOB_UNKNOWN, JOB_STATE; BINDING_WRONG where the stream's purpose is not the job's
 */
export async function attachJob(
  { db, key }: JobDeps,
  agency: string,
  opening: ChunkStreamOpening,
  maxInFlight: number,
): Promise<AttachedJob> {
  const context = checkedContext(opening, jobIdViolations(opening.jobId));
  const job = await knownJob(db, agency, opening.jobId);
  if (job.state !== JobState.OPEN && job.state !== JobState.CLOSING) {
    throw new CallRefused(ErrorReason.JOB_STATE, { jobState: job.state });
  }
  const start = openingOf(job, key);
  if (context.purpose !== job.purpose) throw new CallRefused(ErrorReason.BINDING_WRONG);
  const asked: Asked = { context, release: [], match: matchFields(start.matchMask).fields, allowPartial: false };
  return {
    facts: {
      jobId: opening.jobId,
      openingDigest: job.openingDigest.toString('base64url'),
      chunkRows: job.chunkRows,
    },
    asked,
    habits: habitsOf(start),
    work: {
      asked,
      wanted: { kind: 'nothing' },
      async compose() {
        const opened = create(ChunkStreamOpenedSchema, {
          job: toJob(job, start),
          answered: await answeredRanges(db, job.jobId),
          maxInFlight,
          blind: randomBytes(16),
        });
        const response = create(ChunkStreamResponseSchema, { kind: { case: 'opened', value: opened } });
        return { payload: toBinary(ChunkStreamResponseSchema, response), jobId: job.jobId };
      },
    },
  };
}
