import type { Receipt } from '../../gateway/proof/receipt.ts';
import { type AskedTerms, termsText } from './asked-file.ts';
import { digestOfFile } from './carried-sources.ts';
import type { CarriedTally } from './carry-lines.ts';
import { type CarriedRows, carriedOf, createCarriedRows, mergeRows } from './carry-merge.ts';
import { rowsToAsk } from './carry-rows.ts';
import type { SignedClient } from './client.ts';
import type { CsvBatch } from './csv-read.ts';
import { type EarlierResults, type OnRows, openEarlier } from './earlier-results.ts';
import type { JobIdentity } from './job-state.ts';
import { readKeptKeySet } from './key-set-source.ts';
import { type LearntFile, sentProfile } from './learn/finding.ts';
import { receiptPathOf } from './receipt-file.ts';

/** Earlier results whose answers stand where a row is the same (`--changed-since`). */
export type SinceTerms = {
  /** Their path; receipt and tags lie beside it. */
  readonly results: string;
  /** Answers of an older register are asked for again. */
  readonly mostSeconds: number;
  /** Verdicts that are asked for again, however old. */
  readonly askAgain: readonly string[];
};

/**
 * Why nothing was carried: the earlier run asked under other terms (purpose, office, or how the file is read), or was answered
 * by another version of the matching profile or of the agreement.
 */
export const NOTHING_CARRIED = ['TERMS', 'PROFILE', 'AGREEMENT'] as const;
export type NothingCarried = (typeof NOTHING_CARRIED)[number];

/** What became of it; plain JSON, kept with the job's state. */
export type CarriedEnd = CarriedTally & {
  readonly since: string;
  readonly because?: NothingCarried;
  /** Different rows of the earlier results that are none of the rows read; undefined where nothing was compared. */
  readonly gone?: number;
};

/** What a job is answered under, as the gateway signed it with the answer that opened the job. */
export type JobVersions = { readonly profile: string; readonly agreement: string };

export type Carrying = {
  /** Why no row can be carried, whatever the file holds: known before the first is asked about. */
  readonly because: NothingCarried | undefined;
  /** Of the records of a file those to ask about. */
  rowsToAsk(batches: AsyncIterable<CsvBatch>, batchRows: number, onCarried: () => void): AsyncIterable<CsvBatch>;
  readonly rows: number;
  /** Puts results together once all rows are answered. */
  merge(): Promise<{ end: CarriedEnd; receipt: Receipt['carried']; bytes: number }>;
  close(): Promise<void>;
};

/** The part of a job's identity that earlier results are. Throws KitError FILE_MISSING. */
export async function sinceIdentity({ results, mostSeconds, askAgain }: SinceTerms): Promise<JobIdentity['since']> {
  const digest = await digestOfFile(receiptPathOf(results));
  return { receipt: digest.toString('base64url'), mostSeconds, askAgain };
}

export function askedTermsOf({ profile }: SignedClient, purpose: string, learnt: LearntFile): AskedTerms {
  const { serviceCode, unitCode } = profile.context;
  return {
    ...{ agency: profile.agency, deployment: profile.deployment, purpose },
    ...{ service: serviceCode, unit: unitCode, profile: sentProfile(learnt) },
  };
}

/**
 * Verifies the earlier results, before the gateway hears of the new job.
 *
 * @param notBefore unix seconds, kept with the job: a run that goes on carries the same rows
 */
export async function openSince(
  client: SignedClient,
  { results, askAgain }: SinceTerms,
  {
    notBefore,
    ...how
  }: { terms: AskedTerms; notBefore: number; signal?: AbortSignal | undefined; onRows?: OnRows | undefined },
): Promise<EarlierResults> {
  const { keySetRoot: root } = client.profile;
  const newest = await readKeptKeySet(client.profile);
  return openEarlier(results, { root, newest, rule: { notBefore, askAgain }, ...how });
}

/** Begins to carry, once the job is open and it is known what it will be answered under. */
export async function createCarrying(
  out: string,
  earlier: EarlierResults,
  {
    versions,
    sameTerms,
    statePath,
    signal,
  }: { versions: JobVersions | undefined; sameTerms: boolean; statePath: string; signal?: AbortSignal | undefined },
): Promise<Carrying> {
  const rows: CarriedRows = await createCarriedRows(out, statePath);
  const because = sameTerms ? nothingCarried(earlier, versions) : 'TERMS';
  return {
    because,
    get rows() {
      return rows.count;
    },
    rowsToAsk(batches, batchRows, onCarried) {
      const { index, tags } = earlier;
      if (because !== undefined || tags === undefined) return batches;
      return rowsToAsk(batches, {
        ...{ index, tags, batchRows },
        async onCarried(lines, records) {
          await rows.add(lines, records);
          onCarried();
        },
      });
    },
    async merge() {
      await rows.sync();
      const { tally: carried, bytes } = await mergeRows(out, earlier, rows.count, { statePath, signal });
      const why = because === undefined ? { gone: earlier.index.unsought } : { because };
      const end = { ...carried, since: earlier.jobId, ...why };
      return { end, receipt: carriedOf(earlier, carried), bytes };
    },
    close: () => rows.close(),
  };
}

/** Why no row of these earlier results can be carried into a job that is answered under those versions. */
export function nothingCarried(
  { tags, versions: was }: EarlierResults,
  is: JobVersions | undefined,
): NothingCarried | undefined {
  if (tags === undefined) return 'TERMS';
  // A gateway that does not say what it answers under may answer otherwise than before.
  if (is?.profile !== was.profile) return 'PROFILE';
  return is.agreement === was.agreement ? undefined : 'AGREEMENT';
}

export function termsAgree(a: AskedTerms, b: AskedTerms): boolean {
  return termsText(a) === termsText(b);
}
