import { rm } from 'node:fs/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { StartJobRequestSchema } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { CarriedEnd, JobVersions } from './carry-run.ts';
import type { Unreadable } from './decode/unreadable.ts';
import { identityWords } from './identity-words.ts';
import { newTally, type Tally } from './job-tally.ts';
import { KitError } from './kit-error.ts';
import type { LearntFile, StatedProfile } from './learn/finding.ts';
import { readState, writeState } from './state-file.ts';

/** What a run leaves beside its output so that the next one goes on where it was: `<out>.job.json`. */
export const JOB_STATE_VERSION = 2;

/** The work that a state belongs to. All of it the same: the job goes on; anything else is another job. */
export type JobIdentity = {
  readonly fileDigest: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly agency: string;
  readonly deployment: string;
  readonly purpose: string;
  /** Of the office that asks: tags are made under them, so other ones carry other rows. */
  readonly service: string;
  readonly unit: string;
  readonly chunkRows: number;
  /** What the user said of the file; what it shows follows from its digest. */
  readonly stated: StatedProfile;
  readonly asOf: number;
  /** Only the first rows. */
  readonly limit?: number | undefined;
  /** Earlier results that rows are carried from, by the digest of their receipt, and which may be. */
  readonly since?:
    | { readonly receipt: string; readonly mostSeconds: number; readonly askAgain: readonly string[] }
    | undefined;
  /** Where the user said which line the header is. */
  readonly headerLine?: number | undefined;
  /** Of a workbook: the sheet, and the digest of the text that was made of it. */
  readonly sheet?: { readonly name: string; readonly text: string } | undefined;
};

export type OpenedJob = {
  readonly id: string;
  readonly opening: string;
  /** What it is answered under, where the gateway said so. */
  readonly versions?: JobVersions | undefined;
};

export type JobState = {
  readonly version: typeof JOB_STATE_VERSION;
  readonly identity: JobIdentity;
  /** As the opening says it: a later version of this program might learn something else of the same file. */
  readonly learnt: LearntFile;
  /** Client's secret of this job, base64url; row references are made under it. */
  readonly jobKey: string;
  /** StartJob as sent, base64, and when (unix seconds). */
  readonly start: { readonly bytes: string; readonly requestId: string; readonly at: number };
  /** Undefined until StartJob is answered. */
  readonly job?: OpenedJob;
  /** Where rows are carried: answers of a register before that moment (unix seconds) are not. */
  readonly notBefore?: number | undefined;
  /** What is on the disk: whole chunks from the first on. */
  readonly done: {
    readonly chunks: number;
    readonly rows: number;
    /** Bytes of the two `.part` files that belong to these chunks. */
    readonly resultsBytes: number;
    readonly receiptBytes: number;
    /** Tree over the chunk roots, base64. */
    readonly frontier: string;
    readonly tally: Tally;
  };
  /** Of the whole file, once it was read to its end. */
  readonly unreadable?: Unreadable;
  /** What became of carried rows; `done` is of the others. */
  readonly carried?: CarriedEnd | undefined;
  /** Of the results with carried rows among them, once they are put together. */
  readonly mergedBytes?: number | undefined;
  /** The receipt is written; only the files' names are still to be changed. */
  readonly closed: boolean;
};

export function newJobState(
  fields: Pick<JobState, 'identity' | 'learnt' | 'jobKey' | 'start' | 'notBefore'>,
): JobState {
  const done = { chunks: 0, rows: 0, resultsBytes: 0, receiptBytes: 0, frontier: '', tally: newTally() };
  return { version: JOB_STATE_VERSION, ...fields, done, closed: false };
}

/**
 * The state kept beside the output if it belongs to this work; undefined where there is none, or of other work that has answered
 * nothing yet. Throws KitError OUTPUT_UNFINISHED where a new job would throw away rows that other work has; STATE_DAMAGED.
 */
export async function findJobState(path: string, identity: JobIdentity): Promise<JobState | undefined> {
  const value = await readState(path);
  if (value === undefined) return undefined;
  // Written by this program alone, in one step; what a person changed in it shows when the answers do not fit.
  const kept = Object(value) as Partial<JobState>;
  if (typeof kept.done?.chunks !== 'number') throw new KitError('STATE_DAMAGED', { file: path });
  const differs =
    kept.version === JOB_STATE_VERSION ? differencesOf(withOffice(kept), identity) : (['version'] as const);
  if (differs.length === 0) return { ...(kept as JobState), identity };
  if (kept.done.chunks === 0 && kept.closed !== true) return undefined;
  throw new KitError('OUTPUT_UNFINISHED', { file: path, rows: kept.done.rows, differs: identityWords(differs) });
}

/** The identity of a state that was written before an office stood in it: its opening names the one that it was begun under. */
function withOffice({ identity, start }: Partial<JobState>): JobIdentity | undefined {
  if (identity === undefined || identity.service !== undefined || typeof start?.bytes !== 'string') return identity;
  try {
    const { context } = fromBinary(StartJobRequestSchema, Buffer.from(start.bytes, 'base64'));
    return { ...identity, service: context?.serviceCode ?? '', unit: context?.unitCode ?? '' };
  } catch {
    // No opening: what it was begun under is not known, so it is taken for other work.
    return identity;
  }
}

/** Members, by name; what stands in them may be anybody's. */
function differencesOf(kept: JobIdentity | undefined, identity: JobIdentity): (keyof JobIdentity)[] {
  const names = Object.keys({ ...kept, ...identity }) as (keyof JobIdentity)[];
  return names.filter((name) => JSON.stringify(kept?.[name]) !== JSON.stringify(identity[name]));
}

export function saveJobState(path: string, state: JobState): Promise<void> {
  return writeState(path, state, draftOf(path));
}

export async function removeJobState(path: string): Promise<void> {
  await rm(draftOf(path), { force: true });
  await rm(path, { force: true });
}

/** The output's lock lets one process write. */
function draftOf(path: string): string {
  return `${path}.draft`;
}
