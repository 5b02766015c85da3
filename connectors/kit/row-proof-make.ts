import { ProofError } from '../../gateway/proof/errors.ts';
import type { Receipt } from '../../gateway/proof/receipt.ts';
import { proveRow, type RowProof } from '../../gateway/proof/row-proof.ts';
import { chunkLeaves } from '../../gateway/proof/verify-rows.ts';
import { formOfClaims } from '../../gateway/signing/claims.ts';
import { parseToken } from '../../gateway/signing/parse.ts';
import { type CsvBatch, fileBytes, readCsv } from './csv-read.ts';
import { unguard } from './csv-write.ts';
import { KitError } from './kit-error.ts';
import { readReceiptFile, receiptPathOf } from './receipt-file.ts';
import { demandClaims, type ReceiptClaims } from './receipt-trust.ts';
import { resultCodec } from './result-lines.ts';
import { RESULT_COLUMNS_WANTED, receiptRow, resultCells, resultCellsOf } from './result-rows.ts';

/**
 * Cuts one row's proof out of results.csv and its receipt, offline. One chunk of rows is in memory.
 *
 * No signature is verified here, since nothing needs to be believed: that is for whoever checks the proof. What could
 * never be checked is not made, though.
 *
 * @param line line of the input file, as the column `line` has it
 *
 * Throws KitError RECEIPT_WRONG, ROW_NOT_IN_RESULTS, ROW_UNPROVABLE where a row of its chunk is not as it was signed,
 * and what reading CSV throws.
 */
export async function makeRowProof(
  resultsPath: string,
  line: number,
  { receiptPath = receiptPathOf(resultsPath) }: { receiptPath?: string } = {},
): Promise<RowProof> {
  const receipt = await readReceiptFile(receiptPath);
  demandToken(receipt, receiptPath);
  const wanted = String(line);
  let num = 0;
  const columns = RESULT_COLUMNS_WANTED;
  for await (const batch of readCsv(fileBytes(resultsPath), { columns, batchRows: receipt.chunkRows })) {
    const at = batch.cells[0]?.indexOf(wanted) ?? -1;
    if (at >= 0) return proofIn(batch, { receipt, num, at, line, results: resultsPath });
    num++;
  }
  throw new KitError('ROW_NOT_IN_RESULTS', { results: resultsPath, line });
}

function proofIn(
  batch: CsvBatch,
  { receipt, num, at, line, results }: { receipt: Receipt; num: number; at: number; line: number; results: string },
): RowProof {
  const codec = resultCodec();
  const record = resultCellsOf(batch);
  const chunk = receipt.chunks[num];
  const unprovable = (cause?: unknown) => new KitError('ROW_UNPROVABLE', { results, line }, { cause });
  if (chunk === undefined) throw unprovable();
  const rows = Array.from({ length: batch.count }, (_, i) => receiptRow(batch, i, record(i), codec));
  const row = record(at);
  const cells = {
    line: row('line'),
    row_id: unguard(row('row_id')),
    msisdn: unguard(row('msisdn')),
    ...resultCells(row),
  };
  try {
    const leaves = chunkLeaves(receipt.jobKey, chunk.seed, rows);
    return proveRow(receipt, num * receipt.chunkRows + at, leaves, cells, codec);
  } catch (error) {
    if (error instanceof ProofError) throw unprovable(error);
    throw error;
  }
}

/** Throws RECEIPT_WRONG unless the token says of the job what the receipt says. */
function demandToken(receipt: Receipt, file: string): void {
  const parsed = parseToken(receipt.token);
  if (!parsed.ok || formOfClaims('lt-receipt+jws', parsed.token.claims) !== 'receipt')
    throw new KitError('RECEIPT_WRONG', { file });
  // The table that the form was just compared with is what the type comes from.
  demandClaims(receipt, parsed.token.claims as unknown as ReceiptClaims, file);
}
