/** The list of changes: whatever must reach calls in flight writes a row here, in its own transaction. */
import { CHANGES_LOCK } from '../audit/append-sql.ts';
import type { Connection, Database, Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';

/** `consent` is written by withdrawals, in the transaction that records them, and names a scope: it tells nobody who may call. */
export type ChangeKind = 'agency' | 'certificate' | 'key' | 'officer' | 'agreement' | 'consent';

export interface Change {
  readonly kind: ChangeKind;
  /** Agency code, certificate fingerprint, kid, officer code, agreement id or number of a consent's scope. */
  readonly subject: string;
}

/**
 * What is new: running gateways read it, and it bars nobody. A call that already stands on it was let in by a directory that had
 * read on, and is decided under a revision that the policy has not reached yet; without this it would be refused as barred.
 */
export function addition(kind: ChangeKind, subject: string): Change {
  return { kind, subject: `+${subject}` };
}

/**
 * Runs `work` and writes down what it changed; returns the highest revision, 0n where it changed nothing. The lock is taken
 * exclusively and held to the commit: appends wait, so that each sees the change or was committed before it, and revisions
 * become visible in their order.
 */
export async function withChanges(pool: Pool, work: (tx: Connection) => Promise<readonly Change[]>): Promise<bigint> {
  return inTransaction(pool, async (tx) => {
    await tx.query(`SELECT pg_advisory_xact_lock(${CHANGES_LOCK})`);
    const changes = await work(tx);
    const { rows } = await tx.query<{ revision: string }>(
      `INSERT INTO change (kind, subject)
       SELECT kind, subject FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS c (kind, subject, n) ORDER BY n
       RETURNING revision::text AS revision`,
      [changes.map(({ kind }) => kind), changes.map(({ subject }) => subject)],
    );
    return rows.reduce((highest, { revision }) => (BigInt(revision) > highest ? BigInt(revision) : highest), 0n);
  });
}

/** Highest revision of what says who may call; 0n where nothing ever changed. */
export async function lastRevision(db: Database): Promise<bigint> {
  const { rows } = await db.query<{ revision: string }>(
    "SELECT coalesce(max(revision), 0)::text AS revision FROM change WHERE kind <> 'consent'",
  );
  return BigInt(rows[0]?.revision ?? '0');
}
