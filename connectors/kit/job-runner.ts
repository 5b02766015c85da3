import { randomBytes } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { faultPoint } from '../../gateway/faults/point.ts';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { RequestContextSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import {
  StartJobRequestSchema,
  JobState as State,
  VerificationService,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { SignedClient } from './client.ts';
import type { Unreadable } from './decode/unreadable.ts';
import { createDesk, type JobFile, type JobProgress, type JobTerms } from './job-desk.ts';
import { finishJob } from './job-finish.ts';
import { type LaneOptions, runLanes } from './job-lanes.ts';
import {
  findJobState,
  type JobIdentity,
  type JobState,
  newJobState,
  removeJobState,
  saveJobState,
} from './job-state.ts';
import type { Tally } from './job-tally.ts';
import { KitError } from './kit-error.ts';
import { type LearntFile, sentProfile } from './learn/finding.ts';
import { firstPass, type ReadingProgress } from './learn/first-pass.ts';
import { lockOutput } from './output-lock.ts';
import { publish } from './part-file.ts';
import { receiptPathOf } from './receipt-file.ts';
import { GatewayError } from './refusal.ts';
import { prepareRequest } from './request.ts';
import { createResultWriter } from './result-writer.ts';

export type { JobFile, JobProgress, JobTerms } from './job-desk.ts';

export type JobResult = {
  readonly jobId: string;
  readonly tally: Tally;
  readonly chunks: number;
  readonly resumedRows: number;
  readonly learnt: LearntFile;
  readonly unreadable: Unreadable;
  readonly results: string;
  readonly receipt: string;
};

export const CHUNK_ROWS = { least: 256, most: 8192, default: 4096 } as const;
/** A StartJob that may have been answered is sent again only while the gateway keeps its answer (10 minutes). */
const SAME_REQUEST_SECONDS = 540;
const DATE_ORDERS = { 'day-first': 1, 'month-first': 2 } as const;

/**
 * Verifies a file row by row and writes one line for every record, in input order, with a receipt.
 *
 * Killed at any point, the same call goes on where it was: whole chunks on the disk stay, all others are sent again byte
 * for byte (the gateway gives the answers that it has). Memory does not grow with the file.
 *
 * Throws KitError: file and profile errors before anything is sent; GatewayError; UNAVAILABLE and INCOMPLETE where
 * running again helps; JOB_PAUSED, JOB_GONE.
 */
export async function runJob(
  { client, file, terms }: { client: SignedClient; file: JobFile; terms: JobTerms },
  options: LaneOptions & {
    /** While the file is read for the first time, before the gateway hears of it. */
    readonly onReading?: ((progress: ReadingProgress) => void) | undefined;
    readonly onProgress?: ((progress: JobProgress) => void) | undefined;
  },
): Promise<JobResult> {
  checkTerms(terms);
  const { chunkRows: batchRows, stated } = terms;
  const { signal, onReading } = options;
  const unlock = lockOutput(file.out);
  try {
    const { digest: expected, learnt } = await firstPass(file.path, {
      ...{ columns: file.columns, batchRows, stated, signal, onReading },
    });
    const identity = identityOf(client, file, terms, expected.digest);
    const statePath = `${file.out}.job.json`;
    const kept = await findJobState(statePath, identity);
    if (kept?.closed === true && kept.job !== undefined) return await publishJob(file, statePath, kept, kept.job.id);
    await options.gate?.opened(signal);
    const { state, job } = await startJob(client, terms, statePath, { identity, learnt }, kept, signal);
    const columns = Object.fromEntries(file.columns.map(({ name, header }) => [name, header]));
    const writer = await createResultWriter({ out: file.out, statePath, state, job, columns });
    try {
      const keep = async (closed: boolean): Promise<JobState> => {
        const next: JobState = { ...state, job, done: await writer.sync(), unreadable: desk.unreadable(), closed };
        await saveJobState(statePath, next);
        return next;
      };
      const desk = createDesk({ file, terms, state, writer, expected, keep, onProgress: options.onProgress });
      const context = create(RequestContextSchema, contextOf(client, terms));
      const where = { client, jobId: job.id, openingDigest: job.opening, context };
      await runLanes(where, desk, options).catch(async (error: unknown) => {
        // What was answered is kept, so that the next run begins behind it.
        await desk.settle();
        await keep(false).catch(() => undefined);
        throw explain(error, job.id, statePath);
      });
      // Once the job is closed nothing can be sent again, so all of it is on the disk before.
      await keep(false);
      faultPoint('client-close');
      await finishJob({ client, job, terms, writer, signal }).catch((error: unknown) => {
        throw explain(error, job.id, statePath);
      });
      const closed = await keep(true);
      await writer.close();
      return await publishJob(file, statePath, closed, job.id, state.done.rows);
    } finally {
      await writer.close();
    }
  } finally {
    unlock();
  }
}

function checkTerms({ chunkRows }: JobTerms): void {
  const isPower = Number.isInteger(chunkRows) && chunkRows > 0 && (chunkRows & (chunkRows - 1)) === 0;
  if (!isPower || chunkRows < CHUNK_ROWS.least || chunkRows > CHUNK_ROWS.most) {
    throw new KitError('CHUNK_ROWS_WRONG', { limit: CHUNK_ROWS.most });
  }
}

function identityOf(client: SignedClient, file: JobFile, terms: JobTerms, digest: Buffer): JobIdentity {
  return {
    fileDigest: (file.original?.digest.digest ?? digest).toString('base64url'),
    columns: Object.fromEntries(file.columns.map(({ name, header }) => [name, header])),
    agency: client.profile.agency,
    deployment: client.profile.deployment,
    purpose: terms.purpose,
    chunkRows: terms.chunkRows,
    stated: terms.stated,
    asOf: terms.asOf,
    limit: terms.limit,
    sheet: file.original && { name: file.original.sheet, text: digest.toString('base64url') },
  };
}

function contextOf({ profile }: SignedClient, { purpose }: JobTerms) {
  const { serviceCode, unitCode, officerCode } = profile.context;
  return { purpose, serviceCode, unitCode, officerCode };
}

/** The job to go on with, or a new one. Its secret and its opening stand on the disk before the gateway hears of it. */
async function startJob(
  client: SignedClient,
  terms: JobTerms,
  statePath: string,
  { identity, learnt }: Pick<JobState, 'identity' | 'learnt'>,
  kept: JobState | undefined,
  signal: AbortSignal | undefined,
): Promise<{ state: JobState; job: { id: string; opening: string } }> {
  if (kept?.job !== undefined) return { state: kept, job: kept.job };
  const now = client.now();
  let state = kept !== undefined && Math.abs(now - kept.start.at) < SAME_REQUEST_SECONDS ? kept : undefined;
  if (state === undefined) {
    const profile = sentProfile(learnt);
    const { id_number: id = '', full_name: name = '', date_of_birth: date = '' } = identity.columns;
    const request = prepareRequest(client.profile, StartJobRequestSchema, {
      context: contextOf(client, terms),
      chunkRows: terms.chunkRows,
      columns: [id, name, date],
      fileDigest: Buffer.from(identity.fileDigest, 'base64url'),
      asOf: BigInt(terms.asOf),
      fileProfile: { ...profile, dateOrder: DATE_ORDERS[profile.dateOrder] },
    });
    const start = { bytes: Buffer.from(request.bytes).toString('base64'), requestId: request.requestId, at: now };
    state = newJobState({ identity, learnt, jobKey: randomBytes(32).toString('base64url'), start });
    await saveJobState(statePath, state);
  }
  faultPoint('client-start');
  const { bytes, requestId } = state.start;
  const answer = await client.unaryBytes(
    VerificationService.method.startJob,
    { bytes: Buffer.from(bytes, 'base64'), requestId },
    { signal },
  );
  const id = answer.message.job?.jobId;
  if (id === undefined || id === '') throw new KitError('UNTRUSTED_ANSWER', { problem: 'NO_JOB' });
  const job = { id, opening: answer.requestDigest };
  faultPoint('client-started');
  await saveJobState(statePath, { ...state, job });
  return { state: { ...state, job }, job };
}

/** Gives the files their names. A run that was killed in the middle of this is finished by the next. */
async function publishJob(
  { out }: JobFile,
  statePath: string,
  state: JobState,
  jobId: string,
  resumedRows = state.done.rows,
): Promise<JobResult> {
  faultPoint('client-rename');
  await publish(receiptPathOf(out));
  faultPoint('client-renamed');
  await publish(out);
  faultPoint('client-published');
  await removeJobState(statePath);
  const { tally, chunks } = state.done;
  const { learnt, unreadable = { count: 0, line: 0 } } = state;
  return { jobId, tally, chunks, resumedRows, learnt, unreadable, results: out, receipt: receiptPathOf(out) };
}

/** What a refusal means for a job. */
function explain(error: unknown, job: string, file: string): unknown {
  if (!(error instanceof GatewayError)) return error;
  if (error.says(ErrorReason.JOB_UNKNOWN))
    return new KitError('JOB_GONE', { job, state: 'UNKNOWN', file }, { cause: error });
  if (!error.says(ErrorReason.JOB_STATE)) return error;
  const state = error.refusal?.jobState ?? '';
  if (state === State[State.PAUSED]) return new KitError('JOB_PAUSED', { job }, { cause: error });
  return new KitError('JOB_GONE', { job, state, file }, { cause: error });
}
