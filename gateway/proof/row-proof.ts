/**
 * One row cut out of a receipt, format `lienthong-row-proof/2`: the row's cells, its salt, the path from its leaf to the signed
 * row root, and the signed answer of its chunk, which says what the row was judged under. It tells nothing of any other row. It does
 * hold the job key, which makes row refs: keep it as you keep the row. `lienthong-row-proof/1`, without that answer, is read as before.
 */
import { fromBase64url, HASH_BYTES, toBase64url } from './bytes.ts';
import { needRange, ProofError } from './errors.ts';
import { rowLeaf, rowSalt, SALT_BYTES } from './leaf.ts';
import type { Receipt, SignedReceiptClaims } from './receipt.ts';
import { closedObject, needCompactJws, needCount, needText } from './receipt-shape.ts';
import { encodeResult } from './result-bytes.ts';
import { type CellCodec, RESULT_COLUMNS, type ResultCells } from './result-cells.ts';
import { JOB_KEY_BYTES, rowRef } from './row-ref.ts';
import { inclusionProof, NODE_TAGS, verifyInclusion } from './tree.ts';

export const ROW_PROOF_FORMAT = 'lienthong-row-proof/2';
/** Of proofs that hold no answer of the chunk. */
const ROW_PROOF_FORMAT_1 = 'lienthong-row-proof/1';

export interface ProvenCells extends ResultCells {
  readonly line: string;
  readonly row_id: string;
  readonly msisdn: string;
}

export interface RowProof {
  readonly jobId: string;
  readonly opening: Uint8Array;
  readonly jobKey: Uint8Array;
  /** Number of the row among all `rows`, from 0. */
  readonly index: number;
  readonly rows: number;
  readonly salt: Uint8Array;
  /** Inclusion proof, packed 32-byte hashes from the leaf up. */
  readonly path: Uint8Array;
  readonly cells: ProvenCells;
  readonly token: string;
  /** Signed answer of the row's chunk (`lt-answer+jws`); undefined in a proof of format 1. */
  readonly answer?: string;
  readonly keySet: string;
  readonly keySetPayload: Uint8Array;
}

/**
 * The proof of row `index` (from 0, over the whole file). `leaves` are the packed row leaves of that row's chunk
 * (`chunkLeaves`): the path goes through them and then through the chunk roots of the receipt. Throws INCONSISTENT if the leaves
 * are not those of the chunk or the cells not those of the leaf.
 */
export function proveRow(
  receipt: Receipt,
  index: number,
  leaves: Uint8Array,
  cells: ProvenCells,
  codec: CellCodec,
): RowProof {
  needRange(index, 0, receipt.rows - 1, 'index');
  const num = Math.floor(index / receipt.chunkRows);
  const within = index % receipt.chunkRows;
  const chunk = receipt.chunks[num]!;
  if (leaves.length !== chunk.rows * HASH_BYTES) throw new ProofError('LENGTH', 'leaves');
  const roots = Buffer.concat(receipt.chunks.map(({ root }) => root));
  const proof: RowProof = {
    jobId: receipt.jobId,
    opening: receipt.opening,
    jobKey: receipt.jobKey,
    index,
    rows: receipt.rows,
    salt: rowSalt(chunk.seed, within),
    path: Buffer.concat([inclusionProof(leaves, within, NODE_TAGS.row), inclusionProof(roots, num, NODE_TAGS.row)]),
    cells,
    token: receipt.token,
    answer: chunk.answer,
    keySet: receipt.keySet,
    keySetPayload: receipt.keySetPayload,
  };
  if (!checkRowProof(proof, receipt, codec)) throw new ProofError('INCONSISTENT', 'leaves');
  return proof;
}

/**
 * Whether the proof's cells are row `index` of what the token signed. `claims` come from the proof's token after the caller
 * verified it. False also for cells that no result prints as. Never throws on what stands in the proof.
 */
export function checkRowProof(proof: RowProof, claims: SignedReceiptClaims, codec: CellCodec): boolean {
  try {
    const { cells } = proof;
    if (proof.jobId !== claims.jobId || !Buffer.from(proof.opening).equals(claims.opening)) return false;
    if (proof.rows !== claims.rows) return false;
    const line = Number(cells.line);
    if (String(line) !== cells.line) return false;
    const ref = rowRef(proof.jobKey, line, cells.row_id, cells.msisdn);
    const leaf = rowLeaf(proof.salt, ref, encodeResult(codec.parse(cells)));
    return verifyInclusion(leaf, proof.index, proof.rows, proof.path, claims.rowRoot, NODE_TAGS.row);
  } catch (error) {
    if (error instanceof ProofError) return false;
    throw error;
  }
}

/** JSON text of a proof, one canonical layout; of format 1 where it holds no answer. */
export function writeRowProof(proof: RowProof): string {
  const names = ['line', 'row_id', 'msisdn', ...RESULT_COLUMNS] as const;
  return `${JSON.stringify({
    format: proof.answer === undefined ? ROW_PROOF_FORMAT_1 : ROW_PROOF_FORMAT,
    job_id: proof.jobId,
    opening: toBase64url(proof.opening),
    job_key: toBase64url(proof.jobKey),
    index: proof.index,
    rows: proof.rows,
    salt: toBase64url(proof.salt),
    path: toBase64url(proof.path),
    cells: Object.fromEntries(names.map((name) => [name, proof.cells[name]])),
    token: proof.token,
    answer: proof.answer,
    key_set: proof.keySet,
    key_set_payload: toBase64url(proof.keySetPayload),
  })}\n`;
}

const PROOF_MEMBERS = [
  'format',
  'job_id',
  'opening',
  'job_key',
  'index',
  'rows',
  'salt',
  'path',
  'cells',
  'token',
  'key_set',
  'key_set_payload',
] as const;

/** Strict inverse of `writeRowProof`; throws as `parseReceipt` does. */
export function parseRowProof(text: string): RowProof {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProofError('SHAPE', 'row proof');
  }
  const answered = Object(value).format !== ROW_PROOF_FORMAT_1;
  const json = closedObject(value, answered ? [...PROOF_MEMBERS, 'answer'] : PROOF_MEMBERS, 'row proof');
  if (answered && json.format !== ROW_PROOF_FORMAT) throw new ProofError('VERSION', 'format');
  const proof: RowProof = {
    jobId: needText(json.job_id, 'job_id'),
    opening: fromBase64url(needText(json.opening, 'opening'), 'opening', HASH_BYTES),
    jobKey: fromBase64url(needText(json.job_key, 'job_key'), 'job_key', JOB_KEY_BYTES),
    index: needCount(json.index, 'index'),
    rows: needCount(json.rows, 'rows'),
    salt: fromBase64url(needText(json.salt, 'salt'), 'salt', SALT_BYTES),
    path: fromBase64url(typeof json.path === 'string' ? json.path : ' ', 'path'),
    cells: parseCells(json.cells),
    token: needCompactJws(json.token, 'token'),
    ...(answered ? { answer: needCompactJws(json.answer, 'answer') } : {}),
    keySet: needCompactJws(json.key_set, 'key_set'),
    keySetPayload: fromBase64url(needText(json.key_set_payload, 'key_set_payload'), 'key_set_payload'),
  };
  if (writeRowProof(proof) !== text) throw new ProofError('NOT_CANONICAL', 'row proof');
  return proof;
}

function parseCells(value: unknown): ProvenCells {
  const names = ['line', 'row_id', 'msisdn', ...RESULT_COLUMNS] as const;
  const json = closedObject(value, names, 'cells');
  for (const name of names) if (typeof json[name] !== 'string') throw new ProofError('SHAPE', 'cells');
  return json as unknown as ProvenCells;
}
