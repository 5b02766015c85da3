import { type KeyObject, randomBytes } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import {
  JobSchema,
  JobState,
  type StartJobRequest,
  StartJobRequestSchema,
  StartJobResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { Violation } from '../errors/violations.ts';
import { CallRefused } from '../exchange/refused.ts';
import { checkedContext, decodeRequest } from '../exchange/request.ts';
import type { UnaryMethod } from '../exchange/work.ts';
import { isNameWidth } from '../matching/index.ts';
import { seal } from '../sealing/seal.ts';
import { matchFields } from '../verification/match-fields.ts';

/** Rows a chunk: a power of two between these, so that a chunk's tree is a whole subtree of the file's. */
export const CHUNK_ROWS = { least: 256, most: 8192 } as const;
const MOST_COLUMNS = 64;
const LONGEST_COLUMN = 128;
/** It is kept as it came, whatever it holds that the contract does not know, and as long as the job: all that any file needs is less. */
const LARGEST_OPENING = 16 * 1024;
/** Names of encodings: what a job says of its file is shown to people. */
const ENCODING = /^[a-z0-9-]{0,32}$/;

function violationsOf(request: StartJobRequest): Violation[] {
  const violations: Violation[] = [];
  const { chunkRows, columns, fileDigest, asOf, fileProfile } = request;
  const powerOfTwo = chunkRows > 0 && Number.isInteger(Math.log2(chunkRows));
  if (!powerOfTwo || chunkRows < CHUNK_ROWS.least || chunkRows > CHUNK_ROWS.most) {
    violations.push({ field: 'chunk_rows', rule: 'RANGE' });
  }
  if (columns.length > MOST_COLUMNS) violations.push({ field: 'columns', rule: 'TOO_MANY' });
  if (columns.some((name) => name.length > LONGEST_COLUMN)) violations.push({ field: 'columns', rule: 'LENGTH' });
  if (fileDigest.length !== 32) violations.push({ field: 'file_digest', rule: 'LENGTH' });
  if (asOf < 0n) violations.push({ field: 'as_of', rule: 'RANGE' });
  if (!ENCODING.test(fileProfile?.encoding ?? '')) violations.push({ field: 'file_profile.encoding', rule: 'FORMAT' });
  if (!isNameWidth(fileProfile?.nameWidth ?? 0)) violations.push({ field: 'file_profile.name_width', rule: 'RANGE' });
  return violations;
}

/** An agency that opens jobs without end fills a table that every list of jobs is read from. */
const MOST_OPEN = 1000;
/** A job that is cancelled at once is no open one, and is kept for ever all the same: so many times as many may be begun in a day. */
const DAYS_WORTH = 10;
const OPEN_STATES = [JobState.OPEN, JobState.PAUSED, JobState.CLOSING];
/** Told to whoever has to close or cancel one first. */
const RETRY_MS = 60_000;

/** Opens a job. The whole request is kept, sealed: chunks bind to its digest, and its file profile reads their rows. */
export function createStartJob(deps: {
  readonly key: KeyObject;
  readonly nowSeconds: () => number;
  /** Jobs that an agency may have open, those left lying for a week not counted; default {@link MOST_OPEN}. */
  readonly mostOpen?: number | undefined;
}): UnaryMethod {
  const mostOpen = deps.mostOpen ?? MOST_OPEN;
  return {
    path: '/lienthong.verification.v1.VerificationService/StartJob',
    read(message) {
      if (message.length > LARGEST_OPENING) {
        throw new CallRefused(ErrorReason.BAD_REQUEST, { violations: [{ field: 'message', rule: 'LENGTH' }] });
      }
      const request = decodeRequest(StartJobRequestSchema, message);
      const { fields, violations } = matchFields(request.matchMask);
      const context = checkedContext(request, [...violations, ...violationsOf(request)]);
      return {
        asked: { context, release: [], match: fields, allowPartial: false },
        wanted: { kind: 'nothing' },
        spare: 0,
        compose(_view, { caller, digest }) {
          const jobId = randomBytes(16);
          const openingDigest = Buffer.from(digest, 'base64url');
          const now = BigInt(Math.floor(deps.nowSeconds()));
          const job = create(JobSchema, {
            jobId: jobId.toString('hex'),
            state: JobState.OPEN,
            context,
            chunkRows: request.chunkRows,
            startedAt: now,
            activeAt: now,
            openingDigest,
            ...(request.fileProfile === undefined ? {} : { fileProfile: request.fileProfile }),
          });
          const response = create(StartJobResponseSchema, {
            requestId: context.requestId,
            job,
            blind: randomBytes(16),
          });
          return {
            payload: toBinary(StartJobResponseSchema, response),
            jobId,
            effects: [
              {
                // Two gateways may let one more in between them.
                text: `INSERT INTO job (job_id, agency, purpose, opening, opening_digest, match_fields, chunk_rows, state, totals)
                 SELECT $1, $2, $3, $4, $5, $6::integer[], $7, $8, array_fill(0::bigint, ARRAY[10])
                 WHERE (SELECT count(*) FROM (
                   SELECT FROM job
                   WHERE agency = $2 AND state IN (${OPEN_STATES.join(', ')}) AND active_at > now() - interval '7 days'
                   LIMIT $9) AS open) < $9::bigint
                 AND (SELECT count(*) FROM (
                   SELECT FROM job WHERE agency = $2 AND started_at > now() - interval '1 day' LIMIT $10) AS begun) < $10::bigint
                 RETURNING 1`,
                values: [
                  jobId,
                  caller.agency,
                  context.purpose,
                  seal(deps.key, jobId, message),
                  openingDigest,
                  [...fields],
                  request.chunkRows,
                  JobState.OPEN,
                  mostOpen,
                  mostOpen * DAYS_WORTH,
                ],
                orRefuse: { reason: ErrorReason.LIMITED, facts: { limits: ['JOBS'], retryAfterMs: RETRY_MS } },
              },
            ],
          };
        },
      };
    },
  };
}
