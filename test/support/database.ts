/** Real databases for tests: a clone of the migrated template a file, or a whole cluster of its own for fault tests. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type EmbeddedServer, startEmbedded } from '../../gateway/storage/embedded.ts';
import { migrate } from '../../gateway/storage/migrate.ts';
import { createPool, type Pool } from '../../gateway/storage/pool.ts';
import { atPort } from './ports.ts';
import { withDatabase } from './with-database.ts';

const TEMPLATE = 'lienthong_template';

export interface TestDatabase {
  /** URL of the database, as superuser. */
  readonly url: string;
  readonly pool: Pool;
  /** Pipelined, as a gateway's own for the log. */
  readonly log: Pool;
  /** Ends the pools and drops the database, whoever is still connected. */
  drop(): Promise<void>;
}

/** A fresh migrated database on the shared cluster. For the `fast` project. `empty`: without the schema. */
export async function createTestDatabase(options: { empty?: boolean; max?: number } = {}): Promise<TestDatabase> {
  const clusterUrl = inject('fastClusterUrl');
  const problem = inject('fastClusterProblem');
  if (problem !== '' && options.empty !== true) throw new Error(problem);
  const name = `t_${randomBytes(6).toString('hex')}`;
  const template = options.empty === true ? 'template0' : TEMPLATE;
  const admin = createPool({ url: clusterUrl, max: 1 });
  // WAL_LOG copies a small template faster than files with checkpoints around them.
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY wal_log`);
  await admin.end();
  const url = withDatabase(clusterUrl, name);
  const pool = createPool({ url, max: options.max ?? 5, applicationName: 'test' });
  const log = createPool({ url, max: options.max ?? 5, applicationName: 'test', pipelined: true });
  const drop = async () => {
    await Promise.all([pool.end(), log.end()]);
    const again = createPool({ url: clusterUrl, max: 1 });
    await again.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await again.end();
  };
  return { url, pool, log, drop };
}

export interface OwnCluster extends TestDatabase {
  readonly server: EmbeddedServer;
  readonly dataDir: string;
  /** Starts the server again on the same data folder and port, after a `server.stop()` or a kill. */
  restart(): Promise<EmbeddedServer>;
}

/** A durable cluster (fsync on) with one migrated database. For the `fault` project and for tests of restarts. */
export async function createOwnCluster(
  options: { settings?: Record<string, string>; max?: number } = {},
): Promise<OwnCluster> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-own-'));
  const settings = { shared_buffers: '128MB', ...options.settings };
  let server = await atPort((port) => startEmbedded({ dataDir, durable: true, port, settings }));
  const port = server.port;
  const admin = createPool({ url: server.url, max: 1 });
  await admin.query('CREATE DATABASE lienthong');
  await admin.end();
  const url = withDatabase(server.url, 'lienthong');
  const pool = createPool({ url, max: options.max ?? 5, applicationName: 'test' });
  const log = createPool({ url, max: options.max ?? 5, applicationName: 'test', pipelined: true });
  await migrate(pool);
  return {
    url,
    pool,
    log,
    dataDir,
    get server() {
      return server;
    },
    restart: async () => {
      server = await startEmbedded({ dataDir, durable: true, port, settings });
      return server;
    },
    drop: async () => {
      await Promise.all([pool.end(), log.end()]);
      await server.stop().catch(() => {});
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
