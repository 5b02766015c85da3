import type { Receipt } from '../../gateway/proof/receipt.ts';
import { createRowVerifier, type RowProblem } from '../../gateway/proof/verify-rows.ts';
import type { CarriedSources } from './carried-sources.ts';
import { columnsOf, foldedHeader, type Layout } from './csv-header.ts';
import { type CsvBatch, fileBytes, readCsv } from './csv-read.ts';
import { splitLine } from './csv-record.ts';
import { printable } from './printable.ts';
import { actionOf, resultCodec } from './result-lines.ts';
import {
  lineOf,
  RESULT_COLUMNS_WANTED,
  type ResultCellsOf,
  type ResultColumn,
  receiptRow,
  resultCellsOf,
} from './result-rows.ts';

/**
 * - `ROW_CHANGED`, `CHUNK_CHANGED`, `ROWS_MISSING`, `ROW_ADDED`: the rows are not those that the gateway signed.
 * - `CELL_CHANGED`: a cell that follows from others (`action`, `proof_ref`, `as_of` within its chunk or of no such job, `case_id`) does not.
 * - `CARRIED_CHANGED`: a row that was carried is not what the results say that it was carried from, or is one more than the receipt has of that job.
 */
export type ReceiptProblem =
  | RowProblem
  | { readonly kind: 'CELL_CHANGED'; readonly line: number; readonly column: string }
  | { readonly kind: 'CARRIED_CHANGED'; readonly line: number };

export type RowsCheck = {
  readonly ok: boolean;
  readonly rows: number;
  readonly problems: readonly ReceiptProblem[];
  readonly found: number;
  /**
   * Rows whose moment is more than a year before the receipt was signed, and the first of them. No fault of the file: so it is where
   * nobody imports, and of a register that nothing was imported into the gateway says 1970.
   */
  readonly old?: { readonly rows: number; readonly line: number; readonly asOf: string };
  /** Columns that somebody added, and no receipt says anything of: their names as they may be shown, the first ones. */
  readonly unproven?: readonly string[];
};

export type CheckedRow = {
  readonly batch: CsvBatch;
  readonly i: number;
  readonly row: ResultCellsOf;
  /** Not carried: this receipt proves it. */
  readonly asked: boolean;
};

/** A job takes days; its receipt may be signed anew much later, where a key fell into other hands. */
const OLDEST_SECONDS = 366 * 86_400;
/** Clocks of the gateway's machine and of its database. */
const AHEAD_SECONDS = 60;

/** As results are written. What is told of such a cell may be printed as it is. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** What a cell `as_of` may be beside the moment when its job was signed. No leaf holds it, so that more cannot be said of it. */
function ageOf(cell: string, signedAt: number): 'of the job' | 'old' | 'of no job' {
  const at = TIME.test(cell) ? Date.parse(cell) / 1000 : Number.NaN;
  if (!(at >= 0 && at <= signedAt + AHEAD_SECONDS)) return 'of no job';
  return at < signedAt - OLDEST_SECONDS ? 'old' : 'of the job';
}

/** Problems that are listed; the rest is only counted. */
const LISTED = 20;

/**
 * The rows of results against their receipt, which was verified before; carried ones against what they came from.
 *
 * @param sources undefined: carried rows are not looked at, and prove nothing
 * @param signedAt of the receipt's token, unix seconds; undefined: moments are held against each other alone
 * @param onRow every row in the file's order, before it is known whether its chunk holds
 */
export async function checkResultRows(
  path: string,
  receipt: Receipt,
  {
    sources,
    signedAt,
    onRow,
  }: { sources?: CarriedSources | undefined; signedAt?: number; onRow?: (row: CheckedRow) => void } = {},
): Promise<RowsCheck> {
  const codec = resultCodec();
  const verifier = createRowVerifier(receipt, LISTED);
  const own: Exclude<ReceiptProblem, RowProblem>[] = [];
  let [found, rows, askedRows, carriedRows, lastLine] = [0, 0, 0, 0, 0];
  let unproven: readonly string[] = [];
  const left = new Map(receipt.carried?.from.map((one) => [one.jobId, one.rows]));
  const report = (problem: Exclude<ReceiptProblem, RowProblem>): void => {
    found++;
    if (own.length < LISTED) own.push(problem);
  };

  /** Moments of the chunk being read, which are one, and the lines that say them. */
  let moments: string[] = [];
  let lines: number[] = [];
  let old: RowsCheck['old'];
  function endChunk(): void {
    const [first = ''] = moments;
    const asOf = moments.every((moment) => moment === first) ? first : mostFrequent(moments);
    for (let i = 0; i < moments.length; i++)
      if (moments[i] !== asOf) report({ kind: 'CELL_CHANGED', line: lines[i] as number, column: 'as_of' });
    if (signedAt !== undefined && moments.length > 0) {
      const age = ageOf(asOf, signedAt);
      const line = lines[0] as number;
      if (age === 'of no job') report({ kind: 'CELL_CHANGED', line, column: 'as_of' });
      if (age === 'old') old = { line, asOf, ...old, rows: (old?.rows ?? 0) + moments.length };
    }
    [moments, lines] = [[], []];
  }

  function checkAsked(batch: CsvBatch, i: number, row: ResultCellsOf): void {
    const read = receiptRow(batch.cellCounts[i], row, codec);
    verifier.add(read);
    const place = `${Math.floor(askedRows / receipt.chunkRows)}:${askedRows % receipt.chunkRows}`;
    for (const column of derivedProblems(row, place)) report({ kind: 'CELL_CHANGED', line: read.line, column });
    moments.push(row('as_of'));
    lines.push(read.line);
    askedRows++;
    if (askedRows % receipt.chunkRows === 0) endChunk();
  }

  for await (const batch of readCsv(fileBytes(path), {
    columns: RESULT_COLUMNS_WANTED,
    batchRows: receipt.chunkRows,
    layout: (header, line) => {
      const layout = columnsOf(header, RESULT_COLUMNS_WANTED, line);
      unproven = unprovenIn(header, layout);
      return layout;
    },
  })) {
    const record = resultCellsOf(batch);
    for (let i = 0; i < batch.count; i++) {
      const row = record(i);
      const asked = row('carried_from') === '';
      const line = lineOf(row);
      rows++;
      if (asked) checkAsked(batch, i, row);
      else {
        carriedRows++;
        const more = (left.get(row('carried_from')) ?? 0) - 1;
        left.set(row('carried_from'), more);
        if (sources !== undefined && (more < 0 || !sources.has(row))) report({ kind: 'CARRIED_CHANGED', line });
      }
      // Of a carried row no leaf holds its line in this file: but rows stand in the file's order.
      if (receipt.carried !== undefined && line <= lastLine) report({ kind: 'CELL_CHANGED', line, column: 'line' });
      lastLine = line;
      onRow?.({ batch, i, row, asked });
    }
  }
  endChunk();
  const signed = verifier.end();
  const carried = receipt.carried?.rows ?? 0;
  const missing: RowProblem[] =
    carriedRows < carried ? [{ kind: 'ROWS_MISSING', expected: carried, found: carriedRows }] : [];
  // A changed verdict makes its action wrong as well: that is one line to look at, not two.
  const named = new Set(signed.problems.map((problem) => ('line' in problem ? problem.line : undefined)));
  const others = own.filter(({ line }) => !named.has(line));
  const doubled = own.length - others.length;
  return {
    ok: signed.ok && found === 0 && missing.length === 0,
    rows,
    problems: [...signed.problems, ...others, ...missing].slice(0, LISTED),
    found: signed.found + found - doubled + missing.length,
    ...(old === undefined ? {} : { old }),
    ...(unproven.length === 0 ? {} : { unproven }),
  };
}

const LONGEST_NAME = 40;

/** Columns that this program did not write. */
function unprovenIn(header: string, { separator }: Layout): readonly string[] {
  const own = new Set(RESULT_COLUMNS_WANTED.map((column) => foldedHeader(column.header)));
  const others = splitLine(header, separator).filter((name) => !own.has(foldedHeader(name)));
  return others.slice(0, LISTED).map((name) => printable(name.trim().slice(0, LONGEST_NAME)) || '–');
}

function derivedProblems(row: ResultCellsOf, proofRef: string): ResultColumn[] {
  const notices = row('notices') === '' ? [] : row('notices').split('|');
  const wrong: ResultColumn[] = [];
  if (row('action') !== actionOf(row('verdict'), notices)) wrong.push('action');
  if (row('case_id') !== '') wrong.push('case_id');
  if (row('proof_ref') !== proofRef) wrong.push('proof_ref');
  if (row('carried_line') !== '') wrong.push('carried_line');
  return wrong;
}

function mostFrequent(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0])[0];
}
