/** Transactions: all or nothing, with the connection given back whatever happens. */
import { StorageError } from './errors.ts';
import type { Connection, Pool } from './pool.ts';

export type Isolation = 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';

/**
 * Runs `work` in one transaction and returns what it returns. An error rolls back and is thrown on; a connection that
 * cannot roll back is closed. `retries` runs the whole of `work` again after a serialization failure, so it must have no
 * effects elsewhere. When COMMIT itself fails as `unavailable`, the outcome is unknown: callers need a key to find out.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (connection: Connection) => Promise<T>,
  options: { isolation?: Isolation; retries?: number } = {},
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await once(pool, work, options.isolation ?? 'READ COMMITTED');
    } catch (error) {
      const again = error instanceof StorageError && error.kind === 'serialization';
      if (!again || attempt >= (options.retries ?? 0)) throw error;
    }
  }
}

async function once<T>(pool: Pool, work: (connection: Connection) => Promise<T>, isolation: Isolation): Promise<T> {
  const connection = await pool.connect();
  let broken = true;
  try {
    await connection.query(`BEGIN ISOLATION LEVEL ${isolation}`);
    try {
      const result = await work(connection);
      await connection.query('COMMIT');
      broken = false;
      return result;
    } catch (error) {
      await connection.query('ROLLBACK').then(
        () => {
          broken = false;
        },
        () => {},
      );
      throw error;
    }
  } finally {
    connection.release(broken);
  }
}
