/** Names, results and receipts for the tests; the codes are those of this file, not of the matching profile. */
import fc from 'fast-check';
import {
  LEAF_TAG_BYTES,
  MIN_CHUNK_ROWS,
  parseReceipt,
  type Receipt,
  receiptChunkText,
  receiptHeadText,
  receiptRowRoot,
  receiptTailText,
} from './receipt.ts';
import { hashOf } from './reference.test-support.ts';
import { encodeResult, type FieldResult, type RowResult } from './result-bytes.ts';
import { createCellCodec } from './result-cells.ts';
import { NODE_TAGS, treeRoot } from './tree.ts';
import { chunkLeaves, createRowVerifier, leafTagsOf, type ReceiptRow, type RowsReport } from './verify-rows.ts';

export const CODEC = createCellCodec({
  verdicts: Object.fromEntries(
    'VERIFIED PROBABLE MISMATCH NOT_FOUND AMBIGUOUS INVALID NOT_PERMITTED CONSENT_MISSING LIMITED NOT_CONFIRMED'
      .split(' ')
      .map((name, index) => [name, index + 1]),
  ),
  notices: { DECEASED: 0, ID_SUPERSEDED: 1, MISSING: 2, UNDER_INVESTIGATION: 3 },
  reasons: Object.fromEntries(Array.from({ length: 96 }, (_, code) => [`REASON_${code}`, code])),
});

const fieldResult = fc.integer({ min: 0, max: 3 }) as fc.Arbitrary<FieldResult>;
const score = fc.option(fc.integer({ min: 0, max: 99 }), { nil: undefined });
const ascending = (max: number, maxLength: number) =>
  fc.uniqueArray(fc.integer({ min: 0, max }), { maxLength }).map((codes) => codes.toSorted((a, b) => a - b));

export const aResult: fc.Arbitrary<RowResult> = fc.record({
  verdict: fc.integer({ min: 1, max: 10 }),
  id: fieldResult,
  name: fieldResult,
  birthDate: fieldResult,
  notices: ascending(3, 4),
  nameScore: score,
  score,
  reasons: ascending(95, 6),
  currentId: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 999_999_999_999 })),
});

/** A row whose content depends on its number only. */
export function sampleResult(index: number): RowResult {
  return {
    verdict: (index % 10) + 1,
    id: (index % 4) as FieldResult,
    name: ((index >> 2) % 4) as FieldResult,
    birthDate: 1,
    notices: index % 97 === 0 ? [1] : [],
    nameScore: index % 3 === 0 ? index % 100 : undefined,
    score: undefined,
    reasons: index % 5 === 0 ? [index % 96] : [],
    currentId: index % 97 === 0 ? 900_200_000_000 + index : 0,
  };
}

export function sampleRows(count: number): ReceiptRow[] {
  return Array.from({ length: count }, (_, index) => ({
    line: index + 2,
    rowId: `S${index}`,
    msisdn: `09${String(index).padStart(8, '0')}`,
    result: encodeResult(sampleResult(index)),
  }));
}

export const JOB_KEY = hashOf(Buffer.from('job key'));
export const LOG_HEAD = `test.lienthong/log/1\n7\n${Buffer.alloc(32, 7).toString('base64')}\n\n— test.lienthong/log/1 ${Buffer.alloc(74, 1).toString('base64')}\n`;

/** The receipt that these rows would have got. */
export function sampleReceipt(rows: readonly ReceiptRow[], chunkRows = MIN_CHUNK_ROWS): Receipt {
  const chunks = Array.from({ length: Math.ceil(rows.length / chunkRows) }, (_, num) => {
    const part = rows.slice(num * chunkRows, (num + 1) * chunkRows);
    const seed = hashOf(Buffer.from(`seed ${num}`));
    const leaves = chunkLeaves(JOB_KEY, seed, part);
    const leafTags = leafTagsOf(leaves);
    return {
      num,
      rows: part.length,
      seed,
      root: treeRoot(leaves, NODE_TAGS.row),
      leafTags,
      entryId: hashOf(Buffer.from(`entry ${num}`)).subarray(0, 16),
      answer: `aaaa.${num}bbb.cccc`,
    };
  });
  if (chunks.some((chunk) => chunk.leafTags.length !== chunk.rows * LEAF_TAG_BYTES)) throw new Error('leaf tags');
  return {
    jobKey: JOB_KEY,
    jobId: 'job-1',
    opening: hashOf(Buffer.from('opening')),
    chunkRows,
    columns: {
      row_id: 'MA_KH',
      msisdn: 'SO_TB',
      id_number: 'SO_GTTT',
      full_name: 'HỌ TÊN',
      date_of_birth: 'NGAY_SINH',
    },
    chunks,
    rows: rows.length,
    rowRoot: receiptRowRoot(chunks),
    token: 'aaaa.bbbb.cccc',
    logHead: LOG_HEAD,
    keySet: 'dddd.eeee.ffff',
    keySetPayload: Buffer.from('key set'),
  };
}

/** All rows against their receipt at once. */
export function verifyRows(receipt: Receipt, rows: Iterable<ReceiptRow>, limit?: number): RowsReport {
  const verifier = createRowVerifier(receipt, limit);
  for (const row of rows) verifier.add(row);
  return verifier.end();
}

/** The whole file, as it is written piece by piece. Throws as `parseReceipt` for a receipt that it would not take. */
export function buildReceipt(receipt: Receipt): string {
  const text = [receiptHeadText(receipt), ...receipt.chunks.map(receiptChunkText), receiptTailText(receipt)].join('');
  parseReceipt(text);
  return text;
}
