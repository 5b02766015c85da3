/** A database server that ends without a word. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, until } from '../../../gateway/storage/server-process.ts';
import type { OwnCluster } from '../database.ts';

/** As `pg_ctl stop -m immediate`: what was not on the disk is lost. Resolves when the server is gone. */
export async function stopAtOnce(cluster: OwnCluster): Promise<void> {
  await endWith(cluster, 'SIGQUIT');
}

/** kill -9 of the postmaster alone: its children find out by themselves. */
export async function killPostmaster(cluster: OwnCluster): Promise<void> {
  await endWith(cluster, 'SIGKILL');
  // What pg_ctl would complain of, and an operator would remove.
  rmSync(join(cluster.dataDir, 'cluster', 'postmaster.pid'), { force: true });
}

async function endWith({ server }: OwnCluster, signal: NodeJS.Signals): Promise<void> {
  const { pid } = server;
  process.kill(pid, signal);
  if (!(await until(() => !isAlive(pid), 20_000))) throw new Error('the database server did not end');
}
