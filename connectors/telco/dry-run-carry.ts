import { rowsToAsk } from '../kit/carry-rows.ts';
import {
  askedTermsOf,
  type JobVersions,
  type NothingCarried,
  nothingCarried,
  openSince,
  type SinceTerms,
} from '../kit/carry-run.ts';
import type { SignedClient } from '../kit/client.ts';
import type { CsvBatch } from '../kit/csv-read.ts';
import type { OnRows } from '../kit/earlier-results.ts';
import type { LearntFile } from '../kit/learn/finding.ts';

/** What a run would carry from earlier results. */
export type ForetoldCarry = {
  /** The earlier job. */
  readonly jobId: string;
  readonly carried: number;
  /** Why none would be, whatever the file holds. */
  readonly nothingBecause?: NothingCarried;
};

export type CarryForesight = {
  rowsToAsk(batches: AsyncIterable<CsvBatch>, batchRows: number): AsyncIterable<CsvBatch>;
  /** Once all rows were read. */
  foretold(): ForetoldCarry;
  close(): void;
};

/**
 * Verifies the earlier results as a run would, and finds out which rows it would carry; writes nothing. The versions are what the
 * gateway says of itself, unsigned: a run goes by those that the gateway signs when the job is opened.
 *
 * @param agreement undefined where the gateway names none: then it is not compared
 * Throws KitError as `--changed-since` does.
 */
export async function foreseeCarrying(
  client: SignedClient,
  since: SinceTerms,
  {
    purpose,
    learnt,
    versions: { profile, agreement },
    signal,
    onRows,
  }: {
    readonly purpose: string;
    readonly learnt: LearntFile;
    readonly versions: { readonly profile: string; readonly agreement: string | undefined };
    readonly signal?: AbortSignal | undefined;
    readonly onRows?: OnRows | undefined;
  },
): Promise<CarryForesight> {
  const notBefore = client.now() - since.mostSeconds;
  const terms = askedTermsOf(client, purpose, learnt);
  const earlier = await openSince(client, since, { terms, notBefore, signal, onRows });
  const { index, tags, jobId } = earlier;
  const versions: JobVersions = { profile, agreement: agreement ?? earlier.versions.agreement };
  const because = nothingCarried(earlier, versions);
  let carried = 0;
  return {
    rowsToAsk(batches, batchRows) {
      if (because !== undefined || tags === undefined) return batches;
      const onCarried = async (lines: Float64Array): Promise<void> => {
        carried += lines.length;
      };
      return rowsToAsk(batches, { index, tags, batchRows, onCarried });
    },
    foretold: () => ({ jobId, carried, ...(because === undefined ? {} : { nothingBecause: because }) }),
    close: () => earlier.close(),
  };
}
