/**
 * What the package exports as `./receipt`: results, receipts and proofs of single rows checked by a program, offline, by the
 * pinned root alone (`keySetRoot` of a profile).
 */
export { readKeptKeySet } from './key-set-source.ts';
export { receiptPathOf } from './receipt-file.ts';
export type { Expected } from './receipt-trust.ts';
export { type ReceiptHead, type ReceiptProblem, type ReceiptReport, verifyReceipt } from './receipt-verify.ts';
export {
  checkProofText,
  MOST_PROOF_CHARS,
  PROOF_PROBLEMS,
  type ProofProblem,
  type RowProofReport,
} from './row-proof-check.ts';
