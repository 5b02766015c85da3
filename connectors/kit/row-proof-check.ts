import { parseCheckpoint } from '../../gateway/proof/checkpoint.ts';
import { ProofError } from '../../gateway/proof/errors.ts';
import { MAX_CHUNK_ROWS, MIN_CHUNK_ROWS } from '../../gateway/proof/receipt.ts';
import { encodeResult } from '../../gateway/proof/result-bytes.ts';
import { checkRowProof, parseRowProof, type RowProof } from '../../gateway/proof/row-proof.ts';
import { evidenceKeys } from '../../gateway/signing/key-set.ts';
import type { PublicJwk } from '../../gateway/signing/public-key.ts';
import { verifyToken } from '../../gateway/signing/verify.ts';
import { GATEWAY } from './key-set-source.ts';
import { verifyHead } from './log-heads.ts';
import { type Expected, type ReceiptClaims, type TrustedReceipt, trustReceipt } from './receipt-trust.ts';
import type { ReceiptHead } from './receipt-verify.ts';
import { resultCodec } from './result-lines.ts';

/** Checks one row's proof, offline, from nothing but the pinned root. Pure: no file, no clock, no network. */

/** Longer texts are no proof of one row: refused before they are parsed. */
export const MOST_PROOF_CHARS = 1 << 20;

/**
 * What is wrong with a proof. `where` names the member, or the claim's kind.
 * - `FORMAT`: not the one layout of a row's proof.
 * - `KEY_SET`: `key_set` and `key_set_payload` are not what the pinned root signed.
 * - `TOKEN`: `token` is not a receipt signed with one of these keys.
 * - `OTHER_PARTY`: made out to another agency, or by another deployment, than expected.
 * - `LOG_HEAD`: the head of the log in the token is not signed by one of these keys.
 * - `NOT_IN_TOKEN`: a member says other than the token does (`job_id`, `opening`, `rows`).
 * - `ANSWER`: `answer` is not the answer to this row's chunk, signed with one of the gateway's keys.
 * - `CELLS`: a cell is none that a result prints as.
 * - `ROW`: the cells do not lead to the signed root by this salt, job key, index and path.
 */
export const PROOF_PROBLEMS = [
  'FORMAT',
  'KEY_SET',
  'TOKEN',
  'OTHER_PARTY',
  'LOG_HEAD',
  'NOT_IN_TOKEN',
  'ANSWER',
  'CELLS',
  'ROW',
] as const;
export type ProofProblem = (typeof PROOF_PROBLEMS)[number];

export type RowProofReport =
  | { readonly ok: false; readonly problem: ProofProblem; readonly where: string }
  | {
      readonly ok: true;
      /** Whom it was made out to, and by which deployment. */
      readonly agency: string;
      readonly deployment: string;
      readonly jobId: string;
      /** SHA-256 of the message that opened the job, base64url; that message holds the digest of the whole file. */
      readonly opening: string;
      /** When the job was closed, unix seconds. */
      readonly signedAt: number;
      /** Number of the row among all `rows`, from 0. */
      readonly index: number;
      readonly rows: number;
      readonly cells: RowProof['cells'];
      /** The head of the log that covers the job's answers. */
      readonly log: { readonly origin: string; readonly size: number; readonly root: string };
      /** What the job was answered under when it closed: other versions may have come while it ran. */
      readonly versions: ReceiptClaims['ver'];
      /**
       * What the row itself was judged under. Undefined where that is not proven: the proof holds no answer of its chunk (format 1),
       * or the key that signed it has fallen into other hands.
       */
      readonly judged: Judged | undefined;
    };

export type Judged = { readonly policy: string; readonly agreement: string; readonly profile: string };

const refused = (problem: ProofProblem, where: string): RowProofReport => ({ ok: false, problem, where });

/** All that a row's leaf and its way to the root are made of: where they do not fit together, none of them can be told apart. */
export const ROW_MEMBERS = 'cells, salt, job_key, index, path';

/**
 * Whether a text is the proof of a row, and of which. Never throws on what stands in it.
 *
 * @param text as `receipt prove` wrote it, to the byte
 * @param root public key that signs the deployment's key set: pinned, not taken from the proof
 */
export function checkProofText(
  text: string,
  root: PublicJwk,
  expected: Expected & { readonly logOrigin?: string; readonly onHead?: (head: ReceiptHead) => void } = {},
): RowProofReport {
  let proof: RowProof;
  try {
    if (text.length > MOST_PROOF_CHARS) return refused('FORMAT', 'row proof');
    proof = parseRowProof(text);
  } catch (error) {
    if (error instanceof ProofError) return refused('FORMAT', error.where);
    throw error;
  }
  const keySet = { payload: proof.keySetPayload, jws: proof.keySet };
  const trusted = trustReceipt({ token: proof.token, keySet }, root, expected);
  if (!trusted.ok) return refused(PART_PROBLEMS[trusted.untrusted.part], partName(trusted.untrusted));
  const { claims } = trusted;
  const log = headOf(claims.head);
  if (log === undefined || verifyHead(claims.head, expected.logOrigin ?? log.origin, trusted.set) === undefined)
    return refused('LOG_HEAD', 'token: head');
  expected.onHead?.({ head: log, set: trusted.set });
  const member = memberBesideToken(proof, claims);
  if (member !== undefined) return refused('NOT_IN_TOKEN', member);
  const judged = judgedUnder(proof, trusted);
  if (judged === 'untrusted') return refused('ANSWER', 'answer');
  const cell = wrongCell(proof);
  if (cell !== undefined) return refused('CELLS', `cells: ${cell}`);
  const signed = {
    jobId: claims.job,
    opening: Buffer.from(claims.opn, 'base64url'),
    rows: claims.rows,
    rowRoot: Buffer.from(claims.root, 'base64url'),
  };
  if (!checkRowProof(proof, signed, resultCodec())) return refused('ROW', ROW_MEMBERS);
  return {
    ok: true,
    agency: trusted.agency,
    deployment: trusted.deployment,
    jobId: claims.job,
    opening: claims.opn,
    signedAt: claims.iat,
    index: proof.index,
    rows: claims.rows,
    cells: proof.cells,
    log: { origin: log.origin, size: log.size, root: Buffer.from(log.root).toString('base64url') },
    versions: claims.ver,
    judged,
  };
}

/** What the chunk's answer says that it was judged under. */
function judgedUnder(
  { answer, index }: RowProof,
  { claims: { job, rows, cnt, aud }, set }: TrustedReceipt,
): Judged | undefined | 'untrusted' {
  if (answer === undefined) return undefined;
  // Also under keys that are lost by now: of such an answer nothing is believed, and the row still leads to the receipt.
  const keys = evidenceKeys(set, GATEWAY, Number.NEGATIVE_INFINITY);
  const verified = verifyToken(answer, { typ: 'lt-answer+jws', form: 'chunk', keys });
  if (!verified.ok) return 'untrusted';
  const { claims, kid } = verified;
  const ofChunk = claims.aud === aud && claims.job === job && claims.num === chunkOfRow(index, rows, cnt);
  if (!ofChunk || claims.code !== 0) return 'untrusted';
  if (claims.rev === undefined || evidenceKeys(set, GATEWAY, Number.POSITIVE_INFINITY)(kid) === undefined)
    return undefined;
  const { policy, agreement, profile } = claims.rev;
  return { policy, agreement, profile };
}

/**
 * Number of the chunk that a row is in. The receipt says how many rows and chunks there are, and every chunk but the last has as
 * many rows, a power of two: only one size fits, save where there is but one chunk.
 */
function chunkOfRow(index: number, rows: number, chunks: number): number | undefined {
  for (let size = MIN_CHUNK_ROWS; size <= MAX_CHUNK_ROWS; size *= 2)
    if (Math.ceil(rows / size) === chunks) return Math.floor(index / size);
  return undefined;
}

const PART_PROBLEMS = {
  token: 'TOKEN',
  key_set: 'KEY_SET',
  agency: 'OTHER_PARTY',
  deployment: 'OTHER_PARTY',
} as const satisfies Record<string, ProofProblem>;

/** `key_set` signs the digest of `key_set_payload`: of the two, that one differs which the digest does not fit. */
function partName({
  part,
  problem,
}: {
  readonly part: keyof typeof PART_PROBLEMS;
  readonly problem?: unknown;
}): string {
  return part === 'key_set' && (problem === 'WRONG_DIGEST' || problem === 'BAD_KEY_SET') ? 'key_set_payload' : part;
}

function headOf(note: string) {
  try {
    return parseCheckpoint(note).head;
  } catch (error) {
    if (error instanceof ProofError) return undefined;
    throw error;
  }
}

function memberBesideToken(proof: RowProof, claims: ReceiptClaims): string | undefined {
  if (proof.jobId !== claims.job) return 'job_id';
  if (Buffer.from(proof.opening).toString('base64url') !== claims.opn) return 'opening';
  if (proof.rows !== claims.rows) return 'rows';
  return proof.index < claims.rows ? undefined : 'index';
}

/** The cell that no result prints as, by name. */
function wrongCell({ cells }: RowProof): string | undefined {
  if (!/^[1-9]\d{0,14}$/.test(cells.line)) return 'line';
  try {
    encodeResult(resultCodec().parse(cells));
    return undefined;
  } catch (error) {
    if (error instanceof ProofError) return error.where;
    throw error;
  }
}
