import type { KeyObject } from 'node:crypto';
import { readHead } from '../audit/log-store.ts';
import { type Deployment, readStamp } from '../config/deployment-stamp.ts';
import { signCheckpoint } from '../proof/checkpoint.ts';
import { StorageError } from '../storage/errors.ts';
import type { Connection, Database, Pool } from '../storage/pool.ts';
import { beginWithTables } from '../storage/whole-tables.ts';
import { BackupError } from './backup-error.ts';
import { listTables, quoted, readSequences } from './catalogue.ts';
import { type ClaimedFolder, claimFolder } from './claimed-folder.ts';
import { FORMAT, MANIFEST, type Manifest, manifestBytes, SIGNATURE, signManifest, type TableCopy } from './manifest.ts';
import { writeTable } from './table-file.ts';

export interface BackupOrder {
  readonly pool: Pool;
  /** Made when missing; must be empty, and is this run's alone until it ends. */
  readonly folder: string;
  readonly log: { readonly origin: string; readonly keys: Record<'key' | 'publicKey', KeyObject> };
  readonly onTable?: (done: number, tables: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Copies every table as it is in one snapshot, gateways may run meanwhile. The manifest is written last, when all else is on the
 * disk: a folder without one is no backup. What fails leaves nothing of its own behind. Whoever calls has held the log against
 * its kept head. Throws BackupError FOLDER, UNWRITABLE, UNSTAMPED, StorageError.
 */
export async function writeBackup(order: BackupOrder): Promise<Manifest> {
  const folder = await claimFolder(order.folder).catch((error: unknown) => {
    throw explainFolder(error);
  });
  try {
    const manifest = await copySnapshot(order, folder);
    const bytes = manifestBytes(manifest);
    await folder.place(SIGNATURE, Buffer.from(signManifest(bytes, order.log.keys.key)));
    await folder.sync();
    await folder.place(MANIFEST, bytes);
    // Before the claim is given up: another run finds a whole backup.
    await folder.sync();
    await folder.finish();
    return manifest;
  } catch (error) {
    await folder.abandon();
    throw explainFolder(error);
  }
}

/** What the system says of a folder that is full, read-only, another's, or none. The database's errors are StorageErrors. */
const UNWRITABLE: ReadonlySet<unknown> = new Set(
  'ENOSPC EDQUOT EFBIG EROFS EACCES EPERM ENOENT ENOTDIR EEXIST ENAMETOOLONG ELOOP EIO'.split(' '),
);

function explainFolder(error: unknown): unknown {
  if (error instanceof BackupError || error instanceof StorageError) return error;
  const { code } = Object(error) as { readonly code?: unknown };
  return UNWRITABLE.has(code) ? new BackupError('UNWRITABLE', String(code), { cause: error }) : error;
}

/** Which deployment the database to copy is of. Throws BackupError UNSTAMPED. */
export async function demandStamp(db: Database): Promise<Deployment> {
  const deployment = await readStamp(db);
  if (deployment === undefined) throw new BackupError('UNSTAMPED', 'the database belongs to no deployment yet');
  return deployment;
}

async function copySnapshot(order: BackupOrder, folder: ClaimedFolder): Promise<Manifest> {
  const connection = await order.pool.connect();
  let broken = true;
  try {
    await holdTables(connection, order.signal);
    const manifest = await copyAll(connection, order, folder);
    await connection.query('COMMIT');
    broken = false;
    return manifest;
  } finally {
    connection.release(broken);
  }
}

/**
 * All tables are held before the snapshot is taken: one that is emptied or written anew after it would be read as empty, because
 * TRUNCATE does not ask who still reads by a snapshot. Reads and writes of others go on.
 */
async function holdTables(connection: Connection, signal: AbortSignal | undefined): Promise<void> {
  const names = (await listTables(connection)).map(({ name }) => quoted(name));
  await beginWithTables(connection, `LOCK TABLE ${names.join(', ')} IN ACCESS SHARE MODE`, {
    begin: 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY',
    signal,
  });
}

async function copyAll(
  connection: Connection,
  { log, onTable, signal }: BackupOrder,
  folder: ClaimedFolder,
): Promise<Manifest> {
  // Whatever the server or the user is set to: these bytes are read back on another machine.
  await connection.query("SET LOCAL bytea_output = 'hex'; SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'");
  const { rows: moments } = await connection.query<{ at: Date }>('SELECT now() AS at');
  const deployment = await demandStamp(connection);
  const { rows: migrations } = await connection.query<{ name: string; checksum: string }>(
    'SELECT name, checksum FROM schema_migration ORDER BY version',
  );
  const { rows: heads } = await connection.query<{ epoch: number }>('SELECT epoch::float8 AS epoch FROM log_head');
  const head = await readHead(connection);
  const shapes = await listTables(connection);
  const tables: TableCopy[] = [];
  for (const shape of shapes) {
    signal?.throwIfAborted();
    tables.push(await writeTable(connection, shape, folder, signal));
    onTable?.(tables.length, shapes.length);
  }
  return {
    format: FORMAT,
    made_at: moments[0]?.at.toISOString() ?? '',
    deployment: { id: deployment.id, kind: deployment.kind },
    migrations,
    log: {
      checkpoint: signCheckpoint({ origin: log.origin, ...head }, log.origin, log.keys.key, log.keys.publicKey),
      epoch: heads[0]?.epoch ?? 0,
    },
    tables,
    sequences: await readSequences(connection),
  };
}
