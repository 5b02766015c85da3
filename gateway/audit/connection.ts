import type { Pool, Rows, Statement } from '../storage/pool.ts';
import type { AppendConnection } from './append-group.ts';

/** A connection that is held for appends. */
export interface HeldConnection extends AppendConnection {
  /** Whether it was lost between two groups. */
  readonly lost: boolean;
  close(): void;
}

type Query = (statement: string | Statement, values?: readonly unknown[]) => Promise<Rows<Record<string, unknown>>>;

/**
 * One connection of a pool as the appender takes it: statements with a name are prepared once. Of a pool that is not pipelined each
 * statement waits for the one before.
 */
export async function openAppendConnection(pool: Pool): Promise<HeldConnection> {
  const connection = await pool.connect();
  const query: Query = connection.pipelined ? connection.query : inTurn(connection.query);
  return {
    query: (text, values) => query(text, values ?? []),
    get lost() {
      return connection.lost;
    },
    execute: ({ name, text }, values) => query({ name, text, values }),
    // Closed for good: a connection that held an open transaction does not go back to the pool.
    close: () => connection.release(true),
  };
}

function inTurn(query: Query): Query {
  let before: Promise<unknown> = Promise.resolve();
  return (statement, values) => {
    const result = before.then(() => query(statement, values));
    before = result.catch(() => undefined);
    return result;
  };
}
