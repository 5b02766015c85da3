import { randomBytes } from 'node:crypto';
import { faultPoint } from '../../gateway/faults/point.ts';
import {
  StartJobRequestSchema,
  VerificationService,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { sinceIdentity } from './carry-run.ts';
import type { SignedClient } from './client.ts';
import type { JobFile, JobTerms } from './job-desk.ts';
import type { LaneOptions } from './job-lanes.ts';
import { type JobIdentity, type JobState, newJobState, type OpenedJob, saveJobState } from './job-state.ts';
import { KitError } from './kit-error.ts';
import { sentProfile } from './learn/finding.ts';
import { prepareRequest } from './request.ts';

/** What a job is, and its opening. */

export const CHUNK_ROWS = { least: 256, most: 8192, default: 4096 } as const;
/** A StartJob that may have been answered is sent again only while the gateway keeps its answer (10 minutes). */
const SAME_REQUEST_SECONDS = 540;
const DATE_ORDERS = { 'day-first': 1, 'month-first': 2 } as const;

export function checkTerms({ chunkRows }: JobTerms): void {
  const isPower = Number.isInteger(chunkRows) && chunkRows > 0 && (chunkRows & (chunkRows - 1)) === 0;
  if (!isPower || chunkRows < CHUNK_ROWS.least || chunkRows > CHUNK_ROWS.most) {
    throw new KitError('CHUNK_ROWS_WRONG', { limit: CHUNK_ROWS.most });
  }
}

export async function identityOf(
  client: SignedClient,
  file: JobFile,
  terms: JobTerms,
  digest: Buffer,
): Promise<JobIdentity> {
  return {
    fileDigest: (file.original?.digest.digest ?? digest).toString('base64url'),
    columns: Object.fromEntries(file.columns.map(({ name, header }) => [name, header])),
    agency: client.profile.agency,
    deployment: client.profile.deployment,
    purpose: terms.purpose,
    service: client.profile.context.serviceCode,
    unit: client.profile.context.unitCode,
    chunkRows: terms.chunkRows,
    stated: terms.stated,
    asOf: terms.asOf,
    limit: terms.limit,
    since: terms.since && (await sinceIdentity(terms.since)),
    headerLine: file.headerLine,
    sheet: file.original && { name: file.original.sheet, text: digest.toString('base64url') },
  };
}

export function contextOf({ profile }: SignedClient, { purpose }: JobTerms) {
  const { serviceCode, unitCode, officerCode } = profile.context;
  return { purpose, serviceCode, unitCode, officerCode };
}

/** The job to go on with, or a new one. Its secret and its opening stand on the disk before the gateway hears of it. */
export async function startJob(
  client: SignedClient,
  terms: JobTerms,
  statePath: string,
  { identity, learnt, notBefore }: Pick<JobState, 'identity' | 'learnt' | 'notBefore'>,
  kept: JobState | undefined,
  { patience, signal }: Pick<LaneOptions, 'patience' | 'signal'>,
): Promise<{ state: JobState; job: OpenedJob }> {
  if (kept?.job !== undefined) return { state: kept, job: kept.job };
  let state = kept;
  /** What is sent: the same bytes while the gateway keeps their answer, of which nobody can say whether there is one. */
  async function beginning(): Promise<JobState> {
    const now = client.now();
    if (state !== undefined && Math.abs(now - state.start.at) < SAME_REQUEST_SECONDS) return state;
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
    state = newJobState({ identity, learnt, notBefore, jobKey: randomBytes(32).toString('base64url'), start });
    await saveJobState(statePath, state);
    return state;
  }
  const { begun, answer } = await patience.through(async () => {
    const begun = await beginning();
    faultPoint('client-start');
    const { bytes, requestId } = begun.start;
    const answer = await client.unaryBytes(
      VerificationService.method.startJob,
      { bytes: Buffer.from(bytes, 'base64'), requestId },
      { signal, retryForMs: 0 },
    );
    return { begun, answer };
  }, signal);
  const id = answer.message.job?.jobId;
  if (id === undefined || id === '') throw new KitError('UNTRUSTED_ANSWER', { problem: 'NO_JOB' });
  const { rev } = answer.claims;
  const versions = rev && { profile: rev.profile, agreement: rev.agreement };
  const job = { id, opening: answer.requestDigest, versions };
  faultPoint('client-started');
  await saveJobState(statePath, { ...begun, job });
  return { state: { ...begun, job }, job };
}
