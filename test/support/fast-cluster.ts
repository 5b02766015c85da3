/**
 * One embedded cluster for all tests of the `fast` project: no fsync, in a temporary folder, with a migrated template
 * from which each test file gets a database of its own (test/support/database.ts).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { loadCatalogues } from '../../gateway/register/administrative-units.ts';
import { startEmbedded } from '../../gateway/storage/embedded.ts';
import { migrate } from '../../gateway/storage/migrate.ts';
import { createPool } from '../../gateway/storage/pool.ts';
import { atPort } from './ports.ts';
import { withDatabase } from './with-database.ts';

export const TEMPLATE = 'lienthong_template';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's URL of the shared cluster. */
    fastClusterUrl: string;
    /** Why there is no migrated template; empty where there is one. Tests that need no database run all the same. */
    fastClusterProblem: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-test-'));
  const settings = { shared_buffers: '256MB', max_connections: '300', autovacuum: 'off', checkpoint_timeout: '1h' };
  const server = await atPort((port) => startEmbedded({ dataDir: folder, durable: false, port, settings }));
  const admin = createPool({ url: server.url, max: 1 });
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  const template = createPool({ url: withDatabase(server.url, TEMPLATE), max: 1 });
  const problem = await migrate(template)
    .then(() => loadCatalogues(template))
    .then(
      () => '',
      (error: Error) => `The template database could not be migrated: ${error.message} ${String(error.cause ?? '')}`,
    );
  await template.end();
  await admin.end();
  project.provide('fastClusterUrl', server.url);
  project.provide('fastClusterProblem', problem);
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
