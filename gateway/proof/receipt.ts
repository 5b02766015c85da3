/**
 * `results.csv.receipt`, format `lienthong-receipt/1`: JSON in one canonical layout, a chunk a line, so that it can be written
 * chunk by chunk and read by anything. It proves nothing by itself: what is trusted is the row root inside the gateway's signed
 * token; the rest is what is needed to get from the rows to that root.
 */
import { fromBase64url, HASH_BYTES, toBase64url } from './bytes.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { needRange, ProofError } from './errors.ts';
import { CHUNK_SEED_BYTES, ENTRY_ID_BYTES } from './leaf.ts';
import { carriedMembers, parseCarried, type ReceiptCarried } from './receipt-carried.ts';
import { closedObject, needArray, needCompactJws, needCount, needText } from './receipt-shape.ts';
import { JOB_KEY_BYTES } from './row-ref.ts';
import { NODE_TAGS, treeRoot } from './tree.ts';

export const RECEIPT_FORMAT = 'lienthong-receipt/1';
/** First bytes of a row leaf kept a row, only to name the line where a chunk's root differs. Not trusted. */
export const LEAF_TAG_BYTES = 4;
export const MIN_CHUNK_ROWS = 256;
export const MAX_CHUNK_ROWS = 8192;
/** Columns of the client's file that a job may have used, in the order in which they are written. */
export const RECEIPT_COLUMNS = ['row_id', 'msisdn', 'id_number', 'full_name', 'date_of_birth'] as const;
export type ReceiptColumns = Readonly<Partial<Record<(typeof RECEIPT_COLUMNS)[number], string>>>;

export interface ReceiptChunk {
  readonly num: number;
  readonly rows: number;
  /** 32 bytes: the row salts of this chunk. */
  readonly seed: Uint8Array;
  /** 32 bytes: root over its row leaves. */
  readonly root: Uint8Array;
  /** LEAF_TAG_BYTES a row. */
  readonly leafTags: Uint8Array;
  /** 16 bytes: the log entry that recorded this chunk. */
  readonly entryId: Uint8Array;
  /** The signed answer of this chunk (`lt-answer+jws`). */
  readonly answer: string;
}

export interface ReceiptHead {
  /** 32 bytes, the client's secret under which row refs are made. */
  readonly jobKey: Uint8Array;
  readonly jobId: string;
  /** `dig` of the StartJob message, 32 bytes. */
  readonly opening: Uint8Array;
  /** Power of two, 256…8192: rows of every chunk but the last. */
  readonly chunkRows: number;
  /** Header of the client's file that was read as each column. */
  readonly columns: ReceiptColumns;
  /** Where only the file's first rows were asked about: how many at most. */
  readonly limit?: number | undefined;
}

export interface ReceiptTail {
  /** Where other rows of the results were carried from earlier ones. `rows` and all else here is of the others, which were asked. */
  readonly carried?: ReceiptCarried | undefined;
  readonly rows: number;
  readonly rowRoot: Uint8Array;
  /** The signed receipt (`lt-receipt+jws`). */
  readonly token: string;
  /** Signed note of the log's head (`checkpoint.ts`). */
  readonly logHead: string;
  /** The gateway's key set (`lt-keys+jws`) under which token and answers verify. */
  readonly keySet: string;
  /** The bytes that `keySet` signs a digest of: with them everything verifies from the pinned root alone. */
  readonly keySetPayload: Uint8Array;
}

export interface Receipt extends ReceiptHead, ReceiptTail {
  readonly chunks: readonly ReceiptChunk[];
}

/** First piece of the file; then `receiptChunkText` of each chunk in order, then `receiptTailText`. */
export function receiptHeadText(head: ReceiptHead): string {
  const members = {
    format: RECEIPT_FORMAT,
    job_key: toBase64url(head.jobKey),
    job_id: head.jobId,
    opening: toBase64url(head.opening),
    chunk_rows: head.chunkRows,
    columns: Object.fromEntries(RECEIPT_COLUMNS.filter((c) => c in head.columns).map((c) => [c, head.columns[c]])),
    // A receipt of a whole file has no such member, and is what it always was.
    limit: head.limit,
  };
  return `${JSON.stringify(members).slice(0, -1)},"chunks":[`;
}

export function receiptChunkText(chunk: ReceiptChunk): string {
  const members = {
    num: chunk.num,
    rows: chunk.rows,
    seed: toBase64url(chunk.seed),
    root: toBase64url(chunk.root),
    leaf_tags: toBase64url(chunk.leafTags),
    entry_id: toBase64url(chunk.entryId),
    answer: chunk.answer,
  };
  return `${chunk.num === 0 ? '' : ','}\n${JSON.stringify(members)}`;
}

export function receiptTailText(tail: ReceiptTail): string {
  const members = {
    ...(tail.carried === undefined ? {} : { carried: carriedMembers(tail.carried) }),
    rows: tail.rows,
    row_root: toBase64url(tail.rowRoot),
    token: tail.token,
    log_head: tail.logHead,
    key_set: tail.keySet,
    key_set_payload: toBase64url(tail.keySetPayload),
  };
  return `\n],${JSON.stringify(members).slice(1)}\n`;
}

function writeReceipt(receipt: Receipt): string {
  return [receiptHeadText(receipt), ...receipt.chunks.map(receiptChunkText), receiptTailText(receipt)].join('');
}

/**
 * Strict parse. Throws ProofError: SHAPE (not this closed shape), VERSION, NOT_CANONICAL (text that is not as it is
 * written: repeated members, other spacing, other base64), RANGE, LENGTH, INCONSISTENT (rows that do not add up, numbers not
 * 0, 1, 2…, a row root that is not the root over the chunk roots). Signatures are for the caller to verify.
 */
export function parseReceipt(text: string): Receipt {
  const value = parseJson(text);
  const limited = typeof value === 'object' && value !== null && Object.hasOwn(value, 'limit');
  const carries = typeof value === 'object' && value !== null && Object.hasOwn(value, 'carried');
  const optional = [...(limited ? ['limit'] : []), ...(carries ? ['carried'] : [])];
  const members = [...HEAD_MEMBERS, ...optional, 'chunks', ...TAIL_MEMBERS];
  const json = closedObject(value, members, 'receipt');
  if (json.format !== RECEIPT_FORMAT) throw new ProofError('VERSION', 'format');
  const receipt: Receipt = {
    jobKey: fromBase64url(needText(json.job_key, 'job_key'), 'job_key', JOB_KEY_BYTES),
    jobId: needText(json.job_id, 'job_id'),
    opening: fromBase64url(needText(json.opening, 'opening'), 'opening', HASH_BYTES),
    chunkRows: needCount(json.chunk_rows, 'chunk_rows'),
    columns: parseColumns(json.columns),
    ...(limited ? { limit: needCount(json.limit, 'limit') } : {}),
    chunks: needArray(json.chunks, 'chunks').map(parseChunk),
    ...(carries ? { carried: parseCarried(json.carried) } : {}),
    rows: needCount(json.rows, 'rows'),
    rowRoot: fromBase64url(needText(json.row_root, 'row_root'), 'row_root', HASH_BYTES),
    token: needCompactJws(json.token, 'token'),
    logHead: needText(json.log_head, 'log_head'),
    keySet: needCompactJws(json.key_set, 'key_set'),
    keySetPayload: fromBase64url(needText(json.key_set_payload, 'key_set_payload'), 'key_set_payload'),
  };
  parseCheckpoint(receipt.logHead);
  checkRows(receipt);
  if (writeReceipt(receipt) !== text) throw new ProofError('NOT_CANONICAL', 'receipt');
  return receipt;
}

const HEAD_MEMBERS = ['format', 'job_key', 'job_id', 'opening', 'chunk_rows', 'columns'] as const;
const TAIL_MEMBERS = ['rows', 'row_root', 'token', 'log_head', 'key_set', 'key_set_payload'] as const;
const CHUNK_MEMBERS = ['num', 'rows', 'seed', 'root', 'leaf_tags', 'entry_id', 'answer'] as const;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProofError('SHAPE', 'receipt');
  }
}

function parseChunk(value: unknown): ReceiptChunk {
  const json = closedObject(value, CHUNK_MEMBERS, 'chunk');
  const rows = needCount(json.rows, 'chunk rows');
  needRange(rows, 1, MAX_CHUNK_ROWS, 'chunk rows');
  return {
    num: needCount(json.num, 'num'),
    rows,
    seed: fromBase64url(needText(json.seed, 'seed'), 'seed', CHUNK_SEED_BYTES),
    root: fromBase64url(needText(json.root, 'root'), 'root', HASH_BYTES),
    leafTags: fromBase64url(needText(json.leaf_tags, 'leaf_tags'), 'leaf_tags', rows * LEAF_TAG_BYTES),
    entryId: fromBase64url(needText(json.entry_id, 'entry_id'), 'entry_id', ENTRY_ID_BYTES),
    answer: needCompactJws(json.answer, 'answer'),
  };
}

function parseColumns(value: unknown): ReceiptColumns {
  if (typeof value !== 'object' || value === null) throw new ProofError('SHAPE', 'columns');
  const present = RECEIPT_COLUMNS.filter((column) => Object.hasOwn(value, column));
  const json = closedObject(value, present, 'columns');
  return Object.fromEntries(present.map((column) => [column, needText(json[column], 'columns')]));
}

/** Every chunk but the last is full, so the row root is the root over the chunk roots (both RFC 6962, tag 05). */
function checkRows(receipt: Receipt): void {
  const { chunkRows, chunks } = receipt;
  needRange(chunkRows, MIN_CHUNK_ROWS, MAX_CHUNK_ROWS, 'chunk_rows');
  if ((chunkRows & (chunkRows - 1)) !== 0) throw new ProofError('RANGE', 'chunk_rows');
  chunks.forEach((chunk, index) => {
    const full = chunk.rows === chunkRows || (index === chunks.length - 1 && chunk.rows < chunkRows);
    if (chunk.num !== index || !full) throw new ProofError('INCONSISTENT', 'chunks');
  });
  if (chunks.reduce((sum, chunk) => sum + chunk.rows, 0) !== receipt.rows) throw new ProofError('INCONSISTENT', 'rows');
  const all = receipt.rows + (receipt.carried?.rows ?? 0);
  if (receipt.limit !== undefined && all > receipt.limit) throw new ProofError('INCONSISTENT', 'limit');
  if (!Buffer.from(receiptRowRoot(chunks)).equals(receipt.rowRoot)) throw new ProofError('INCONSISTENT', 'row_root');
}

/** Row root over the chunk roots in order of num. Precondition: every chunk but the last is full. */
export function receiptRowRoot(chunks: readonly { readonly root: Uint8Array }[]): Uint8Array {
  return treeRoot(Buffer.concat(chunks.map((chunk) => chunk.root)), NODE_TAGS.row);
}

/** What the verified `lt-receipt+jws` says; the caller has checked its signature, issuer and audience. */
export interface SignedReceiptClaims {
  readonly jobId: string;
  readonly opening: Uint8Array;
  readonly rows: number;
  readonly rowRoot: Uint8Array;
}

/** Throws INCONSISTENT unless the receipt says the same as its token. Without this a receipt proves nothing. */
export function checkAgainstClaims(receipt: Receipt, claims: SignedReceiptClaims): void {
  const same =
    receipt.jobId === claims.jobId &&
    receipt.rows === claims.rows &&
    Buffer.from(claims.opening).equals(receipt.opening) &&
    Buffer.from(claims.rowRoot).equals(receipt.rowRoot);
  if (!same) throw new ProofError('INCONSISTENT', 'token');
}
