/** One import at a time, and nothing beside it that it would write over: it makes rows anew of what it read some time before. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, Database, Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';

/** Key of the advisory lock that an import holds while it runs ("ltimport" in ASCII). */
export const IMPORT_LOCK = '7815265155134484084';

/** Between two looks whether an import has ended. */
const LOOK_MS = 500;

/** Whether an import is under way. @throws {StorageError} */
export async function importRuns(pool: Pool): Promise<boolean> {
  return inTransaction(pool, async (tx) => !(await takeLock(tx)));
}

/** Runs `work` in a transaction while no import does; one that is under way is waited for. @throws {StorageError} */
export async function betweenImports<T>(pool: Pool, work: (tx: Connection) => Promise<T>): Promise<T> {
  for (;;) {
    const done = await inTransaction(pool, async (tx) =>
      (await takeLock(tx)) ? { result: await work(tx) } : undefined,
    );
    if (done !== undefined) return done.result;
    await sleep(LOOK_MS);
  }
}

/** Until the transaction ends. */
async function takeLock(tx: Database): Promise<boolean> {
  const { rows } = await tx.query<{ got: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS got', [IMPORT_LOCK]);
  return rows[0]?.got === true;
}
