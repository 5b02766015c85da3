/** A table that a first load fills: emptied, without indexes, rows frozen, indexes afterwards, all in one transaction. */
import type { Connection } from '../../storage/pool.ts';
import { beginWithTables } from '../../storage/whole-tables.ts';
import { GENEROUS, type ImportContext, ONE_PROCESS } from './context.ts';
import { COPY_HEADER, COPY_TRAILER } from './copy-writer.ts';

export interface Target {
  /** For statements of the same transaction, once the rows are finished. */
  readonly db: Connection;
  /** Rows of binary COPY. */
  write(rows: Uint8Array): Promise<void>;
  /** No more rows: they stand in the table, visible to this transaction. */
  finish(): Promise<void>;
  /** Makes the indexes anew. */
  index(): Promise<void>;
  commit(): Promise<void>;
  /** Rolls back; for errors, whatever is under way. */
  abandon(): void;
}

/** Takes a table's indexes away, that of its key included, and gives the statements that make them again. */
async function dropIndexes(db: Connection, table: string): Promise<string[]> {
  const constraints = await db.query<{ name: string; definition: string }>(
    `SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
     WHERE conrelid = $1::regclass AND contype IN ('p', 'u')`,
    [table],
  );
  for (const { name } of constraints.rows) await db.query(`ALTER TABLE ${table} DROP CONSTRAINT "${name}"`);
  const indexes = await db.query<{ name: string; definition: string }>(
    `SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid = $1::regclass`,
    [table],
  );
  for (const { name } of indexes.rows) await db.query(`DROP INDEX "${name}"`);
  return [
    ...constraints.rows.map(({ name, definition }) => `ALTER TABLE ${table} ADD CONSTRAINT "${name}" ${definition}`),
    ...indexes.rows.map(({ definition }) => definition),
  ];
}

/** How often it asks for a table that somebody holds: for a while, since a whole file may have been read already. */
const ATTEMPTS = 100;

/** Empties a table, and others with it, and begins to copy into it, on a connection of its own. */
export async function openTarget(
  context: ImportContext,
  table: string,
  columns: string,
  emptied: readonly string[] = [],
): Promise<Target> {
  const connection = await context.pool.connect();
  try {
    await beginWithTables(connection, `TRUNCATE ${[table, ...emptied].join(', ')}`, { attempts: ATTEMPTS });
    await connection.query(`${GENEROUS}; ${ONE_PROCESS}`);
    const indexes = await dropIndexes(connection, table);
    // Frozen at once: nobody has to come back to these rows to say that they are committed.
    const copy = connection.copyIn(`COPY ${table} (${columns}) FROM STDIN (FORMAT binary, FREEZE)`);
    await copy.write(COPY_HEADER);
    let held = true;
    const give = (broken: boolean) => {
      if (held) connection.release(broken);
      held = false;
    };
    return {
      db: connection,
      write: (rows) => copy.write(rows),
      finish: async () => {
        await copy.write(COPY_TRAILER);
        await copy.finish();
      },
      index: async () => {
        for (const definition of indexes) await connection.query(definition);
      },
      commit: async () => {
        await connection.query('COMMIT');
        give(false);
      },
      abandon: () => give(true),
    };
  } catch (error) {
    connection.release(true);
    throw error;
  }
}
