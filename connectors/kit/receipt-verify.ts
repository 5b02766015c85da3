import type { Receipt } from '../../gateway/proof/receipt.ts';
import { createRowVerifier, type RowProblem } from '../../gateway/proof/verify-rows.ts';
import type { PublicJwk } from '../../gateway/signing/public-key.ts';
import { fileBytes, readCsv } from './csv-read.ts';
import { KitError } from './kit-error.ts';
import { verifyHead } from './log-heads.ts';
import { readReceiptFile, receiptPathOf } from './receipt-file.ts';
import { demandClaims, trustReceipt } from './receipt-trust.ts';
import { actionOf, resultCodec } from './result-lines.ts';
import {
  RESULT_COLUMN,
  RESULT_COLUMNS_WANTED,
  type ResultCellsOf,
  type ResultColumn,
  receiptRow,
  resultCellsOf,
} from './result-rows.ts';

/**
 * - `ROW_CHANGED`, `CHUNK_CHANGED`, `ROWS_MISSING`, `ROW_ADDED`: the rows are not those that the gateway signed.
 * - `CELL_CHANGED`: a cell that follows from others (`action`, `proof_ref`, `as_of` within its chunk, `case_id`) does not.
 */
export type ReceiptProblem =
  | RowProblem
  | { readonly kind: 'CELL_CHANGED'; readonly line: number; readonly column: string };

export type ReceiptReport = {
  readonly ok: boolean;
  readonly rows: number;
  /** The first ones, by place; `line` is the line of the input file, as the column `line` has it. */
  readonly problems: readonly ReceiptProblem[];
  readonly found: number;
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

/** Problems that are listed; the rest is only counted. */
const LISTED = 20;

/**
 * Verifies results.csv against its receipt, offline, from nothing but the pinned root: root → key set → signed receipt
 * → row root → every row. One edited cell is found and its line named.
 *
 * Not proven: the cell `as_of` of a chunk of one row (in larger chunks the odd one is named).
 *
 * Throws KitError RECEIPT_WRONG where the receipt itself does not hold, UNTRUSTED_KEY_SET, and what reading CSV throws.
 *
 * @param expected where the caller knows them, whom and which deployment the receipt must be of
 */
export async function verifyReceipt(
  resultsPath: string,
  pinnedRoot: PublicJwk,
  {
    receiptPath = receiptPathOf(resultsPath),
    agency,
    deployment,
    logOrigin,
  }: { receiptPath?: string; agency?: string; deployment?: string; logOrigin?: string } = {},
): Promise<ReceiptReport> {
  const receipt = await readReceiptFile(receiptPath);
  const keySet = { payload: receipt.keySetPayload, jws: receipt.keySet };
  const trusted = trustReceipt({ token: receipt.token, keySet }, pinnedRoot, {
    ...(agency === undefined ? {} : { agency }),
    ...(deployment === undefined ? {} : { deployment }),
  });
  if (!trusted.ok) {
    const { part, problem } = trusted.untrusted;
    if (part === 'key_set') throw new KitError('UNTRUSTED_KEY_SET', { problem });
    throw new KitError('RECEIPT_WRONG', { file: receiptPath }, { cause: problem });
  }
  demandClaims(receipt, trusted.claims, receiptPath);
  const head = logOrigin === undefined ? undefined : verifyHead(receipt.logHead, logOrigin, trusted.set);
  if (logOrigin !== undefined && head === undefined) throw new KitError('RECEIPT_WRONG', { file: receiptPath });

  const rows = await verifyResultRows(resultsPath, receipt);
  return {
    ...rows,
    agency: trusted.agency,
    deployment: trusted.deployment,
    signedAt: trusted.claims.iat,
    jobId: receipt.jobId,
    limit: receipt.limit,
    totals: trusted.claims.totals,
    logSize: head?.size,
  };
}

async function verifyResultRows(
  path: string,
  receipt: Receipt,
): Promise<Pick<ReceiptReport, 'ok' | 'rows' | 'problems' | 'found'>> {
  const codec = resultCodec();
  const verifier = createRowVerifier(receipt, LISTED);
  const cells: Extract<ReceiptProblem, { kind: 'CELL_CHANGED' }>[] = [];
  let found = 0;
  let num = 0;
  for await (const batch of readCsv(fileBytes(path), {
    columns: RESULT_COLUMNS_WANTED,
    batchRows: receipt.chunkRows,
  })) {
    const record = resultCellsOf(batch);
    const asOf = mostFrequent(batch.cells[RESULT_COLUMN.as_of] ?? []);
    for (let i = 0; i < batch.count; i++) {
      const row = record(i);
      const read = receiptRow(batch, i, row, codec);
      const { line } = read;
      verifier.add(read);
      for (const column of derivedProblems(row, `${num}:${i}`, asOf)) {
        found++;
        if (cells.length < LISTED) cells.push({ kind: 'CELL_CHANGED', line, column });
      }
    }
    num++;
  }
  const rows = verifier.end();
  // A changed verdict makes its action wrong as well: that is one line to look at, not two.
  const named = new Set(rows.problems.map((problem) => ('line' in problem ? problem.line : undefined)));
  const others = cells.filter(({ line }) => !named.has(line));
  const doubled = cells.length - others.length;
  const problems = [...rows.problems, ...others].slice(0, LISTED);
  return { ok: rows.ok && found === 0, rows: rows.rows, problems, found: rows.found + found - doubled };
}

function derivedProblems(row: ResultCellsOf, proofRef: string, asOf: string): ResultColumn[] {
  const notices = row('notices') === '' ? [] : row('notices').split('|');
  const wrong: ResultColumn[] = [];
  if (row('action') !== actionOf(row('verdict'), notices)) wrong.push('action');
  if (row('as_of') !== asOf) wrong.push('as_of');
  if (row('case_id') !== '') wrong.push('case_id');
  if (row('proof_ref') !== proofRef) wrong.push('proof_ref');
  return wrong;
}

function mostFrequent(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0])[0];
}
