import type { Agreement } from '../policy/agreement.ts';
import type { Database } from '../storage/pool.ts';
import { readAdministration } from './administration.ts';
import { type ActBook, ADMINISTRATION } from './book.ts';
import { type ActRow, type FoldOptions, foldActs, type OfficerRow } from './fold-acts.ts';

/** What of the configuration decides which officers count. */
export interface Trust extends Pick<FoldOptions, 'deployment' | 'pinned'> {
  /** What a gateway that runs takes the database's time for: {@link neverBack}. As it is, unless it is given. */
  readonly asOf?: ((now: number) => number) | undefined;
}

/**
 * The book as the database has it now. One statement, so one snapshot, whatever the transaction.
 *
 * @throws {StorageError}
 */
export async function readBook(db: Database, trust: Trust): Promise<ActBook> {
  const { rows } = await db.query<{
    now: number;
    acts: readonly (Omit<ActRow, 'body'> & { body: string })[] | null;
    officers: readonly OfficerRow[] | null;
  }>(
    `SELECT extract(epoch FROM clock_timestamp())::float8 AS now,
            (SELECT json_agg(json_build_object('digest', a.digest, 'kind', a.kind, 'body', encode(a.body, 'base64'),
                                               'signature', a.signature, 'outcome', d.outcome, 'approval', d.signature)
                             ORDER BY d.seq)
             FROM act a JOIN act_decision d USING (digest) WHERE d.outcome <> 'rejected') AS acts,
            (SELECT json_agg(json_build_object('code', code, 'kid', kid, 'jwk', jwk, 'status', status) ORDER BY code)
             FROM officer) AS officers`,
  );
  const [read] = rows;
  const now = read?.now ?? 0;
  return foldActs(
    (read?.acts ?? []).map((row) => ({ ...row, body: Buffer.from(row.body, 'base64') })),
    { ...trust, enrolled: read?.officers ?? [], now: trust.asOf?.(now) ?? now },
  );
}

/**
 * The newest agreement of administration that was approved, as its row says: for whoever has the database alone, and so nothing to
 * judge signatures by. Nothing may be decided by it.
 *
 * @throws {StorageError}
 */
export async function approvedAdministration(db: Database): Promise<Agreement | undefined> {
  const { rows } = await db.query<{ body: Buffer }>(
    `SELECT a.body FROM act a JOIN act_decision d USING (digest)
     WHERE a.kind = 'agreement' AND d.outcome = 'approved' AND position($1::bytea IN a.body) > 0`,
    [Buffer.from(`"${ADMINISTRATION}"`)],
  );
  const approved = rows.flatMap(({ body }) => readAdministration(body) ?? []);
  return approved.sort((one, other) => other.version - one.version)[0];
}
