import type { Pool } from '../storage/pool.ts';
import type { AppendConnection } from './append-group.ts';

/** One connection of a pool as the appender takes it: statements with a name are prepared once. */
export async function openAppendConnection(pool: Pool): Promise<AppendConnection & { close(): void }> {
  const connection = await pool.connect();
  return {
    query: (text, values) => connection.query(text, values ?? []),
    execute: ({ name, text }, values) => connection.query({ name, text, values }),
    // Closed for good: a connection that held an open transaction does not go back to the pool.
    close: () => connection.release(true),
  };
}
