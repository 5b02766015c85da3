/**
 * Forward-only migrations: numbered SQL files, each run once, in order. A file runs in a transaction of its own, or, where all
 * that it does is indexes built or dropped CONCURRENTLY, statement by statement outside of one.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { filled } from '../errors/words.ts';
import { LOCK_NOT_AVAILABLE, StorageError } from './errors.ts';
import { MigrationError } from './migration-error.ts';
import { mustStandAlone } from './migration-steps.ts';
import { MIGRATION_WORDS } from './migration-words.ts';
import type { Connection, Database, Pool } from './pool.ts';
import { splitStatements } from './sql-statements.ts';

/** Where the project's own migrations stand. */
export const MIGRATIONS = join(import.meta.dirname, 'migrations');

/** Key of the advisory lock that lets one process migrate at a time ("ltmigrat" in ASCII). */
const LOCK = '7815272852016161140';
const LOCK_POLL_MS = 200;

/** Major version of PostgreSQL that everything is tested with, and the oldest that is taken. */
const LEAST_SERVER = 18;

export interface Migration {
  readonly version: number;
  /** File name. Example: "0001_register.sql". */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hex, line ends as LF. */
  readonly checksum: string;
}

export interface MigrateOptions {
  /** How long another process may migrate before this one gives up. */
  readonly waitMs?: number;
  /**
   * How long a migration waits for a table. Whoever comes after it waits behind it, so this is short, and it steps back and
   * comes again rather than to stand in the way.
   */
  readonly lockTimeoutMs?: number;
  /** How often it comes again. */
  readonly attempts?: number;
  /** How long one statement of a migration may run; those outside of a transaction hold nobody up and have no limit. */
  readonly statementTimeoutMs?: number;
  /** Called after each migration that stands, so that a later one's failure does not leave it untold. */
  readonly onRun?: (migration: Migration) => void;
}

const DEFAULTS = { waitMs: 600_000, lockTimeoutMs: 3000, attempts: 20, statementTimeoutMs: 900_000 } as const;

/** The migrations of a folder, in order. Throws MigrationError where numbers repeat or leave a gap. */
export function readMigrations(folder: string = MIGRATIONS): Migration[] {
  const files = readdirSync(folder).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name));
  return files.sort().map((name, index) => {
    const version = Number(name.slice(0, 4));
    if (version !== index + 1) {
      throw new MigrationError('FILES_INVALID', filled(MIGRATION_WORDS.numbering, { name }));
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

/** Number of the database's last migration, 0 where it has none. */
export async function schemaVersion(db: Database): Promise<number> {
  return Math.max(0, ...(await applied(db)).keys());
}

/** The migrations still to run. Throws MigrationError SERVER_OLD, SCHEMA_NEWER, FILE_CHANGED, ENCODING; StorageError. */
export async function listPending(
  db: Database,
  migrations: readonly Migration[] = readMigrations(),
): Promise<Migration[]> {
  await demandServer(db);
  const done = await applied(db);
  if (done.size === 0) await demandUtf8(db);
  for (const [version, row] of done) {
    const ours = migrations[version - 1];
    if (ours === undefined) {
      throw new MigrationError(
        'SCHEMA_NEWER',
        filled(MIGRATION_WORDS.newerDatabase, { name: row.name, known: migrations.length }),
      );
    }
    if (ours.checksum !== row.checksum) {
      throw new MigrationError('FILE_CHANGED', filled(MIGRATION_WORDS.changed, { name: row.name }));
    }
  }
  return migrations.filter((migration) => !done.has(migration.version));
}

/** An older server takes some of the migrations and fails in the middle, or lacks what only a call asks for. */
async function demandServer(db: Database): Promise<void> {
  const { rows } = await db.query<{ number: number }>("SELECT current_setting('server_version_num')::int AS number");
  const version = Math.floor((rows[0]?.number ?? 0) / 10_000);
  if (version >= LEAST_SERVER) return;
  throw new MigrationError('SERVER_OLD', filled(MIGRATION_WORDS.serverOld, { version, least: LEAST_SERVER }));
}

/**
 * A server that was made without a locale gives SQL_ASCII, which takes any bytes and folds no letter beyond English. Looked at while
 * nothing stands in the database: later it could not be changed.
 */
async function demandUtf8(db: Database): Promise<void> {
  const { rows } = await db.query<{ encoding: string }>("SELECT current_setting('server_encoding') AS encoding");
  const encoding = rows[0]?.encoding ?? '';
  if (encoding !== 'UTF8') throw new MigrationError('ENCODING', filled(MIGRATION_WORDS.encoding, { encoding }));
}

/**
 * Brings the database up to date and returns what was run. Safe to call from several processes at once: one works, the
 * others wait and find nothing to do. A file that fails leaves the database at the one before it.
 * Throws MigrationError, StorageError.
 */
export async function migrate(
  pool: Pool,
  migrations: readonly Migration[] = readMigrations(),
  options: MigrateOptions = {},
): Promise<Migration[]> {
  const settings = { ...DEFAULTS, ...options };
  const connection = await pool.connect();
  let broken = true;
  try {
    await lock(connection, settings.waitMs);
    const todo = await listPending(connection, migrations);
    for (const migration of todo) {
      await apply(connection, migration, settings);
      settings.onRun?.(migration);
    }
    await connection.query('SELECT pg_advisory_unlock($1)', [LOCK]);
    broken = false;
    return todo;
  } finally {
    // A session's lock ends with the session.
    connection.release(broken);
  }
}

/**
 * Asks again and again instead of waiting inside a statement: that would hold a snapshot, for which an index that the other
 * process builds CONCURRENTLY waits, while we wait for that process.
 */
async function lock(connection: Connection, waitMs: number): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const { rows } = await connection.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [LOCK]);
    if (rows[0]?.got === true) return;
    if (performance.now() > deadline) throw new MigrationError('LOCKED', MIGRATION_WORDS.busy);
    await sleep(LOCK_POLL_MS);
  }
}

type Settings = Required<Omit<MigrateOptions, 'onRun'>>;

async function apply(connection: Connection, migration: Migration, settings: Settings): Promise<void> {
  const statements = splitStatements(migration.sql);
  const alone = statements.filter(mustStandAlone);
  if (alone.length > 0 && alone.length < statements.length) {
    throw new MigrationError('FILES_INVALID', filled(MIGRATION_WORDS.notAlone, { name: migration.name }));
  }
  if (alone.length > 0) {
    for (const statement of statements) await runAlone(connection, statement);
    await inTransaction(connection, () => record(connection, migration));
    return;
  }
  for (let attempt = 1; ; attempt++) {
    try {
      await inTransaction(connection, async () => {
        await connection.query(`SET LOCAL lock_timeout = ${settings.lockTimeoutMs}`);
        await connection.query(`SET LOCAL statement_timeout = ${settings.statementTimeoutMs}`);
        await connection.query(migration.sql);
        await record(connection, migration);
      });
      return;
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
      if (attempt >= settings.attempts) {
        throw new MigrationError('LOCKED', filled(MIGRATION_WORDS.tableHeld, { name: migration.name }), {
          cause: error,
        });
      }
      await sleep(settings.lockTimeoutMs);
    }
  }
}

/** An index that an earlier run left half made is dropped first: IF NOT EXISTS would take it for the index. */
async function runAlone(connection: Connection, statement: string): Promise<void> {
  const name = /^CREATE (?:UNIQUE )?INDEX CONCURRENTLY (?:IF NOT EXISTS )?"?(\w+)/i.exec(
    statement.replaceAll(/\s+/g, ' '),
  )?.[1];
  if (name !== undefined) {
    const { rows } = await connection.query<{ valid: boolean }>(
      'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)',
      [name],
    );
    if (rows[0]?.valid === true) return;
    if (rows[0]?.valid === false) await connection.query(`DROP INDEX CONCURRENTLY ${name}`);
  }
  await connection.query(statement);
}

async function record(connection: Connection, { version, name, checksum }: Migration): Promise<void> {
  await connection.query(
    'CREATE TABLE IF NOT EXISTS schema_migration (version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
  );
  await connection.query('INSERT INTO schema_migration (version, name, checksum) VALUES ($1, $2, $3)', [
    version,
    name,
    checksum,
  ]);
}

async function inTransaction(connection: Connection, work: () => Promise<void>): Promise<void> {
  await connection.query('BEGIN');
  try {
    await work();
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
