/** Forward-only migrations: numbered SQL files, each run once, in order, in a transaction of its own. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection, Database, Pool } from './pool.ts';

/** Where the project's own migrations stand. */
export const MIGRATIONS = join(import.meta.dirname, 'migrations');

/** Key of the advisory lock that lets one process migrate at a time ("ltmigrat" in ASCII). */
const LOCK = '7815272852016161140';

export interface Migration {
  readonly version: number;
  /** File name. Example: "0001_register.sql". */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hex, line ends as LF. */
  readonly checksum: string;
}

/** Why a database cannot be brought up to date: the schema is newer than this program, or a file was edited after it ran. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly reason: 'SCHEMA_NEWER' | 'FILE_CHANGED' | 'FILES_INVALID';
  constructor(reason: MigrationError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The migrations of a folder, in order. Throws MigrationError where numbers repeat or leave a gap. */
export function readMigrations(folder: string = MIGRATIONS): Migration[] {
  const files = readdirSync(folder).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name));
  return files.sort().map((name, index) => {
    const version = Number(name.slice(0, 4));
    if (version !== index + 1) {
      throw new MigrationError(
        'FILES_INVALID',
        `Migration files must be numbered from 0001 without gaps; ${name} is not.`,
      );
    }
    const sql = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
    return { version, name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

async function applied(db: Database): Promise<Map<number, { name: string; checksum: string }>> {
  const there = await db.query<{ there: boolean }>("SELECT to_regclass('schema_migration') IS NOT NULL AS there");
  if (there.rows[0]?.there !== true) return new Map();
  const { rows } = await db.query<{ version: number; name: string; checksum: string }>(
    'SELECT version, name, checksum FROM schema_migration ORDER BY version',
  );
  return new Map(rows.map((row) => [row.version, row]));
}

async function pending(db: Database, migrations: readonly Migration[]): Promise<Migration[]> {
  const done = await applied(db);
  for (const [version, row] of done) {
    const ours = migrations[version - 1];
    if (ours === undefined) {
      throw new MigrationError(
        'SCHEMA_NEWER',
        `The database has migration ${row.name}, which this program does not know: run a newer program.`,
      );
    }
    if (ours.checksum !== row.checksum) {
      throw new MigrationError(
        'FILE_CHANGED',
        `Migration ${row.name} was changed after it ran on this database: restore the file and add a new one.`,
      );
    }
  }
  return migrations.filter((migration) => !done.has(migration.version));
}

/** The migrations still to run. Throws MigrationError as `migrate` does, StorageError. */
export async function listPending(
  db: Database,
  migrations: readonly Migration[] = readMigrations(),
): Promise<Migration[]> {
  return pending(db, migrations);
}

/**
 * Brings the database up to date and returns what was run. Safe to call from several processes at once: one works, the
 * others wait and find nothing to do. A file that fails leaves the database at the one before it.
 */
export async function migrate(pool: Pool, migrations: readonly Migration[] = readMigrations()): Promise<Migration[]> {
  const connection = await pool.connect();
  let broken = true;
  try {
    await connection.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const todo = await pending(connection, migrations);
    for (const migration of todo) await apply(connection, migration);
    await connection.query('SELECT pg_advisory_unlock($1)', [LOCK]);
    broken = false;
    return todo;
  } finally {
    connection.release(broken);
  }
}

async function apply(connection: Connection, migration: Migration): Promise<void> {
  await connection.query('BEGIN');
  try {
    await connection.query(
      'CREATE TABLE IF NOT EXISTS schema_migration (version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    await connection.query(migration.sql);
    await connection.query('INSERT INTO schema_migration (version, name, checksum) VALUES ($1, $2, $3)', [
      migration.version,
      migration.name,
      migration.checksum,
    ]);
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
