import type { KeyObject } from 'node:crypto';
import { readHead } from '../audit/log-store.ts';
import { refuseOtherKeys } from '../config/storage-check.ts';
import { filled } from '../errors/words.ts';
import { type Head, verifyCheckpointAmong } from '../proof/checkpoint.ts';
import type { KeyRing } from '../sealing/key-ring.ts';
import { type Migration, migrate, readMigrations } from '../storage/migrate.ts';
import { MigrationError } from '../storage/migration-error.ts';
import { MIGRATION_WORDS } from '../storage/migration-words.ts';
import type { Connection, Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';
import { BackupError } from './backup-error.ts';
import { firstFilled, listTables, quoted, type TableShape } from './catalogue.ts';
import { continueLog, proveLog } from './continue-log.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { checkTableFile, loadTable } from './table-file.ts';
import { WRONG_WORDS } from './wrong-words.ts';

export interface RestoreOrder {
  readonly pool: Pool;
  readonly folder: string;
  readonly deployment: { readonly id: string; readonly kind: string };
  /** By which keys it may have been signed: a copy may be older than the key in use. */
  readonly log: { readonly origin: string; readonly keys: { readonly known: readonly KeyObject[] } };
  /** The storage keys: a copy that was sealed with others does not count. */
  readonly keys: KeyRing;
  /** Reads the whole log as well, before anything counts. */
  readonly verify: boolean;
  readonly onTable?: (done: number, tables: number) => void;
  readonly onEntries?: (done: number, size: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Brings a backup into an empty database, at the schema that it had. Every digest is checked before the first row goes in, and
 * all rows go in with one commit: what fails leaves an empty database. Whether the log may be served is for its kept head to
 * say, afterwards. Throws BackupError, ConfigError, MigrationError SCHEMA_NEWER, StorageError.
 */
export async function restoreBackup(order: RestoreOrder): Promise<Manifest> {
  const { pool, folder, deployment, log, signal } = order;
  const manifest = await readManifest(folder, log.keys.known);
  if (manifest.deployment.id !== deployment.id || manifest.deployment.kind !== deployment.kind) {
    throw new BackupError('WRONG', filled(WRONG_WORDS.otherDeployment, manifest.deployment));
  }
  for (const table of manifest.tables) {
    signal?.throwIfAborted();
    await checkTableFile(folder, table);
  }
  await refuseFilled(pool);
  await migrate(pool, migrationsOf(manifest));
  await inTransaction(pool, (connection) => load(connection, manifest, order));
  // Without statistics the first look-ups would read whole tables.
  await pool.query('ANALYZE');
  return manifest;
}

/** The stamp is the first row that any gateway writes, and the register has its own. */
const TELLING = ['deployment', 'person', 'import', 'agency', 'log_entry', 'log_head'];

async function refuseFilled(pool: Pool): Promise<void> {
  const names = new Set((await listTables(pool)).map(({ name }) => name));
  const filled = await firstFilled(
    pool,
    TELLING.filter((name) => names.has(name)),
  );
  if (filled !== undefined) throw new BackupError('FILLED', filled);
}

/** This program's migrations up to the backup's schema, which must be the same files. */
function migrationsOf({ migrations }: Manifest): Migration[] {
  const ours = readMigrations();
  const last = migrations.at(-1)?.name ?? '';
  if (migrations.length > ours.length) {
    throw new MigrationError('SCHEMA_NEWER', filled(MIGRATION_WORDS.newerBackup, { name: last, known: ours.length }));
  }
  const other = migrations.find(({ checksum }, at) => ours[at]?.checksum !== checksum);
  if (other !== undefined) throw new BackupError('WRONG', filled(WRONG_WORDS.otherMigration, { name: other.name }));
  return ours.slice(0, migrations.length);
}

async function load(connection: Connection, manifest: Manifest, order: RestoreOrder): Promise<void> {
  const { folder, log, keys, onTable, onEntries, signal, verify } = order;
  const shapes = await listTables(connection);
  if (!sameShapes(shapes, manifest)) throw new BackupError('WRONG', WRONG_WORDS.otherTables);
  // What migrations fill stands in the backup as well.
  for (const { name } of [...shapes].reverse()) {
    if ((await firstFilled(connection, [name])) !== undefined) await connection.query(`DELETE FROM ${quoted(name)}`);
  }
  const copies = new Map(manifest.tables.map((copy) => [copy.name, copy]));
  for (const [at, { name }] of shapes.entries()) {
    signal?.throwIfAborted();
    const copy = copies.get(name);
    if (copy !== undefined) await loadTable(connection, copy, folder, signal);
    onTable?.(at + 1, shapes.length);
  }
  for (const { name, last, called } of manifest.sequences) {
    await connection.query('SELECT setval($1::regclass, $2::bigint, $3)', [quoted(name), last, called]);
  }
  const signedHead = signedHeadOf(manifest, log);
  const head = await readHead(connection);
  if (head.size !== signedHead.size || !head.root.equals(signedHead.root)) {
    throw new BackupError('WRONG', WRONG_WORDS.otherHead);
  }
  await refuseUnfindable(connection);
  await refuseOtherKeys(connection, keys);
  if (verify) await proveLog(connection, keys.evidence, onEntries);
  await continueLog(connection);
}

/**
 * People whom no look-up finds: a copy of two moments. A first load that was broken off leaves such rows as well, but then the
 * register stands at its beginning.
 */
async function refuseUnfindable(connection: Connection): Promise<void> {
  const { rows } = await connection.query<{ lost: boolean }>(
    `SELECT EXISTS (SELECT FROM register_head WHERE position > 0) AND EXISTS (SELECT FROM person)
       AND NOT EXISTS (SELECT FROM person_match) AS lost`,
  );
  if (rows[0]?.lost === true) throw new BackupError('WRONG', WRONG_WORDS.unfindable);
}

function signedHeadOf({ log: { checkpoint } }: Manifest, { origin, keys }: RestoreOrder['log']): Head {
  try {
    return verifyCheckpointAmong(checkpoint, origin, origin, keys.known);
  } catch (cause) {
    throw new BackupError('WRONG', filled(WRONG_WORDS.otherLog, { origin }), { cause });
  }
}

function sameShapes(shapes: readonly TableShape[], { tables }: Manifest): boolean {
  const text = (list: readonly TableShape[]) =>
    JSON.stringify(list.map(({ name, columns }) => [name, ...columns].join()).sort());
  return text(shapes) === text(tables);
}
