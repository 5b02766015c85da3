/**
 * What two officers signed beside a gateway, put where it counts: the ceremony that makes the first two, and a development deployment,
 * where one machine is both. What the two signatures are worth is judged at every reading, here as everywhere.
 */
import { type Change, withChanges } from '../agencies/changes.ts';
import type { Pool } from '../storage/pool.ts';

export interface ApprovedRow {
  /** Of the body, base64url. */
  readonly digest: string;
  readonly kind: 'act' | 'agreement';
  readonly body: Uint8Array;
  /** The proposal's and the approval's, in the order of the officers. */
  readonly signatures: readonly string[];
}

/** Stores them with their decisions and what they changed, in one transaction. @param officers codes of the two */
export async function storeApproved(
  pool: Pool,
  officers: readonly string[],
  rows: readonly ApprovedRow[],
  changes: readonly Change[],
): Promise<void> {
  const [proposer, approver] = officers;
  await withChanges(pool, async (tx) => {
    for (const { digest, kind, body, signatures } of rows) {
      const [proposed, approved] = signatures;
      await tx.query('INSERT INTO act (digest, kind, body, officer, signature) VALUES ($1, $2, $3, $4, $5)', [
        ...[digest, kind, Buffer.from(body), proposer, proposed],
      ]);
      await tx.query(`INSERT INTO act_decision (digest, outcome, officer, signature) VALUES ($1, 'approved', $2, $3)`, [
        ...[digest, approver, approved],
      ]);
      await tx.query('INSERT INTO act_applied (digest) VALUES ($1)', [digest]);
    }
    return changes;
  });
}
