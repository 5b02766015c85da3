import { create } from '@bufbuild/protobuf';
import { faultPoint } from '../../gateway/faults/point.ts';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { RequestContextSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { JobState as State } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { type AskedTerms, askedPathOf, askedTagsOf, createAskedWriter } from './asked-file.ts';
import { askedRowsOf, removeAskedRows } from './carry-merge.ts';
import {
  askedTermsOf,
  type CarriedEnd,
  createCarrying,
  type NothingCarried,
  openSince,
  termsAgree,
} from './carry-run.ts';
import type { SignedClient } from './client.ts';
import { demandNoReceipt } from './complete-output.ts';
import type { Unreadable } from './decode/unreadable.ts';
import type { EarlierResults, OnRows } from './earlier-results.ts';
import { EXIT_CODES, type ExitCode } from './exit-codes.ts';
import type { FileDigest } from './file-digest.ts';
import { createDesk, type JobFile, type JobProgress, type JobTerms } from './job-desk.ts';
import { finishJob } from './job-finish.ts';
import { type LaneOptions, runLanes } from './job-lanes.ts';
import { checkTerms, contextOf, identityOf, startJob } from './job-start.ts';
import { findJobState, type JobState, type OpenedJob, removeJobState, saveJobState } from './job-state.ts';
import type { Tally } from './job-tally.ts';
import { KitError } from './kit-error.ts';
import type { LearntFile } from './learn/finding.ts';
import { firstPass, type ReadingProgress } from './learn/first-pass.ts';
import { lockOutput } from './output-lock.ts';
import { publish } from './part-file.ts';
import { createPatience, type Outage } from './patience.ts';
import { receiptPathOf } from './receipt-file.ts';
import { GatewayError } from './refusal.ts';
import { createResultWriter } from './result-writer.ts';
import { cosignWhile } from './witness.ts';

export type { JobFile, JobProgress, JobTerms } from './job-desk.ts';
export { CHUNK_ROWS } from './job-start.ts';

/** Once the job is open and before a row is sent: why all of them are asked about, and the earlier job. */
export type OnNothingCarried = (because: NothingCarried, earlierJobId: string) => void;

export type JobResult = {
  readonly jobId: string;
  /** Of the rows that were asked about. */
  readonly tally: Tally;
  /** Of those that earlier results answer. */
  readonly carried: CarriedEnd | undefined;
  readonly chunks: number;
  readonly resumedRows: number;
  readonly learnt: LearntFile;
  readonly unreadable: Unreadable;
  readonly results: string;
  readonly receipt: string;
};

/**
 * Verifies a file row by row and writes one line for every record, in input order, with a receipt.
 *
 * Killed at any point, the same call goes on where it was: whole chunks on the disk stay, all others are sent again byte
 * for byte (the gateway gives the answers that it has). Memory does not grow with the file.
 *
 * Throws KitError: OUTPUT_COMPLETE, file and profile errors before anything is sent; GatewayError; UNAVAILABLE and INCOMPLETE where
 * running again helps; JOB_PAUSED, JOB_GONE.
 */
export async function runJob(
  { client, file, terms }: { client: SignedClient; file: JobFile; terms: JobTerms },
  {
    giveUpMs,
    onOutage,
    ...options
  }: Omit<LaneOptions, 'patience'> & {
    /** How long a gateway that is away is tried again while nothing comes through. */
    readonly giveUpMs: number;
    readonly onOutage?: ((outage: Outage | undefined) => void) | undefined;
    /** While the file is read for the first time, before the gateway hears of it. */
    readonly onReading?: ((progress: ReadingProgress) => void) | undefined;
    /** While earlier results are verified, after that. */
    readonly onEarlier?: OnRows | undefined;
    readonly onNothingCarried?: OnNothingCarried | undefined;
    readonly onProgress?: ((progress: JobProgress) => void) | undefined;
  },
): Promise<JobResult> {
  checkTerms(terms);
  const { chunkRows: batchRows, stated } = terms;
  const { signal, onReading } = options;
  const patience = createPatience({ forMs: giveUpMs, onOutage });
  const unlock = await lockOutput(file.out, signal);
  try {
    const { digest: expected, learnt } = await firstPass(file.path, {
      ...{ columns: file.columns, headerLine: file.headerLine, batchRows, stated, signal, onReading },
    });
    const identity = await identityOf(client, file, terms, expected.digest);
    const statePath = `${file.out}.job.json`;
    const kept = await findJobState(statePath, identity);
    if (kept === undefined && file.replace !== true) await demandNoReceipt(receiptPathOf(file.out), file.out);
    if (kept?.closed === true && kept.job !== undefined) return await publishJob(file, statePath, kept, kept.job.id);
    const notBefore = kept?.notBefore ?? client.now() - (terms.since?.mostSeconds ?? 0);
    const readAs = askedTermsOf(client, terms.purpose, (kept ?? { learnt }).learnt);
    // Before the gateway hears of the job: none is opened where earlier results do not hold.
    const earlier =
      terms.since &&
      (await openSince(client, terms.since, { terms: readAs, notBefore, signal, onRows: options.onEarlier }));
    try {
      await options.gate?.opened(signal);
      const begin = { identity, learnt, ...(earlier === undefined ? {} : { notBefore }) };
      const opened = await startJob(client, terms, statePath, begin, kept, { patience, signal });
      return await answerAll(
        { client, file, terms },
        { ...options, patience },
        { ...opened, statePath, expected, earlier, readAs },
      );
    } finally {
      earlier?.close();
    }
  } finally {
    await unlock();
  }
}

/** From an open job to its results: sends what has to be sent, puts together what there is, closes, publishes. */
async function answerAll(
  { client, file, terms }: { client: SignedClient; file: JobFile; terms: JobTerms },
  options: LaneOptions & {
    readonly onNothingCarried?: OnNothingCarried | undefined;
    readonly onProgress?: ((progress: JobProgress) => void) | undefined;
  },
  {
    state,
    job,
    statePath,
    expected,
    earlier,
    readAs,
  }: {
    state: JobState;
    job: OpenedJob;
    statePath: string;
    expected: FileDigest;
    earlier: EarlierResults | undefined;
    /** What the earlier results were compared under. */
    readAs: AskedTerms;
  },
): Promise<JobResult> {
  const { signal, patience, onProgress } = options;
  const { out } = file;
  const askedTerms = askedTermsOf(client, terms.purpose, state.learnt);
  const sameTerms = termsAgree(askedTerms, readAs);
  const columns = Object.fromEntries(file.columns.map(({ name, header }) => [name, header]));
  const rowsTo = earlier === undefined ? out : askedRowsOf(out);
  const jobKey = Buffer.from(state.jobKey, 'base64url');
  const open: { close(): Promise<void> }[] = [];
  function closing<T extends { close(): Promise<void> }>(file: T): T {
    open.push(file);
    return file;
  }
  async function close(): Promise<void> {
    for (const file of open.splice(0)) await file.close();
  }
  try {
    const writer = closing(await createResultWriter({ out, rowsTo, statePath, state, job, columns }));
    const sidecar = closing(await createAskedWriter(out, { jobId: job.id, jobKey, terms: askedTerms, statePath }));
    const { versions } = job;
    const carrying = earlier && closing(await createCarrying(out, earlier, { versions, sameTerms, statePath, signal }));
    if (carrying?.because !== undefined) options.onNothingCarried?.(carrying.because, earlier?.jobId ?? '');
    const keep = async (closed: boolean, carried?: CarriedEnd, mergedBytes?: number): Promise<JobState> => {
      const done = await writer.sync();
      const next: JobState = { ...state, job, done, unreadable: desk.unreadable(), carried, mergedBytes, closed };
      await saveJobState(statePath, next);
      return next;
    };
    const asked = { tags: askedTagsOf(jobKey, askedTerms), file: sidecar };
    const desk = createDesk({ file, terms, state, writer, expected, asked, carrying, keep, onProgress });
    const context = create(RequestContextSchema, contextOf(client, terms));
    const where = { client, jobId: job.id, openingDigest: job.opening, context };
    const carry = (stop: AbortSignal) => runLanes(where, desk, { ...options, signal: stop });
    await cosignWhile(client.witness, signal, carry).catch(async (error: unknown) => {
      // What was answered is kept, so that the next run begins behind it.
      await desk.settle();
      const kept = await keep(false).catch(() => undefined);
      throw withKept(explainChunk(error, job.id, statePath), kept?.done.rows);
    });
    // Once the job is closed nothing can be sent again, so all of it is on the disk before.
    await keep(false);
    // Each row of the file once, before the gateway hears that these were all.
    if (writer.rows + (carrying?.rows ?? 0) !== sidecar.rows) throw new KitError('STATE_DAMAGED', { file: statePath });
    await sidecar.finish();
    const merged = await carrying?.merge();
    faultPoint('client-close');
    const carried = merged?.receipt;
    await finishJob({ client, job, terms, writer, carried, patience, signal }).catch((error: unknown) => {
      throw withKept(explain(error, job.id, statePath), writer.rows);
    });
    const done = await keep(true, merged?.end, merged?.bytes);
    await close();
    return await publishJob(file, statePath, done, job.id, state.done.rows);
  } finally {
    await close();
  }
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
  const { resultsBytes, receiptBytes } = state.done;
  await publish(receiptPathOf(out), statePath, receiptBytes);
  await publish(askedPathOf(out), statePath);
  faultPoint('client-renamed');
  await publish(out, statePath, state.carried === undefined ? resultsBytes : state.mergedBytes);
  faultPoint('client-published');
  await removeAskedRows(out);
  await removeJobState(statePath);
  const { tally, chunks } = state.done;
  const { carried, learnt, unreadable = { count: 0, line: 0 } } = state;
  return { jobId, tally, carried, chunks, resumedRows, learnt, unreadable, results: out, receipt: receiptPathOf(out) };
}

/** Where running again goes on: how many rows need not be asked about again. */
function withKept(error: unknown, rows: number | undefined): unknown {
  const goesOn: readonly ExitCode[] = [EXIT_CODES.UNAVAILABLE, EXIT_CODES.LIMITED, EXIT_CODES.INTERRUPTED];
  if (!(error instanceof KitError)) return error;
  if (goesOn.includes(error.exitCode) || error.reason === 'REFUSED_UNSIGNED') error.keptRows = rows;
  return error;
}

/** Said of a chunk that is sent again, and at every further run: only a new job can ask about these rows. */
const NEVER_AGAIN = [ErrorReason.ANSWER_GONE, ErrorReason.AGREEMENT_CHANGED, ErrorReason.CONTENT_CHANGED] as const;

/** What a refusal of a chunk means for a job. */
function explainChunk(error: unknown, job: string, file: string): unknown {
  const never = error instanceof GatewayError ? NEVER_AGAIN.find((reason) => error.says(reason)) : undefined;
  if (never === undefined) return explain(error, job, file);
  return new KitError('JOB_GONE', { job, state: ErrorReason[never], file }, { cause: error });
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
