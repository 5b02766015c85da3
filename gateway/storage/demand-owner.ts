import { StorageError } from './errors.ts';
import type { Database } from './pool.ts';

/**
 * Demands that this login owns the tables, before anything is begun that a gateway's own login may not finish.
 * @throws {StorageError} `denied`, as the statement itself would be
 */
export async function demandOwner(db: Database): Promise<void> {
  const { rows } = await db.query<{ owns: boolean }>(
    `SELECT pg_has_role(current_user, relowner, 'USAGE') AS owns FROM pg_class WHERE oid = 'log_entry'::regclass`,
  );
  if (rows[0]?.owns !== true) throw new StorageError('denied', '42501', {}, undefined);
}
