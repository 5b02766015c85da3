import { dirname } from 'node:path';
import { ProofError } from '../../gateway/proof/errors.ts';
import type { Receipt } from '../../gateway/proof/receipt.ts';
import { type ProvenCells, proveRow, type RowProof } from '../../gateway/proof/row-proof.ts';
import { chunkLeaves, type ReceiptRow } from '../../gateway/proof/verify-rows.ts';
import { formOfClaims } from '../../gateway/signing/claims.ts';
import { parseToken } from '../../gateway/signing/parse.ts';
import { findSource } from './carried-sources.ts';
import { fileBytes, readCsv } from './csv-read.ts';
import { unguard } from './csv-write.ts';
import { KitError } from './kit-error.ts';
import { readReceiptFile, receiptPathOf } from './receipt-file.ts';
import { demandClaims, type ReceiptClaims } from './receipt-trust.ts';
import { resultCodec } from './result-lines.ts';
import {
  lineOf,
  RESULT_COLUMNS_WANTED,
  type ResultCellsOf,
  receiptRow,
  resultCells,
  resultCellsOf,
} from './result-rows.ts';

/**
 * Cuts one row's proof out of results.csv and its receipt, offline. One chunk of rows is in memory.
 *
 * A row that was carried from earlier results is proven by these, which are looked for in the same folder: the proof is then of
 * the job that was asked about it, and of its line in that job's file.
 *
 * No signature is verified here, since nothing needs to be believed: that is for whoever checks the proof. What could
 * never be checked is not made, though.
 *
 * @param line line of the input file, as the column `line` has it
 *
 * Throws KitError RECEIPT_WRONG, ROW_NOT_IN_RESULTS, CARRIED_SOURCE_MISSING, ROW_UNPROVABLE where a row of its chunk is not
 * as it was signed, and what reading CSV throws.
 */
export async function makeRowProof(
  resultsPath: string,
  line: number,
  { receiptPath = receiptPathOf(resultsPath) }: { receiptPath?: string } = {},
): Promise<RowProof> {
  const receipt = await readReceiptFile(receiptPath);
  demandToken(receipt, receiptPath);
  const unprovable = (cause?: unknown) => new KitError('ROW_UNPROVABLE', { results: resultsPath, line }, { cause });
  const codec = resultCodec();
  const columns = RESULT_COLUMNS_WANTED;
  /** Rows of the chunk being read, and among them the one that is wanted. */
  let [num, rows] = [0, [] as (() => ReceiptRow)[]];
  let wanted: { readonly at: number; readonly cells: ProvenCells } | undefined;

  function proof(): RowProof {
    const chunk = receipt.chunks[num];
    if (chunk === undefined || wanted === undefined) throw unprovable();
    demandAnswer(chunk.answer, receipt.jobId, num, receiptPath);
    try {
      const leaves = chunkLeaves(
        receipt.jobKey,
        chunk.seed,
        rows.map((row) => row()),
      );
      return proveRow(receipt, num * receipt.chunkRows + wanted.at, leaves, wanted.cells, codec);
    } catch (error) {
      if (error instanceof ProofError) throw unprovable(error);
      throw error;
    }
  }

  for await (const batch of readCsv(fileBytes(resultsPath), { columns, batchRows: receipt.chunkRows })) {
    const record = resultCellsOf(batch);
    for (let i = 0; i < batch.count; i++) {
      const row = record(i);
      const found = row('line') === String(line);
      if (row('carried_from') !== '') {
        if (found) return proofElsewhere(receipt, resultsPath, row, unprovable);
        continue;
      }
      if (found) wanted = { at: rows.length, cells: provenCells(row) };
      // Only the rows of one chunk are needed as they were hashed.
      const cellCount = batch.cellCounts[i];
      rows.push(() => receiptRow(cellCount, row, codec));
      if (rows.length < receipt.chunkRows) continue;
      if (wanted !== undefined) return proof();
      [num, rows] = [num + 1, []];
    }
  }
  if (wanted === undefined) throw new KitError('ROW_NOT_IN_RESULTS', { results: resultsPath, line });
  return proof();
}

/** The proof of a carried row, by the results that it was carried from. */
async function proofElsewhere(
  { carried }: Receipt,
  resultsPath: string,
  row: ResultCellsOf,
  unprovable: () => KitError,
): Promise<RowProof> {
  const from = carried?.from.find(({ jobId }) => jobId === row('carried_from'));
  if (from === undefined) throw unprovable();
  const proof = await makeRowProof(await findSource(from, dirname(resultsPath)), lineOf(row, 'carried_line'));
  // Carried from that very row, and unchanged: else the proof is of something else than what stands here.
  const { line: _, ...here } = provenCells(row);
  const same = Object.entries(here).every(([name, cell]) => proof.cells[name as keyof ProvenCells] === cell);
  if (!same || proof.jobId !== from.jobId) throw unprovable();
  return proof;
}

function provenCells(row: ResultCellsOf): ProvenCells {
  return {
    ...{ line: row('line'), row_id: unguard(row('row_id')), msisdn: unguard(row('msisdn')) },
    ...resultCells(row),
  };
}

/** Throws RECEIPT_WRONG unless the token says of the job what the receipt says. */
function demandToken(receipt: Receipt, file: string): void {
  const parsed = parseToken(receipt.token);
  if (!parsed.ok || formOfClaims('lt-receipt+jws', parsed.token.claims) !== 'receipt')
    throw new KitError('RECEIPT_WRONG', { file });
  // The table that the form was just compared with is what the type comes from.
  demandClaims(receipt, parsed.token.claims as unknown as ReceiptClaims, file);
}

/** Throws RECEIPT_WRONG unless this is an answer to that chunk of the job. */
function demandAnswer(answer: string, jobId: string, num: number, file: string): void {
  const parsed = parseToken(answer);
  const claims = parsed.ok ? parsed.token.claims : {};
  if (formOfClaims('lt-answer+jws', claims) !== 'chunk' || claims.job !== jobId || claims.num !== num)
    throw new KitError('RECEIPT_WRONG', { file });
}
