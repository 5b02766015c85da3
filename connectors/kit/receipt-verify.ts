import { dirname } from 'node:path';
import type { Head } from '../../gateway/proof/checkpoint.ts';
import type { KeySet } from '../../gateway/signing/key-set.ts';
import type { PublicJwk } from '../../gateway/signing/public-key.ts';
import { withSources } from './carried-sources.ts';
import { originOf, verifyHead } from './log-heads.ts';
import { receiptPathOf } from './receipt-file.ts';
import type { Expected } from './receipt-trust.ts';
import { readTrusted } from './receipt-trusted.ts';
import { checkResultRows, type ReceiptProblem, type RowsCheck } from './result-check.ts';

export type { ReceiptProblem } from './result-check.ts';

export type ReceiptReport = {
  readonly ok: boolean;
  /** All rows of the results; those of `carried` are proven by other receipts. */
  readonly rows: number;
  /** Rows that were carried from earlier results, and the jobs that proved them. */
  readonly carried?: {
    readonly rows: number;
    readonly from: readonly { readonly jobId: string; readonly rows: number }[];
  };
  /** The first ones, by place; `line` is the line of the input file, as the column `line` has it. */
  readonly problems: readonly ReceiptProblem[];
  readonly found: number;
  readonly old?: RowsCheck['old'];
  readonly unproven?: RowsCheck['unproven'];
  /** Whom the receipt was made out to, by which deployment, and when it was signed (unix seconds). */
  readonly agency: string;
  readonly deployment: string;
  readonly signedAt: number;
  readonly jobId: string;
  /** Where only the first rows of the file were asked about: how many at most, as the client wrote it. */
  readonly limit: number | undefined;
  readonly totals: Readonly<Record<string, number>>;
  /** Size of the log whose signed head covers all answers. */
  readonly logSize: number | undefined;
};

/** What a receipt's or a row proof's head of the log may be held against further. */
export type ReceiptHead = { readonly head: Head; readonly set: KeySet };

/**
 * Verifies results.csv against its receipt, offline, from nothing but the pinned root: root → key set → signed receipt
 * → row root → every row. One edited cell is found and its line named.
 *
 * A row that was carried from earlier results is compared with those, which are verified by their own receipt: both lie in the
 * same folder.
 *
 * Not proven: the cells `as_of`. Within a chunk the odd one is named, and one that is younger than the receipt; of those that are
 * more than a year older `old` tells. No signed leaf holds them. Nor is anything of columns that somebody added: `unproven` names them.
 *
 * Throws KitError RECEIPT_WRONG where the receipt itself does not hold, UNTRUSTED_KEY_SET, CARRIED_SOURCE_MISSING,
 * EARLIER_DIFFERS, and what reading CSV throws.
 *
 * @param expected where the caller knows them, whom and which deployment the receipt must be of
 */
export async function verifyReceipt(
  resultsPath: string,
  pinnedRoot: PublicJwk,
  {
    receiptPath = receiptPathOf(resultsPath),
    onHead,
    ...expected
  }: Expected & {
    readonly receiptPath?: string;
    readonly logOrigin?: string;
    /** Told of the log's head where a key of the set signed it; of its own origin where none is expected. */
    readonly onHead?: (head: ReceiptHead) => void;
  } = {},
): Promise<ReceiptReport> {
  const { receipt, trusted, head } = await readTrusted(receiptPath, pinnedRoot, expected);
  const shown = head ?? verifyHead(receipt.logHead, originOf(receipt.logHead), trusted.set);
  if (shown !== undefined) onHead?.({ head: shown, set: trusted.set });
  const where = {
    folder: dirname(resultsPath),
    root: pinnedRoot,
    agency: trusted.agency,
    deployment: trusted.deployment,
    newest: expected.newest,
  };
  const rows = await withSources(receipt, where, (sources) =>
    checkResultRows(resultsPath, receipt, { sources, signedAt: trusted.claims.iat }),
  );
  const from = receipt.carried?.from.map((one) => ({ jobId: one.jobId, rows: one.rows }));
  return {
    ...rows,
    ...(receipt.carried === undefined ? {} : { carried: { rows: receipt.carried.rows, from: from ?? [] } }),
    agency: trusted.agency,
    deployment: trusted.deployment,
    signedAt: trusted.claims.iat,
    jobId: receipt.jobId,
    limit: receipt.limit,
    totals: trusted.claims.totals,
    logSize: head?.size,
  };
}
