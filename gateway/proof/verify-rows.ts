/**
 * Rows against their receipt. Trusted: the chunk roots (they add up to the signed row root). The leaf tags only name the line
 * inside a chunk whose root differs; with forged tags the change is still found, and the whole chunk is named.
 */
import { rowLeaves } from './batch.ts';
import { equalBytes, HASH_BYTES } from './bytes.ts';
import { LEAF_TAG_BYTES, type Receipt, type ReceiptChunk } from './receipt.ts';
import { RESULT_BYTES } from './result-bytes.ts';
import { rowRefs } from './row-ref.ts';
import { NODE_TAGS, treeRoot } from './tree.ts';

export interface ReceiptRow {
  /** Line number as the results file prints it. */
  readonly line: number;
  readonly rowId: string;
  readonly msisdn: string;
  /** 22 result bytes, or undefined where the cells are none that a result prints as. */
  readonly result: Uint8Array | undefined;
}

/**
 * - ROW_CHANGED: this line is not what was signed (number `index`, from 0, of chunk `num`).
 * - CHUNK_CHANGED: something between these lines is not what was signed, and the tags do not tell what.
 * - ROWS_MISSING: fewer rows than the receipt has.  - ROW_ADDED: a row after the last one of the receipt.
 */
export type RowProblem =
  | { readonly kind: 'ROW_CHANGED'; readonly line: number; readonly num: number; readonly index: number }
  | { readonly kind: 'CHUNK_CHANGED'; readonly num: number; readonly firstLine: number; readonly lastLine: number }
  | { readonly kind: 'ROWS_MISSING'; readonly expected: number; readonly found: number }
  | { readonly kind: 'ROW_ADDED'; readonly line: number };

export interface RowsReport {
  readonly ok: boolean;
  readonly rows: number;
  /** The first problems, up to the limit. */
  readonly problems: readonly RowProblem[];
  /** How many there are in all. */
  readonly found: number;
}

export interface RowVerifier {
  add(row: ReceiptRow): void;
  /** Call once, after the last row. */
  end(): RowsReport;
}

/** Takes rows one by one in file order and keeps one chunk of them. `limit` bounds the list of problems. */
export function createRowVerifier(receipt: Receipt, limit = 20): RowVerifier {
  const problems: RowProblem[] = [];
  let found = 0;
  let rows = 0;
  let num = 0;
  let pending: ReceiptRow[] = [];
  const report = (problem: RowProblem): void => {
    found++;
    if (problems.length < limit) problems.push(problem);
  };
  return {
    add(row) {
      rows++;
      const chunk = receipt.chunks[num];
      if (chunk === undefined) return report({ kind: 'ROW_ADDED', line: row.line });
      pending.push(row);
      if (pending.length < chunk.rows) return;
      checkChunk(receipt.jobKey, chunk, pending, report);
      pending = [];
      num++;
    },
    end() {
      const chunk = receipt.chunks[num];
      if (chunk !== undefined && pending.length > 0) checkChunk(receipt.jobKey, chunk, pending, report);
      if (rows < receipt.rows) report({ kind: 'ROWS_MISSING', expected: receipt.rows, found: rows });
      return { ok: found === 0, rows, problems, found };
    },
  };
}

/** The row leaves of one chunk, packed; rows without a result get zero bytes there, which no result is. */
export function chunkLeaves(jobKey: Uint8Array, seed: Uint8Array, rows: readonly ReceiptRow[]): Uint8Array {
  const refs = rowRefs(
    jobKey,
    rows.map((row) => row.line),
    rows.map((row) => row.rowId),
    rows.map((row) => row.msisdn),
  );
  const results = Buffer.alloc(rows.length * RESULT_BYTES);
  rows.forEach((row, index) => {
    if (row.result?.length === RESULT_BYTES) results.set(row.result, index * RESULT_BYTES);
  });
  return rowLeaves(seed, refs, results);
}

/** First LEAF_TAG_BYTES of each leaf, packed. */
export function leafTagsOf(leaves: Uint8Array): Uint8Array {
  const count = leaves.length / HASH_BYTES;
  const tags = Buffer.alloc(count * LEAF_TAG_BYTES);
  for (let i = 0; i < tags.length; i++) {
    tags[i] = leaves[Math.floor(i / LEAF_TAG_BYTES) * HASH_BYTES + (i % LEAF_TAG_BYTES)]!;
  }
  return tags;
}

function checkChunk(
  jobKey: Uint8Array,
  chunk: ReceiptChunk,
  rows: readonly ReceiptRow[],
  report: (problem: RowProblem) => void,
): void {
  const leaves = chunkLeaves(jobKey, chunk.seed, rows);
  if (equalBytes(treeRoot(leaves, NODE_TAGS.row), chunk.root)) return;
  const tags = leafTagsOf(leaves);
  let named = 0;
  rows.forEach((row, index) => {
    const at = index * LEAF_TAG_BYTES;
    const [mine, kept] = [tags.subarray(at, at + LEAF_TAG_BYTES), chunk.leafTags.subarray(at, at + LEAF_TAG_BYTES)];
    if (equalBytes(mine, kept)) return;
    named++;
    report({ kind: 'ROW_CHANGED', line: row.line, num: chunk.num, index });
  });
  // Where rows are missing at the end the root cannot agree; `end` says that they are missing.
  if (named > 0 || rows.length < chunk.rows) return;
  const [first, last] = [rows[0]!, rows.at(-1)!];
  report({ kind: 'CHUNK_CHANGED', num: chunk.num, firstLine: first.line, lastLine: last.line });
}
