/**
 * Why bytes or text of the log or of a receipt are not accepted. A closed set; no message ever carries a value of a row.
 *
 * - LENGTH: a hash, key, salt or packed array of another length than its format has. Example: a log key of 15 bytes.
 * - RANGE: a number outside of its field. Example: a score of 100, index 7 of a tree of 7.
 * - NOT_CANONICAL: the same meaning has exactly one encoding, and this is another. Example: a bitmap that ends in 00.
 * - SHAPE: a member missing, unknown, or of another type. Example: a receipt without `job_key`.
 * - VERSION: another format or a later version of it.
 * - UNKNOWN_NAME: a cell holds a name that is not in the tables. Example: verdict `MAYBE`.
 * - INCONSISTENT: parts contradict each other. Example: chunk rows do not add up to the rows.
 * - UNSIGNED: no signature of the known key, or one that does not verify.
 */
export const PROOF_REASONS = [
  'LENGTH',
  'RANGE',
  'NOT_CANONICAL',
  'SHAPE',
  'VERSION',
  'UNKNOWN_NAME',
  'INCONSISTENT',
  'UNSIGNED',
] as const;
export type ProofReason = (typeof PROOF_REASONS)[number];

/** Thrown by encoders and strict parsers of this folder. `where` names the field, never its value. */
export class ProofError extends Error {
  readonly reason: ProofReason;
  readonly where: string;
  constructor(reason: ProofReason, where: string) {
    super(`${reason} at ${where}`);
    this.name = 'ProofError';
    this.reason = reason;
    this.where = where;
  }
}

/** Throws LENGTH unless `bytes` has exactly `length` bytes. */
export function needLength(bytes: Uint8Array, length: number, where: string): void {
  if (bytes.length !== length) throw new ProofError('LENGTH', where);
}

/** Number of `width`-byte items in a packed array; throws LENGTH if it does not divide. */
export function packedCount(packed: Uint8Array, width: number, where: string): number {
  const count = packed.length / width;
  if (!Number.isInteger(count)) throw new ProofError('LENGTH', where);
  return count;
}

/** Throws RANGE unless `value` is a whole number in `min`…`max`. */
export function needRange(value: number, min: number, max: number, where: string): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) throw new ProofError('RANGE', where);
}
