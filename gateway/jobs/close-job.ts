import { randomBytes } from 'node:crypto';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import {
  CloseJobRequestSchema,
  CloseJobResponseSchema,
  JobState,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { changing } from '../exchange/about-nobody.ts';
import { CallRefused } from '../exchange/refused.ts';
import { checkedContext, decodeRequest, encodeMessage } from '../exchange/request.ts';
import type { CallFacts, Composed, UnaryMethod } from '../exchange/work.ts';
import { VOCABULARY_VERSION } from '../fields/vocabulary.ts';
import { treeRoot } from '../proof/batch.ts';
import { parseCheckpoint } from '../proof/checkpoint.ts';
import { NODE_TAGS } from '../proof/tree.ts';
import { VERDICT_NAMES } from '../signing/claim-kinds.ts';
import { digestOf } from '../signing/digest.ts';
import { parseToken } from '../signing/parse.ts';
import type { ClaimsToSign, Signer } from '../signing/sign.ts';
import { MOST_CHUNKS } from './chunk-work.ts';
import { ENDINGS, type JobDeps, jobIdViolations, knownJob } from './job-methods.ts';
import { answeredRanges, hasShortChunk, type JobRow, missingRanges, rowRoots, toJob } from './job-store.ts';
import { openingOf } from './opening.ts';

/** Version of the leaf and result bytes that a receipt's rows are read with. */
export const RECEIPT_FORMAT = 'lienthong-rows-1';

export interface CloseJobDeps extends JobDeps {
  readonly signer: Signer;
  /** Whether what this key of ours signed proves nothing any more. */
  readonly isCompromised: (kid: string) => boolean;
  /** Whether a head was signed by such keys alone. */
  readonly isHeadLost: (note: string) => boolean;
  readonly deployment: string;
  readonly nowSeconds: () => number;
  /** The log's head as it stands, signed: it covers every answer committed before. */
  readonly checkpoint: () => Promise<string>;
  /** A head that the log had, signed with the key in use. */
  readonly checkpointAt: (size: number) => Promise<string>;
}

const RETRY_MS = 500;
/**
 * Something may be taken out of an answer that is given again while the job is closed: a receipt of before would say what none of its
 * answers does. Sent again, the close reads what there is now; in any other state it is refused for that.
 */
const UNCHANGED = 'SELECT FROM job WHERE job_id = $1 AND (xmin::text = $2 OR state NOT IN (1, 3)) FOR NO KEY UPDATE';

/** The receipt of a job: its `dig` is over the log head that covers every answer. */
function signReceipt(deps: CloseJobDeps, job: JobRow, root: Uint8Array, checkpoint: string, facts: CallFacts): string {
  const totals = Object.fromEntries(
    job.totals.flatMap((rows, i) => (rows === 0 ? [] : [[VERDICT_NAMES[i] ?? 'INVALID', rows]])),
  );
  return deps.signer.sign('lt-receipt+jws', {
    aud: `${job.agency}@${deps.deployment}`,
    iat: Math.floor(deps.nowSeconds()),
    dig: digestOf(Buffer.from(checkpoint)),
    job: job.jobId.toString('hex'),
    opn: job.openingDigest.toString('base64url'),
    cnt: job.chunks,
    rows: job.rows,
    totals,
    ver: {
      format: RECEIPT_FORMAT,
      vocabulary: String(VOCABULARY_VERSION),
      profile: facts.revisions.profile,
      policy: facts.revisions.policy,
      agreement: facts.revisions.agreement,
    },
    root: Buffer.from(root).toString('base64url'),
    head: checkpoint,
  });
}

/** A receipt that was given before; signed anew, and its head as well, where a key of theirs fell into other hands since. */
async function receiptAgain(
  deps: CloseJobDeps,
  { receipt = '', checkpoint = '' }: Pick<JobRow, 'receipt' | 'checkpoint'>,
) {
  const parsed = parseToken(receipt);
  const lost = checkpoint !== '' && deps.isHeadLost(checkpoint);
  if (!parsed.ok || !(lost || deps.isCompromised(parsed.token.kid))) return { receipt, checkpoint };
  const { iss: _iss, jti: _jti, ...claims } = parsed.token.claims;
  const iat = Math.floor(deps.nowSeconds());
  // The same tree, whose root is made of what the log has.
  const head = lost ? await deps.checkpointAt(parseCheckpoint(checkpoint).head.size) : checkpoint;
  const same = claims as ClaimsToSign<'lt-receipt+jws'>;
  const dig = digestOf(Buffer.from(head, 'utf8'));
  return { receipt: deps.signer.sign('lt-receipt+jws', { ...same, head, dig, iat }), checkpoint: head };
}

/**
 * Closes a job: what is missing by range, or a receipt over everything. A job that is closed already gives its receipt again.
 */
export function createCloseJob(deps: CloseJobDeps): UnaryMethod {
  return {
    path: '/lienthong.verification.v1.VerificationService/CloseJob',
    read(message) {
      const request = decodeRequest(CloseJobRequestSchema, message);
      const context = checkedContext(request, jobIdViolations(request.jobId));
      const { expectedChunks } = request;
      const expectedRows = Number(request.expectedRows);
      if (expectedChunks > MOST_CHUNKS) {
        throw new CallRefused(ErrorReason.BAD_REQUEST, { violations: [{ field: 'expected_chunks', rule: 'RANGE' }] });
      }

      async function close(facts: CallFacts): Promise<Composed> {
        const job = await knownJob(deps.db, facts.caller.agency, request.jobId);
        const answerWith = (state: JobState, rest: object) =>
          encodeMessage(CloseJobResponseSchema, {
            requestId: context.requestId,
            job: toJob({ ...job, state }, openingOf(job, deps.key)),
            blind: randomBytes(16),
            ...rest,
          });
        if (job.state === JobState.DONE && job.chunks === expectedChunks && job.rows === expectedRows) {
          const payload = answerWith(JobState.DONE, await receiptAgain(deps, job));
          return { payload, jobId: job.jobId };
        }
        if (job.state !== JobState.OPEN && job.state !== JobState.CLOSING) {
          throw new CallRefused(ErrorReason.JOB_STATE, { jobState: job.state });
        }
        const missing = missingRanges(await answeredRanges(deps.db, job.jobId), expectedChunks);
        if (missing.length > 0) {
          return {
            payload: answerWith(JobState.CLOSING, { missing }),
            jobId: job.jobId,
            effects: [
              {
                text: `UPDATE job SET state = $2, expected_chunks = $3, active_at = clock_timestamp()
                 WHERE job_id = $1 AND state IN (1, 3)`,
                values: [job.jobId, JobState.CLOSING, expectedChunks],
              },
            ],
          };
        }
        // Every chunk is there: what differs now is what the client believes of its file.
        if (job.chunks !== expectedChunks || job.rows !== expectedRows) {
          throw new CallRefused(ErrorReason.BAD_REQUEST, {
            violations: [
              { field: job.chunks === expectedChunks ? 'expected_rows' : 'expected_chunks', rule: 'INCONSISTENT' },
            ],
          });
        }
        if (await hasShortChunk(deps.db, job)) {
          throw new CallRefused(ErrorReason.BAD_REQUEST, { violations: [{ field: 'chunk.ids', rule: 'RANGE' }] });
        }
        const root = treeRoot(Buffer.concat(await rowRoots(deps.db, job.jobId)), NODE_TAGS.row);
        const checkpoint = await deps.checkpoint();
        const receipt = signReceipt(deps, job, root, checkpoint, facts);
        return {
          payload: answerWith(JobState.DONE, { receipt, checkpoint }),
          jobId: job.jobId,
          effects: [
            {
              text: UNCHANGED,
              values: [job.jobId, job.version],
              orRefuse: { reason: ErrorReason.STORAGE_UNAVAILABLE, facts: { retryAfterMs: RETRY_MS } },
            },
            {
              text: `UPDATE job SET state = $2, receipt = $3, checkpoint = $4, active_at = clock_timestamp()
               WHERE job_id = $1 AND state IN (1, 3) AND chunks = $5 AND rows = $6 RETURNING 1`,
              values: [job.jobId, JobState.DONE, receipt, checkpoint, expectedChunks, expectedRows],
              orRefuse: { reason: ErrorReason.JOB_STATE },
            },
          ],
        };
      }

      return changing(ENDINGS, context, close);
    },
  };
}
