import type { KeyObject } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readHead } from '../audit/log-store.ts';
import { readStamp } from '../config/deployment-stamp.ts';
import { signCheckpoint } from '../proof/checkpoint.ts';
import type { Connection, Pool } from '../storage/pool.ts';
import { BackupError } from './backup-error.ts';
import { listTables, readSequences } from './catalogue.ts';
import { FORMAT, MANIFEST, type Manifest, manifestBytes, SIGNATURE, signManifest, type TableCopy } from './manifest.ts';
import { writeTable } from './table-file.ts';

export interface BackupOrder {
  readonly pool: Pool;
  /** Made when missing; must be empty. */
  readonly folder: string;
  readonly log: { readonly origin: string; readonly keys: Record<'key' | 'publicKey', KeyObject> };
  readonly onTable?: (done: number, tables: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Copies every table as it is in one snapshot, gateways may run meanwhile. The manifest is written last: a folder without one is
 * no backup. Whoever calls has held the log against its kept head. Throws BackupError FOLDER, StorageError.
 */
export async function writeBackup(order: BackupOrder): Promise<Manifest> {
  const { folder, pool } = order;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new BackupError('FOLDER', folder);
  const connection = await pool.connect();
  let broken = true;
  try {
    await connection.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const manifest = await copyAll(connection, order);
    await connection.query('COMMIT');
    broken = false;
    const bytes = manifestBytes(manifest);
    await writeDurably(folder, SIGNATURE, Buffer.from(signManifest(bytes, order.log.keys.key)));
    await writeDurably(folder, MANIFEST, bytes);
    return manifest;
  } catch (error) {
    for (const name of await readdir(folder)) await rm(join(folder, name), { force: true });
    throw error;
  } finally {
    connection.release(broken);
  }
}

async function copyAll(connection: Connection, { folder, log, onTable, signal }: BackupOrder): Promise<Manifest> {
  // Whatever the server or the user is set to: these bytes are read back on another machine.
  await connection.query("SET LOCAL bytea_output = 'hex'; SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'");
  const { rows: moments } = await connection.query<{ at: Date }>('SELECT now() AS at');
  const deployment = await readStamp(connection);
  if (deployment === undefined) throw new BackupError('WRONG', 'the database belongs to no deployment yet');
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

async function writeDurably(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const draft = join(folder, `${name}.new`);
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, join(folder, name));
}
